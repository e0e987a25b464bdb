using System.Text.Json;
using System.Text.Json.Serialization;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Which avatar was chosen for each channel, in <c>avatars.json</c> of the data folder: written whole beside the old file and moved over
/// it, so that a hub that is killed finds the choice of before or of after. While the disk fails the choices are in memory, and are written
/// as soon as it works again. Owned by the core.
/// </summary>
internal sealed partial class Avatars
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "avatars.json";

    /// <summary>Channels whose choice is kept. Of more the one that was made longest ago is forgotten.</summary>
    public const int Most = 1_000;

    /// <summary>A file of <see cref="Most"/> choices with the longest names is shorter.</summary>
    private const int MostBytes = 1_048_576;

    private const long RetryInterval = 5_000;

    private readonly string? _file;
    private readonly ILogger _logger;

    /// <summary>The choice that was made last is at the end.</summary>
    private readonly List<Choice> _choices;
    private bool _isDirty;
    private bool _isFailing;
    private long _triedAt;

    /// <param name="folder">The data folder, which belongs to this process. Null: the choices are in memory only.</param>
    /// <param name="time">Names a damaged file.</param>
    /// <param name="logger">The log.</param>
    public Avatars(string? folder, TimeProvider time, ILogger logger)
    {
        _file = folder is null ? null : Path.Combine(folder, FileName);
        _logger = logger;
        _choices = _file is null ? [] : Read(_file, time);
    }

    /// <summary>What was chosen for a channel; null: nothing yet.</summary>
    public AvatarChoice? Find(string channel) =>
        _choices.FindLast(c => c.Channel == channel) is { } choice ? new AvatarChoice(choice.Name) : null;

    /// <summary>Notes choices; what comes later counts.</summary>
    /// <param name="choices">Channels and what is chosen for them; null: as the character says.</param>
    /// <param name="now">Now, hub time in ms.</param>
    /// <returns>Whether they survive a crash of the process.</returns>
    public bool Choose(IEnumerable<(string Channel, string? Name)> choices, long now)
    {
        foreach (var (channel, name) in choices)
        {
            var known = _choices.FindIndex(c => c.Channel == channel);
            if (known >= 0 && _choices[known].Name == name)
                continue;
            if (known >= 0)
                _choices.RemoveAt(known);
            else if (_choices.Count == Most)
                _choices.RemoveAt(0);
            _choices.Add(new Choice(channel, name));
            _isDirty = _file is not null;
        }

        if (_isDirty)
            Write(_file!, now);
        return _file is not null && !_isDirty;
    }

    /// <summary>Writes what could not be written before.</summary>
    public void Tick(long now)
    {
        if (_isDirty && now - _triedAt >= RetryInterval)
            Write(_file!, now);
    }

    private void Write(string file, long now)
    {
        _triedAt = now;
        try
        {
            var temporary = file + ".new";
            using (var stream = new FileStream(temporary, PrivateFiles.New()))
            {
                JsonSerializer.Serialize(stream, _choices, AvatarsJson.Readable.ListChoice);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
            (_isDirty, _isFailing) = (false, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
                LogUnwritten(_logger, file, e.Message);
            _isFailing = true;
        }
    }

    private List<Choice> Read(string file, TimeProvider time)
    {
        try
        {
            if (!File.Exists(file))
                return [];
            if (new FileInfo(file).Length is var length && length > MostBytes)
                throw new JsonException($"it has {length} bytes, at most {MostBytes} can be meant");
            var choices = JsonSerializer.Deserialize(File.ReadAllBytes(file), AvatarsJson.Readable.ListChoice) ?? [];
            if (!choices.TrueForAll(IsPossible))
                throw new JsonException("it names a channel or an avatar that there cannot be");
            return [.. choices.TakeLast(Most)];
        }
        catch (JsonException e)
        {
            PutAside(file, $"{file}{DataFolder.AsideMark}{time.GetUtcNow():yyyyMMdd-HHmmss}", e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnread(_logger, file, e.Message);
        }

        return [];
    }

    /// <summary>What was read may be anything that JSON can say.</summary>
    private static bool IsPossible(Choice? choice) =>
        choice?.Channel is { } channel && ChannelName.IsValid(channel) && (choice.Name is null || AvatarName.IsValid(choice.Name));

    private void PutAside(string file, string aside, string reason)
    {
        try
        {
            File.Move(file, aside, overwrite: true);
            LogDamaged(_logger, file, reason, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnread(_logger, file, $"{reason}; {e.Message}");
        }
    }

    [LoggerMessage(65, LogLevel.Warning, "The chosen avatars cannot be written to {File}, and are kept in memory until they can: {Reason}")]
    private static partial void LogUnwritten(ILogger logger, PlainText file, PlainText reason);

    [LoggerMessage(
        66,
        LogLevel.Warning,
        "The chosen avatars in {File} cannot be read, so channels show what their characters say: {Reason}")]
    private static partial void LogUnread(ILogger logger, PlainText file, PlainText reason);

    [LoggerMessage(
        67,
        LogLevel.Warning,
        "The chosen avatars in {File} are damaged, so channels show what their characters say: {Reason}. The file was moved to {Aside}.")]
    private static partial void LogDamaged(ILogger logger, PlainText file, PlainText reason, PlainText aside);

    internal sealed record Choice(string Channel, string? Name);

    [JsonSerializable(typeof(List<Choice>))]
    internal sealed partial class AvatarsJson : JsonSerializerContext
    {
        public static AvatarsJson Readable { get; } = new(new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}
