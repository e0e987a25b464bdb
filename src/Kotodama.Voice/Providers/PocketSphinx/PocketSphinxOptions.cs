namespace Kotodama.Voice;

/// <summary>Settings of PocketSphinx, which runs in this process and understands English; section <c>Kotodama:Hearing:PocketSphinx</c>.</summary>
public sealed class PocketSphinxOptions
{
    /// <summary>The folder of the English model, with <c>en-us</c>, <c>cmudict-en-us.dict</c> and <c>en-us.lm.bin</c> in it. Null: where packages put it.</summary>
    public string? Model { get; set; }

    /// <summary>A JSGF grammar of all that can be said: far surer and faster than free speech. Null: anything may be said.</summary>
    public string? Grammar { get; set; }

    /// <summary>How long the text may take. Null: as for all engines.</summary>
    public TimeSpan? Timeout { get; set; }
}
