namespace Kotodama.Voice.Text.Reasoning;

/// <summary>What the beginning of a text is, of which more may come.</summary>
internal enum Fit
{
    /// <summary>It is not what was looked for, whatever comes.</summary>
    None,

    /// <summary>It may become it.</summary>
    Partial,

    /// <summary>It is it.</summary>
    Whole,
}
