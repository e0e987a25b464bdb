namespace Kotodama.Companion.Characters;

/// <summary>The characters there are, as read at one moment.</summary>
/// <param name="Characters">All of them, by id; never empty, because the built-in ones are always there.</param>
/// <param name="Problems">What could not be read.</param>
public sealed record CharacterSet(IReadOnlyList<Character> Characters, IReadOnlyList<CharacterProblem> Problems)
{
    /// <summary>The character when none was chosen: <see cref="Character.DefaultId"/>.</summary>
    public Character Default => Find(Character.DefaultId)!;

    /// <summary>A character by its id, in any case; null when there is none.</summary>
    /// <param name="id">The id.</param>
    public Character? Find(string id) => Characters.FirstOrDefault(c => c.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Something in the folder of characters that is not as it should be.</summary>
/// <param name="File">The file or folder.</param>
/// <param name="Line">The line, from 1 on; null when it is not about one.</param>
/// <param name="Field">The field, for example <c>idle.afterSeconds</c>; null when it is not about one.</param>
/// <param name="Message">What is wrong and what it must be.</param>
/// <param name="Loaded">Whether the character is there nevertheless.</param>
public sealed record CharacterProblem(string File, long? Line, string? Field, string Message, bool Loaded)
{
    /// <summary>All of it on one line.</summary>
    public override string ToString() => $"{File}{(Line is null ? "" : $":{Line}")}: {(Field is null ? "" : $"{Field} ")}{Message}";
}
