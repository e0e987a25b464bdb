using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Engines.Processes;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;

namespace Kotodama.Voice.Engines.Espeak;

/// <summary>
/// Speaks with espeak-ng where the user has installed it: the library within this process, else the program. A robot's voice, but there at
/// once, for over a hundred languages, and with exact marks.
/// </summary>
/// <param name="options">How it speaks.</param>
/// <param name="time">The clock.</param>
internal sealed class EspeakSynthesizer(EspeakOptions options, TimeProvider time) : ISpeechSynthesizer
{
    /// <summary>What to do where it is missing.</summary>
    public const string NotInstalled =
        "espeak-ng is not installed. Install it with `apt install espeak-ng` (Debian, Ubuntu), `dnf install espeak-ng` (Fedora), "
        + "`brew install espeak-ng` (macOS) or `winget install eSpeak-NG.eSpeak-NG` (Windows).";

    private const string Program = "espeak-ng";

    // espeak-ng's own limits.
    private const int SlowestWords = 80, FastestWords = 450;

    private readonly CancellationTokenSource _end = new();
    private readonly Lazy<bool> _isInstalled = new(() => IsInstalled(options));

    /// <inheritdoc/>
    public string Name => EspeakKind.EspeakName;

    private bool UsesLibrary => options.InProcess && EspeakLibrary.IsInstalled;

    /// <summary>Whether espeak-ng is on this machine, as library or as program.</summary>
    public static bool IsInstalled(EspeakOptions options) => (options.InProcess && EspeakLibrary.IsInstalled) || IsOnPath();

    /// <inheritdoc/>
    /// <remarks>Not Japanese with Chinese characters: it says "Chinese letter" for each of them.</remarks>
    public bool CanSpeak(SpeechRequest request) =>
        _isInstalled.Value
        && !request.Unplayable.Contains(SpeechFormat.Pcm)
        && VoiceOf(request) is { } voice
        && !(IsVoiceOf(voice, "ja") && request.Text.Any(Script.IsHan));

    /// <inheritdoc/>
    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var voice = VoiceOf(request) ?? throw new EngineException($"espeak-ng has no voice for the language '{request.Language}'.");
        if (voice.Length > 64 || voice.AsSpan().ContainsAny('/', '\\', '\0') || voice.StartsWith('-'))
            throw new EngineException("That is not a name of a voice of espeak-ng.") { OnlyThisRequest = true };
        var speed = (int)Math.Clamp(options.WordsPerMinute * request.Speed, SlowestWords, FastestWords);
        // A control character begins a command to the engine.
        var text = string.Create(request.Text.Length, request.Text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        var chunks = UsesLibrary
            ? EspeakEngine.Instance.SpeakAsync(text, voice, speed, options.Pitch, either.Token)
            : ByProgram(text, voice, speed, either.Token);
        await foreach (var chunk in chunks.ConfigureAwait(false))
            yield return chunk;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) =>
        UsesLibrary ? EspeakEngine.Instance.Voices.WaitAsync(cancellationToken)
        : IsOnPath() ? Task.FromResult<IReadOnlyList<SpeechVoice>>([])
        : throw new EngineException(NotInstalled);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _end.CancelAsync().ConfigureAwait(false);

    private static bool IsVoiceOf(string voice, string language) =>
        voice.StartsWith(language, StringComparison.OrdinalIgnoreCase)
        && (voice.Length == language.Length || voice[language.Length] is '-' or '+');

    private static bool IsOnPath() => ProgramPath.Find(Program) is not null;

    private string? VoiceOf(SpeechRequest request)
    {
        if (request.Voice is { Length: > 0 } named)
            return named;
        var language = request.Language.ToLowerInvariant();
        var primary = language.Split('-')[0];
        if (options.Voices.TryGetValue(language, out var chosen) || options.Voices.TryGetValue(primary, out chosen))
            return chosen;
        var voice = (primary, language) switch
        {
            // "cmn" reads Chinese characters as if their pinyin were English.
            (_, "zh-hk" or "zh-mo" or "zh-yue") or ("yue", _) => "yue",
            ("zh" or "cmn", _) => "cmn-latn-pinyin",
            (_, "en-gb" or "en-au" or "en-nz" or "en-ie") => "en-gb",
            ("en", _) => "en-us",
            ("ja", _) => "ja",
            _ => Listed(language, primary),
        };
        return voice is null || options.Variant.Length == 0 ? voice : $"{voice}+{options.Variant}";
    }

    private string? Listed(string language, string primary)
    {
        if (!UsesLibrary)
            return primary;
        try
        {
            // Ready some milliseconds after the first use, and at once from then on.
            var voices = EspeakEngine.Instance.Voices.GetAwaiter().GetResult();
            return (voices.FirstOrDefault(v => v.Language == language) ?? voices.FirstOrDefault(v => v.Language == primary)
                ?? voices.FirstOrDefault(v => v.Language!.StartsWith(primary + "-", StringComparison.Ordinal)))?.Name;
        }
        catch (EngineException)
        {
            // The call that makes it speak reports it.
            return primary;
        }
    }

    private IAsyncEnumerable<SpeechChunk> ByProgram(string text, string voice, int wordsPerMinute, CancellationToken cancellationToken)
    {
        if (!IsOnPath())
            throw new EngineException(NotInstalled);
        string[] arguments = ["-v", voice, "-s", $"{wordsPerMinute}", "-p", $"{options.Pitch}", "-b", "1", "--stdin", "--stdout"];
        return SpeakingProcess.RunAsync(new CommandLineOptions { Program = Program }, arguments, text, time, cancellationToken);
    }
}
