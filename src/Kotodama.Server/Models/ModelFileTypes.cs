using System.Collections.Frozen;

namespace Kotodama.Server.Models;

/// <summary>The kinds of files that models have. No others are taken or served.</summary>
internal static class ModelFileTypes
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".moc3"] = "application/octet-stream",
        [".moc"] = "application/octet-stream",
        [".json"] = "application/json",
        [".mtn"] = "text/plain; charset=utf-8",
        [".exp"] = "application/json",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".webp"] = "image/webp",
        [".wav"] = "audio/wav",
        [".mp3"] = "audio/mpeg",
        [".ogg"] = "audio/ogg",
        [".m4a"] = "audio/mp4",
        [".flac"] = "audio/flac",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a seller's terms are written in: kept beside the model, never served.</summary>
    private static readonly string[] Papers = [".txt", ".md"];

    /// <summary>The media type of a file; null: it is not served.</summary>
    public static string? TypeOf(string name) => Types.GetValueOrDefault(Path.GetExtension(name));

    /// <summary>Whether a file is taken over when a model is added.</summary>
    public static bool IsTaken(string name) =>
        TypeOf(name) is not null || Papers.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    public static bool IsPicture(string name) => TypeOf(name)?.StartsWith("image/", StringComparison.Ordinal) == true;
}
