using Kotodama.Companion.Engines.CommandLine;
using Kotodama.Companion.Engines.FunAsr;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.Voice.Engines;

namespace Kotodama.Companion;

/// <summary>Settings of the hearing. Without any of them only what is installed on this machine hears; configuration section <c>Kotodama:Hearing</c>.</summary>
public sealed class HearingOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama:Hearing";

    /// <summary>The value of <see cref="Language"/> with which the engines find out.</summary>
    public const string Auto = "auto";

    /// <summary>Whether speech is recognised here.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The engines in the order in which they are asked. Empty: <c>openai</c> and <c>funasr</c> if they have an address, <c>command</c> if there is one,
    /// <c>pocketsphinx</c> where it is installed.
    /// </summary>
    public IList<string> Engines { get; } = [];

    /// <summary>
    /// The language that is spoken here, as a BCP 47 tag: it counts more than what is said of an utterance. <c>auto</c>: the engines find out; what is
    /// said of an utterance only chooses among them. Null: what is said of it, and when nothing is, the engines find out.
    /// </summary>
    public string? Language { get; set; }

    /// <summary>How long an engine may take for the text, from the end of the sound, before the next one is asked.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A server that transcribes as OpenAI's does, or whisper.cpp's.</summary>
    public OpenAiHearingOptions OpenAi { get; } = new();

    /// <summary>FunASR's WebSocket server.</summary>
    public FunAsrOptions FunAsr { get; } = new();

    /// <summary>A program that recognises speech. Null: there is none.</summary>
    public CommandLineHearingOptions? Command { get; set; }

    /// <summary>PocketSphinx.</summary>
    public PocketSphinxOptions PocketSphinx { get; } = new();

    /// <summary>The engines in the order in which they are asked.</summary>
    internal IReadOnlyList<string> Order() => Engines.Count > 0 ? [.. Engines.Select(e => e.ToLowerInvariant())] : [.. RecognizerEngine.All.Where(IsDefault)];

    /// <summary>One sentence about the first setting that makes no sense; null when all do.</summary>
    internal string? Validate()
    {
        foreach (var engine in Engines)
            if (!RecognizerEngine.All.Contains(engine.ToLowerInvariant(), StringComparer.Ordinal))
                return Bad(nameof(Engines), "some of " + string.Join(", ", RecognizerEngine.All), engine);
        if (Engines.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Engines.Count)
            return Bad(nameof(Engines), "without repetitions", string.Join(", ", Engines));
        if (Language is { } language && (language.Length is 0 or > 35 || !language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
            return Bad(nameof(Language), "auto or a tag such as zh or en-GB", language);
        foreach (var (name, value) in new[] { (nameof(Timeout), Timeout), ("OpenAi:Timeout", OpenAi.Timeout), ("FunAsr:Timeout", FunAsr.Timeout), ("Command:Timeout", Command?.Timeout), ("PocketSphinx:Timeout", PocketSphinx.Timeout) })
            if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(10))
                return Bad(name, "above zero and at most ten minutes", value);
        return ValidateServers() ?? ValidateLocal();
    }

    private static string Bad(string setting, string range, object? value) => $"The setting {Section}:{setting} must be {range}, got {value ?? "nothing"}.";

    private bool IsDefault(string engine) => engine switch
    {
        RecognizerEngine.OpenAi => OpenAi.Address is not null,
        RecognizerEngine.FunAsr => FunAsr.Address is not null,
        RecognizerEngine.Command => Command is not null,
        _ => true,
    };

    private bool Names(string engine) => Order().Contains(engine, StringComparer.Ordinal);

    private string? ValidateServers()
    {
        if (Names(RecognizerEngine.OpenAi) && !EngineAddress.IsUsable(OpenAi.Address, Uri.UriSchemeHttp, Uri.UriSchemeHttps))
            return $"The setting {Section}:OpenAi:Address {(OpenAi.Address is null ? "is not set: it must be" : "must be")} an address that begins with http:// or https://, without user, password or question mark.";
        if (string.IsNullOrWhiteSpace(OpenAi.Path) || !Uri.IsWellFormedUriString(OpenAi.Path, UriKind.Relative) || OpenAi.Path.Contains('?', StringComparison.Ordinal) || OpenAi.Path.StartsWith("//", StringComparison.Ordinal))
            return Bad("OpenAi:Path", "what comes after the address, such as audio/transcriptions", OpenAi.Path);
        if (OpenAi.Format is not ("json" or "verbose_json" or "text"))
            return Bad("OpenAi:Format", "json, verbose_json or text", OpenAi.Format);
        if (Names(RecognizerEngine.FunAsr) && !EngineAddress.IsUsable(FunAsr.Address, "ws", "wss"))
            return $"The setting {Section}:FunAsr:Address {(FunAsr.Address is null ? "is not set: it must be" : "must be")} an address that begins with ws:// or wss://, without user, password or question mark.";
        if (FunAsr.Connections is < 1 or > 1_000)
            return Bad("FunAsr:Connections", "1 to 1000", FunAsr.Connections);
        return FunAsr.Mode is "2pass" or "online" or "offline" ? null : Bad("FunAsr:Mode", "2pass, online or offline", FunAsr.Mode);
    }

    private string? ValidateLocal()
    {
        if (Names(RecognizerEngine.Command) && string.IsNullOrWhiteSpace(Command?.Program))
            return Bad("Command:Program", "a program", null);
        if (PocketSphinx.Grammar is { } grammar && (string.IsNullOrWhiteSpace(grammar) || grammar.Contains('\0', StringComparison.Ordinal)))
            return Bad("PocketSphinx:Grammar", "a path", null);
        return null;
    }
}
