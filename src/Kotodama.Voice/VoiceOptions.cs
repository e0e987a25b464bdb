using Kotodama.Voice.Engines;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Engines.Edge;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Engines.GptSoVits;
using Kotodama.Voice.Engines.OpenAi;

namespace Kotodama.Voice;

/// <summary>Settings of the voice. Every one has a default that works without any server; configuration section <c>Kotodama:Voice</c>.</summary>
public sealed class VoiceOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama:Voice";

    /// <summary>Whether replies are spoken.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The engines in the order in which they are asked. Empty: <c>openai</c> and <c>sovits</c> if they have an address, <c>espeak</c>,
    /// <c>command</c> if there is one, <c>browser</c>, <c>silent</c>. The last one is always <c>silent</c>.
    /// </summary>
    public IList<string> Engines { get; } = [];

    /// <summary>How fast to speak, 0.25 to 4; 1 is natural.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>How long an engine may take to give its first sound before the next one is asked.</summary>
    public TimeSpan FirstSound { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an engine may pause within a clause before the next one says the rest.</summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A server that speaks as OpenAI's does.</summary>
    public OpenAiSpeechOptions OpenAi { get; } = new();

    /// <summary>GPT-SoVITS.</summary>
    public GptSoVitsOptions GptSoVits { get; } = new();

    /// <summary>The read-aloud service of Microsoft Edge.</summary>
    public EdgeOptions Edge { get; } = new();

    /// <summary>espeak-ng.</summary>
    public EspeakOptions Espeak { get; set; } = new();

    /// <summary>A program that speaks. Null: there is none.</summary>
    public CommandLineOptions? Command { get; set; }

    /// <summary>The engines in the order in which they are asked, ending with <c>silent</c>.</summary>
    internal IReadOnlyList<string> Order()
    {
        IEnumerable<string> order = Engines.Count > 0 ? Engines.Select(e => e.ToLowerInvariant()) : VoiceEngine.All.Where(IsDefault);
        return [.. order.Where(e => e != VoiceEngine.Silent).Append(VoiceEngine.Silent)];
    }

    /// <summary>One sentence about the first setting that makes no sense; null when all do.</summary>
    internal string? Validate()
    {
        foreach (var engine in Engines)
            if (!VoiceEngine.All.Contains(engine.ToLowerInvariant(), StringComparer.Ordinal))
                return Bad(nameof(Engines), "some of " + string.Join(", ", VoiceEngine.All), engine);
        if (Engines.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Engines.Count)
            return Bad(nameof(Engines), "without repetitions", string.Join(", ", Engines));
        if (Speed is not (>= 0.25 and <= 4))
            return Bad(nameof(Speed), "0.25 to 4", Speed);
        foreach (var (name, value) in new[] { (nameof(FirstSound), FirstSound), (nameof(Stall), Stall), ("OpenAi:FirstSound", OpenAi.FirstSound), ("GptSoVits:FirstSound", GptSoVits.FirstSound), ("Edge:FirstSound", Edge.FirstSound), ("Command:FirstByte", Command?.FirstByte), ("Command:Stall", Command?.Stall) })
            if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(10))
                return Bad(name, "above zero and at most ten minutes", value);
        return ValidateOpenAi() ?? ValidateGptSoVits() ?? ValidateEdge() ?? ValidateLocal();
    }

    private static bool IsHttp(Uri? address) => EngineAddress.IsUsable(address, Uri.UriSchemeHttp, Uri.UriSchemeHttps);

    private static string Bad(string setting, string range, object? value) => $"The setting {Section}:{setting} must be {range}, got {value ?? "nothing"}.";

    private static string BadAddress(string setting, Uri? address) => $"The setting {Section}:{setting} {(address is null ? "is not set: it must be" : "must be")} an address that begins with http:// or https://, without user, password or question mark.";

    private bool IsDefault(string engine) => engine switch
    {
        VoiceEngine.OpenAi => OpenAi.Address is not null,
        VoiceEngine.GptSoVits => GptSoVits.Address is not null,
        VoiceEngine.Edge => false,
        VoiceEngine.Command => Command is not null,
        _ => true,
    };

    private bool Names(string engine) => Order().Contains(engine, StringComparer.Ordinal);

    private string? ValidateOpenAi()
    {
        if (Names(VoiceEngine.OpenAi) && !IsHttp(OpenAi.Address))
            return BadAddress("OpenAi:Address", OpenAi.Address);
        if (OpenAi.Format is not ("pcm" or "wav" or "mp3" or "opus"))
            return Bad("OpenAi:Format", "pcm, wav, mp3 or opus", OpenAi.Format);
        if (OpenAi.Rate is < 8_000 or > 48_000)
            return Bad("OpenAi:Rate", "8000 to 48000 samples per second", OpenAi.Rate);
        if (string.IsNullOrWhiteSpace(OpenAi.Model))
            return Bad("OpenAi:Model", "a name", null);
        return string.IsNullOrWhiteSpace(OpenAi.Voice) ? Bad("OpenAi:Voice", "a name", null) : null;
    }

    private string? ValidateGptSoVits()
    {
        if (!Names(VoiceEngine.GptSoVits))
            return null;
        if (!IsHttp(GptSoVits.Address))
            return BadAddress("GptSoVits:Address", GptSoVits.Address);
        if (GptSoVits.Streaming is < 0 or > 3)
            return Bad("GptSoVits:Streaming", "0 to 3", GptSoVits.Streaming);
        if (!GptSoVits.Voices.ContainsKey(GptSoVits.Voice))
            return Bad("GptSoVits:Voice", "a name in GptSoVits:Voices", GptSoVits.Voice);
        foreach (var (name, voice) in GptSoVits.Voices)
        {
            if (string.IsNullOrWhiteSpace(voice.Audio))
                return Bad($"GptSoVits:Voices:{name}:Audio", "the path of a recording on the server's machine", null);
            if (GptSoVitsSynthesizer.LanguageName(voice.Language) is null or "auto")
                return Bad($"GptSoVits:Voices:{name}:Language", "zh, en, ja, ko or yue", voice.Language);
        }

        return null;
    }

    private string? ValidateLocal()
    {
        if (Espeak.Pitch is < 0 or > 100)
            return Bad("Espeak:Pitch", "0 to 100", Espeak.Pitch);
        if (Espeak.WordsPerMinute is < 80 or > 450)
            return Bad("Espeak:WordsPerMinute", "80 to 450", Espeak.WordsPerMinute);
        if (Names(VoiceEngine.Command) && string.IsNullOrWhiteSpace(Command?.Program))
            return Bad("Command:Program", "a program", null);
        return Command?.RawRate is not (null or 0 or (>= 8_000 and <= 48_000)) ? Bad("Command:RawRate", "0 or 8000 to 48000 samples per second", Command.RawRate) : null;
    }

    private string? ValidateEdge() => EngineAddress.IsUsable(Edge.Address, "ws", "wss")
        ? null
        : $"The setting {Section}:Edge:Address must be an address that begins with wss:// or ws://, without question mark.";
}
