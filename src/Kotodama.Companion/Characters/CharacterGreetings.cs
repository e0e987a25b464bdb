namespace Kotodama.Companion.Characters;

/// <summary>What a character says first at a time of day, in the user's local time. What is null is said as at any other time.</summary>
public sealed record CharacterGreetings
{
    /// <summary>When a part of the day begins, in hours.</summary>
    private const int MorningFrom = 5, DayFrom = 11, EveningFrom = 17, NightFrom = 22;

    /// <summary>From 5 o'clock on.</summary>
    public LocalText? Morning { get; init; }

    /// <summary>From 11 o'clock on.</summary>
    public LocalText? Day { get; init; }

    /// <summary>From 17 o'clock on.</summary>
    public LocalText? Evening { get; init; }

    /// <summary>From 22 o'clock on, until 5.</summary>
    public LocalText? Night { get; init; }

    /// <summary>The greeting of an hour; null: there is none for it.</summary>
    /// <param name="hour">0 to 23, in the user's local time.</param>
    public LocalText? At(int hour) => hour switch
    {
        >= NightFrom or < MorningFrom => Night,
        >= EveningFrom => Evening,
        >= DayFrom => Day,
        _ => Morning,
    };
}
