using System.Text;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Tests.Protocol;

/// <summary>The encrypted messages of docs/protocol/encryption.json, which the page and Python test as well.</summary>
internal static class SealedVectors
{
    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs", "protocol", "encryption.json"))).RootElement;

    /// <summary>What opens, and to what.</summary>
    public static IReadOnlyList<(string Name, string Key, string Aad, string Plaintext, EncMessage Message)> All { get; } =
        [.. Each("vectors", v => (Text(v, "name"), Text(v, "key"), Text(v, "aad"), Text(v, "plaintext"), Message(v)))];

    /// <summary>What does not open.</summary>
    public static IReadOnlyList<(string Name, string Key, EncMessage Message)> Refused { get; } =
        [.. Each("refused", v => (Text(v, "name"), Text(v, "key"), Message(v)))];

    /// <summary>Messages by their ids and ends, in the order in which a reader gets them.</summary>
    public static IReadOnlyList<(string Id, long Until, long Now, bool IsAccepted)> Replays { get; } =
        [.. Each("replays", v => (Text(v, "id"), v.GetProperty("until").GetInt64(), v.GetProperty("now").GetInt64(), v.GetProperty("accepted").GetBoolean()))];

    private static IEnumerable<T> Each<T>(string name, Func<JsonElement, T> read) => Root.GetProperty(name).EnumerateArray().Select(read);

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    private static EncMessage Message(JsonElement vector) =>
        (EncMessage)MessageCodec.Read(Encoding.UTF8.GetBytes(vector.GetProperty("message").GetRawText())).Message!;
}
