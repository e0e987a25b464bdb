namespace Kotodama.Companion.Engines.FunAsr;

/// <summary>Settings of FunASR's WebSocket server; section <c>Kotodama:Hearing:FunAsr</c>.</summary>
public sealed class FunAsrOptions
{
    /// <summary>Where the server is: <c>ws://127.0.0.1:10095</c>. Null: there is none.</summary>
    public Uri? Address { get; set; }

    /// <summary>
    /// <c>2pass</c>: guesses while it listens, then a better text; <c>online</c>: guesses only; <c>offline</c>: the text at the end only.
    /// </summary>
    public string Mode { get; set; } = "2pass";

    /// <summary>Whether numbers and dates are written as people write them.</summary>
    public bool NumbersAsDigits { get; set; } = true;

    /// <summary>
    /// How many utterances it hears at a time. The Python server takes one and drops the one before; the C++ server takes more.
    /// </summary>
    public int Connections { get; set; } = 1;

    /// <summary>The languages it is asked for. Empty: all.</summary>
    public IList<string> Languages { get; } = [];

    /// <summary>How long the text may take. Null: as for all engines.</summary>
    public TimeSpan? Timeout { get; set; }
}

/// <summary>FunASR's WebSocket server among the settings of the hearing.</summary>
public static class FunAsrSettings
{
    extension(HearingOptions options)
    {
        /// <summary>FunASR's WebSocket server.</summary>
        public FunAsrOptions FunAsr => options.Of<FunAsrOptions>();
    }
}
