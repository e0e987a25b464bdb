namespace Kotodama.Voice;

/// <summary>Settings of the hearing. Without any of them only what is installed on this machine hears; configuration section <c>Kotodama:Hearing</c>.</summary>
public sealed class HearingOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama:Hearing";

    /// <summary>Whether speech is recognised here.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The engines in the order in which they are asked. Empty: <c>openai</c> and <c>funasr</c> if they have an address, <c>command</c> if there is one,
    /// <c>pocketsphinx</c> where it is installed.
    /// </summary>
    public IList<string> Engines { get; } = [];

    /// <summary>The language of utterances of which nobody says it, as a BCP 47 tag. Null: the engines find out.</summary>
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
}
