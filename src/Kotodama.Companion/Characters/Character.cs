using System.Text.Json;
using Kotodama.Companion.Text;

namespace Kotodama.Companion.Characters;

/// <summary>Who talks: a personality, and what belongs to it. <c>docs/characters.md</c> tells how to write one.</summary>
public sealed record Character
{
    /// <summary>The character that is there without any file.</summary>
    public const string DefaultId = "koto";

    /// <summary>The name of its folder: 1 to 64 of <c>a-z 0-9 _ -</c>.</summary>
    public required string Id { get; init; }

    /// <summary>How it is called.</summary>
    public required LocalText Name { get; init; }

    /// <summary>One sentence for people who choose.</summary>
    public LocalText? Description { get; init; }

    /// <summary>The language it speaks unless the user talks to it in another one; null: the user's.</summary>
    public string? Language { get; init; }

    /// <summary>Its personality, as the model is told. <see cref="CharacterPrompt"/> adds the rules of speaking.</summary>
    public required LocalText Prompt { get; init; }

    /// <summary>What it says first in a new conversation; null: it waits.</summary>
    public LocalText? Greeting { get; init; }

    /// <summary>What it says instead of <see cref="Greeting"/> at a time of day; null: always the same.</summary>
    public CharacterGreetings? Greetings { get; init; }

    /// <summary>The voice, as messages name it, for example <c>espeak:f3</c>; null: the engine's own.</summary>
    public string? Voice { get; init; }

    /// <summary>The language model; null: the one that is set.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// The avatar that the page shows: a Live2D model or a drawn character (<c>koto</c>, <c>kitsu</c>, <c>nagi</c>) by its name; null: the
    /// drawn one that <see cref="Look"/> describes, or Koto.
    /// </summary>
    public string? Avatar { get; init; }

    /// <summary>How a drawn avatar looks that is the character's own, as the file has it; null: as usual.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Look { get; init; }

    /// <summary>The emotions that it may show.</summary>
    public IReadOnlyList<string> Emotions { get; init; } = EmotionNames.All;

    /// <summary>Names and words that are likely to be said to it, for recognition.</summary>
    public IReadOnlyList<string> Phrases { get; init; } = [];

    /// <summary>The tools it may use, by name; null: all that are set up.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>How freely the model chooses its words, 0 to 2; null: as the server likes.</summary>
    public double? Temperature { get; init; }

    /// <summary>Whether it speaks by itself; null: never.</summary>
    public CharacterIdle? Idle { get; init; }

    /// <summary>What it says when a user touches it; null: only the page reacts.</summary>
    public CharacterTouch? Touch { get; init; }

    /// <summary>What it says first in a new conversation; null: it waits.</summary>
    /// <param name="hour">0 to 23, in the user's local time.</param>
    public LocalText? GreetingAt(int hour) => Greetings?.At(hour) ?? Greeting;
}

/// <summary>When a character speaks by itself.</summary>
/// <param name="After">After how long a silence, 10 seconds to a day.</param>
/// <param name="Prompt">What the model is told then.</param>
public sealed record CharacterIdle(TimeSpan After, LocalText Prompt);
