using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kotodama.Cli;

/// <summary>
/// Where the hub of a data folder listens. The server writes it into the folder, so that the other commands find it on whatever port;
/// the file goes when the server stops.
/// </summary>
/// <param name="Url">The base address, for example <c>http://127.0.0.1:8765/</c>.</param>
/// <param name="ProcessId">The server.</param>
/// <param name="Lan">Where phones find it, for example <c>https://192.168.1.5:8766/</c>; null: nowhere.</param>
internal sealed record HubAddress(string Url, int ProcessId, string? Lan = null)
{
    public const int DefaultPort = 8765;

    /// <summary>Where a hub listens unless it was told otherwise.</summary>
    public static Uri Default { get; } = new($"http://127.0.0.1:{DefaultPort}/");

    private const string FileName = "hub.json";

    /// <summary>The system's place for application data.</summary>
    public static string DefaultDataFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "kotodama");

    public static void Write(string folder, HubAddress address)
    {
        Directory.CreateDirectory(folder);
        using var stream = PrivateFile.Open(Path.Combine(folder, FileName), FileMode.Create, FileShare.Read);
        JsonSerializer.Serialize(stream, address, HubAddressJson.Default.HubAddress);
    }

    public static void Remove(string folder)
    {
        if (Read(folder, out _)?.ProcessId == Environment.ProcessId)
            File.Delete(Path.Combine(folder, FileName));
    }

    /// <summary>Reads the address of the hub that runs with a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="problem">Why that is not known, as the end of a sentence, when it is more than that there is none.</param>
    public static HubAddress? Read(string folder, out string? problem)
    {
        problem = null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, FileName)), HubAddressJson.Default.HubAddress);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // No hub runs here, or one left half a file when it was killed.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $", or its {FileName} cannot be read: {e.Message.TrimEnd('.')}";
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HubAddress))]
internal sealed partial class HubAddressJson : JsonSerializerContext;
