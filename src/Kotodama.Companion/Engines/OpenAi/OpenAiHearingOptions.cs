namespace Kotodama.Companion.Engines.OpenAi;

/// <summary>Settings of a server that transcribes as OpenAI's does; section <c>Kotodama:Hearing:OpenAi</c>.</summary>
public sealed class OpenAiHearingOptions
{
    /// <summary>Where the server is, up to and without <see cref="Path"/>: <c>http://127.0.0.1:8000/v1</c>. Null: there is none.</summary>
    public Uri? Address { get; set; }

    /// <summary>What comes after the address. whisper.cpp's server has <c>inference</c>.</summary>
    public string Path { get; set; } = "audio/transcriptions";

    /// <summary>The model. Empty: nothing is said, for servers that have one only.</summary>
    public string Model { get; set; } = "whisper-1";

    /// <summary>
    /// The form of the answer: <c>verbose_json</c>, which tells the language and what was silence, <c>json</c>, or <c>text</c>. A server
    /// that refuses <c>verbose_json</c> is asked for <c>json</c> from then on.
    /// </summary>
    public string Format { get; set; } = "verbose_json";

    /// <summary>Whether the server is asked for the text while it makes it. Servers that cannot answer at once.</summary>
    public bool Stream { get; set; }

    /// <summary>A text in the style of what is said, before the likely words. Null: only those.</summary>
    public string? Prompt { get; set; }

    /// <summary>The languages it is asked for. Empty: all.</summary>
    public IList<string> Languages { get; } = [];

    /// <summary>How long the text may take. Null: as for all engines.</summary>
    public TimeSpan? Timeout { get; set; }
}

/// <summary>A server that transcribes as OpenAI's does, or whisper.cpp's among the settings of the hearing.</summary>
public static class OpenAiHearingSettings
{
    extension(HearingOptions options)
    {
        /// <summary>A server that transcribes as OpenAI's does, or whisper.cpp's.</summary>
        public OpenAiHearingOptions OpenAi => options.Of<OpenAiHearingOptions>();
    }
}
