using System.Text.Json;
using System.Text.Json.Serialization;
using Kotodama.Companion.Chat;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Hosting;

/// <summary>
/// Remembers which language model the user chose on the page, in <c>llm.json</c> of the data folder, without its key. It counts as long as
/// the settings say <c>auto</c>. Members may be called from any thread.
/// </summary>
internal sealed partial class LlmChoiceFile(string folder, ILogger logger)
{
    private const string Name = "llm.json";

    private readonly string _file = Path.Combine(folder, Name);
    private readonly Lock _lock = new();

    /// <summary>The settings with what the user chose before.</summary>
    public LlmOptions Apply(LlmOptions options)
    {
        if (options.IsAuto && options.Model is null && Read() is { Server: { } server } choice)
            (options.Server, options.Model) = (server, choice.Model);
        return options.Validate() is null ? options : new LlmOptions();
    }

    /// <summary>Keeps what the user chose.</summary>
    public void Remember(LlmSelector selector)
    {
        if (!selector.IsChosen)
            return;
        var current = selector.Current;
        lock (_lock)
        {
            try
            {
                var temporary = _file + ".new";
                var choice = new Choice(current.IsDemo ? LlmOptions.Demo : current.Address?.ToString(), current.Model);
                using (var stream = new FileStream(temporary, Private()))
                    JsonSerializer.Serialize(stream, choice, ChoiceJson.Default.Choice);
                File.Move(temporary, _file, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogLost(logger, _file, e.Message);
            }
        }
    }

    /// <summary>Which servers a user has is the user's business alone.</summary>
    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private Choice? Read()
    {
        try
        {
            return File.Exists(_file) ? JsonSerializer.Deserialize(File.ReadAllBytes(_file), ChoiceJson.Default.Choice) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogLost(logger, _file, e.Message);
            return null;
        }
    }

    [LoggerMessage(310, LogLevel.Warning, "The choice of the language model in {File} is lost: {Reason}")]
    private static partial void LogLost(ILogger logger, PlainText file, PlainText reason);

    internal sealed record Choice(string? Server, string? Model);

    [JsonSerializable(typeof(Choice))]
    internal sealed partial class ChoiceJson : JsonSerializerContext;
}
