using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli.Configuration;

/// <summary>
/// A file of settings, read once. Only its sections <c>Kotodama</c> and <c>Logging</c> count: what else a file of an ASP.NET Core app may
/// hold (<c>Kestrel</c>, <c>Urls</c>, <c>HostingStartupAssemblies</c> …) could open ports or load code, and is not asked for anywhere.
/// </summary>
internal sealed class SettingsFile : ConfigurationProvider, IConfigurationSource
{
    /// <summary>The file's name where it is looked for.</summary>
    public const string Name = "appsettings.json";

    /// <summary>Far above any file of settings; a device or a disk image is named by mistake.</summary>
    private const int MostBytes = 1024 * 1024;

    private const string DataKey = "Kotodama:Data";

    private static readonly string[] Sections = ["Kotodama", "Logging"];

    private readonly Dictionary<string, string?> _settings;

    private SettingsFile(string path, Dictionary<string, string?> settings, IReadOnlyList<string> ignored) =>
        (Path, _settings, Ignored) = (path, settings, ignored);

    /// <summary>Its whole path.</summary>
    public string Path { get; }

    /// <summary>Its sections that count for nothing.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Whether a key of the configuration is one that counts.</summary>
    public static bool Counts(string key) =>
        Array.Exists(Sections, section => key.StartsWith(section, StringComparison.OrdinalIgnoreCase)
            && (key.Length == section.Length || key[section.Length] == ':'));

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its whole path.</param>
    /// <param name="keepsData">Whether it may say where the data folder is.</param>
    /// <exception cref="SettingsFileException">It is not there, or cannot be read; the message names it and the line.</exception>
    public static SettingsFile Read(string path, bool keepsData = true)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[MostBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MostBytes)
                throw new SettingsFileException(
                    $"{path} cannot be read: it has more than {MostBytes} bytes, so it is no file of settings.");
            return Parse(path, bytes.AsSpan(0, length), keepsData);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingsFileException($"{path} cannot be read: there is no such file. --config names a file of settings.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsFileException(Terminal.Sentences($"{path} cannot be read: {e.Message}"), e);
        }
    }

    public override void Load() => Data = _settings;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private static SettingsFile Parse(string path, ReadOnlySpan<byte> bytes, bool keepsData)
    {
        // Editors of Windows write a mark before the text.
        var text = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        try
        {
            var reader = new Utf8JsonReader(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
                throw new SettingsFileException($"{path} cannot be read: something stands after the end of the JSON object.");
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new SettingsFileException(
                    $"{path} cannot be read: it must be a JSON object such as {{\"Kotodama\":{{\"Port\":8765}}}}, "
                    + $"and is {Kind(document.RootElement)}.");
            }

            Add(path, all, "", document.RootElement);
        }
        catch (JsonException e)
        {
            var where = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw new SettingsFileException($"{path} cannot be read: it is no JSON at {where}. Mend that place, or move the file away.", e);
        }

        if (all.TryGetValue(DataKey, out var data) && !string.IsNullOrWhiteSpace(data))
        {
            // What a file says does not depend on where the program is started.
            if (keepsData)
                all[DataKey] = System.IO.Path.GetFullPath(data, System.IO.Path.GetDirectoryName(path)!);
            else
                all.Remove(DataKey);
        }

        var counted = all.Where(setting => Counts(setting.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var ignored = all.Keys.Where(key => !Counts(key)).Select(key => key.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase);
        return new SettingsFile(path, counted, [.. ignored]);
    }

    /// <summary>The framework's own reading of such a file: keys joined by colons, entries of lists by their numbers.</summary>
    private static void Add(string path, Dictionary<string, string?> all, string key, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var property in value.EnumerateObject())
                    Add(path, all, Join(key, property.Name), property.Value);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                var i = 0;
                foreach (var entry in value.EnumerateArray())
                    Add(path, all, Join(key, $"{i++}"), entry);
                break;
            default:
                if (key.Length > 0 && !all.TryAdd(key, Text(value)))
                    throw new SettingsFileException($"{path} cannot be read: it has the key {key} twice. Remove one of them.");
                break;
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Object => null,
        JsonValueKind.Array => "",
        _ => value.ToString(),
    };

    private static string Join(string key, string name) => key.Length == 0 ? name : $"{key}:{name}";

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };
}

/// <summary>A file of settings cannot be read; the message says which one, where and why, for the user.</summary>
internal sealed class SettingsFileException(string message, Exception? cause = null) : Exception(message, cause);
