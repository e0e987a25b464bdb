namespace Kotodama.Companion.Engines.PocketSphinx;

/// <summary>
/// Settings of PocketSphinx, which runs in this process and understands English; section <c>Kotodama:Hearing:PocketSphinx</c>.
/// </summary>
public sealed class PocketSphinxOptions
{
    /// <summary>A JSGF grammar of all that can be said: far surer and faster than free speech. Null: anything may be said.</summary>
    public string? Grammar { get; set; }

    /// <summary>How long the text may take. Null: as for all engines.</summary>
    public TimeSpan? Timeout { get; set; }
}

/// <summary>PocketSphinx among the settings of the hearing.</summary>
public static class PocketSphinxSettings
{
    extension(HearingOptions options)
    {
        /// <summary>PocketSphinx.</summary>
        public PocketSphinxOptions PocketSphinx => options.Of<PocketSphinxOptions>();
    }
}
