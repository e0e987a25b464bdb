namespace Kotodama.Companion.Characters;

/// <summary>
/// What a character says when a user touches it. It never interrupts what is being said, and of several touches in a row it answers one.
/// </summary>
/// <param name="Pause">How long after an answer no touch is answered, 5 seconds to an hour.</param>
/// <param name="Areas">
/// By area, without regard to case: <c>head</c>, <c>face</c>, <c>body</c>, those of a model, and <see cref="Any"/> for all others.
/// </param>
public sealed record CharacterTouch(TimeSpan Pause, IReadOnlyDictionary<string, TouchAnswer> Areas)
{
    /// <summary>The name of the areas that have no entry of their own.</summary>
    public const string Any = "any";

    /// <summary>The pause of a character that names none.</summary>
    public static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(20);

    /// <summary>What is said to a touch; null: nothing.</summary>
    /// <param name="area">The area that was touched.</param>
    public TouchAnswer? Find(string area) => Find(Areas, area) ?? Find(Areas, Any);

    private static TouchAnswer? Find(IReadOnlyDictionary<string, TouchAnswer> areas, string name) =>
        areas.FirstOrDefault(area => area.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>What is said to a touch: one of the two.</summary>
/// <param name="Say">These words. Emotion tags count.</param>
/// <param name="Prompt">What the language model makes of this, which it is told as if the user had said it.</param>
public sealed record TouchAnswer(LocalText? Say, LocalText? Prompt);
