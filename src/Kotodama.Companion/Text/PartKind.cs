namespace Kotodama.Companion.Text;

/// <summary>What a part of a model's text is.</summary>
internal enum PartKind
{
    /// <summary>Blanks before the first word.</summary>
    Blank,

    /// <summary>It is said.</summary>
    Said,

    /// <summary>It is reasoning.</summary>
    Reasoning,

    /// <summary>It is the call of a tool: a name and its arguments. Comes whole.</summary>
    Call,
}
