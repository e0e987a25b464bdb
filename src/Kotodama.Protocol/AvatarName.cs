namespace Kotodama.Protocol;

/// <summary>
/// Names of avatars: the drawn characters (<c>koto</c>, <c>kitsu</c>, <c>nagi</c>) and Live2D models, which are named by their folder.
/// Which ones there are is the business of the page and of the hub's folder of models.
/// </summary>
public static class AvatarName
{
    /// <summary>The longest name, in Unicode characters.</summary>
    public const int MostCharacters = 64;

    /// <summary>What a name must be, as the end of a sentence that begins with the field.</summary>
    public const string Rule =
        "must be 1 to 64 characters without control characters and / \\ : * ? \" < > |, not begin with a space, . or _, "
        + "and not end with a space or .";

    /// <summary>
    /// Whether a text may name an avatar: what may be the name of a folder on every system, in any script, and is neither hidden
    /// (<c>.</c>) nor the hub's own (<c>_</c>, as in <c>_core</c>).
    /// </summary>
    /// <param name="value">The text.</param>
    public static bool IsValid(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length > 0
            && value.EnumerateRunes().Count() <= MostCharacters
            && value[0] is not (' ' or '.' or '_')
            && value[^1] is not (' ' or '.')
            && value.All(MayBeIn);
    }

    private static bool MayBeIn(char c) => !char.IsControl(c) && c is not ('/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|');
}
