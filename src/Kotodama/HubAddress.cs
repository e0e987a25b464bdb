using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kotodama.Cli;

/// <summary>
/// Where the hub of a data folder listens. The server writes it into the folder, so that the other commands find it on whatever port;
/// the file goes when the server stops.
/// </summary>
/// <param name="Url">The base address, for example <c>http://127.0.0.1:8765/</c>.</param>
/// <param name="ProcessId">The server.</param>
internal sealed record HubAddress(string Url, int ProcessId)
{
    public const int DefaultPort = 8765;

    private const string FileName = "hub.json";

    /// <summary>The system's place for application data.</summary>
    public static string DefaultDataFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "kotodama");

    public static void Write(string folder, HubAddress address)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(address, HubAddressJson.Default.HubAddress));
    }

    public static void Remove(string folder)
    {
        if (Read(folder)?.ProcessId == Environment.ProcessId)
            File.Delete(Path.Combine(folder, FileName));
    }

    /// <summary>The address to use: what was asked for, else the running hub's of the folder, else the default port.</summary>
    public static Uri Find(Uri? asked, string folder) =>
        asked
        ?? (Uri.TryCreate(Read(folder)?.Url, UriKind.Absolute, out var running)
            ? running
            : new Uri($"http://127.0.0.1:{DefaultPort}/"));

    private static HubAddress? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, FileName)), HubAddressJson.Default.HubAddress);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // No hub has run here, or it left half a file when it was killed: the default address is the best guess.
            return null;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(HubAddress))]
internal sealed partial class HubAddressJson : JsonSerializerContext;
