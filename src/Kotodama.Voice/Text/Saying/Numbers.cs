using System.Globalization;

namespace Kotodama.Voice.Text.Saying;

/// <summary>Numbers as they are written: 1,000,000 and 3.14.</summary>
internal static class Numbers
{
    /// <summary>Where the number at a place ends.</summary>
    public static int End(ReadOnlySpan<char> text, int at)
    {
        at = Digits(text, at);
        while (at + 3 < text.Length && text[at] == ',' && Digits(text, at + 1) == at + 4)
            at += 4;
        return at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]) ? Digits(text, at + 1) : at;
    }

    /// <summary>Where the digits at a place end.</summary>
    public static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }

    /// <summary>Whether there is a digit.</summary>
    public static bool IsDigit(ReadOnlySpan<char> text, int at) => at >= 0 && at < text.Length && char.IsAsciiDigit(text[at]);

    /// <summary>Where the row of numbers at a place ends that one kind of sign joins, and how many there are: 2.0.1, 1-800-555.</summary>
    public static (int End, int Count) Row(ReadOnlySpan<char> text, int at, char sign)
    {
        var (end, count) = (Digits(text, at), 1);
        while (end + 1 < text.Length && text[end] == sign && char.IsAsciiDigit(text[end + 1]))
            (end, count) = (Digits(text, end + 1), count + 1);
        return (end, count);
    }

    /// <summary>What a number is worth, and a time of day in minutes; nothing where there is none.</summary>
    public static double? ValueAt(ReadOnlySpan<char> text, int at)
    {
        if (!IsDigit(text, at))
            return null;
        var end = End(text, at);
        return end - at <= 2 && TryClock(text, at, out var clock) ? clock.Value : Value(text[at..end]);
    }

    /// <summary>What a number is worth.</summary>
    public static double Value(ReadOnlySpan<char> number) =>
        double.TryParse(number, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;

    /// <summary>A time of day: 9:05, 14:30:15.</summary>
    public static bool TryClock(ReadOnlySpan<char> text, int at, out (int Hours, int Minutes, int End, double Value) clock)
    {
        clock = default;
        var hours = Digits(text, at);
        if (hours - at > 2 || Value(text[at..hours]) > 24 || !IsPart(text, hours))
            return false;
        var minutes = hours + 3;
        var end = IsPart(text, minutes) ? minutes + 3 : minutes;
        if (end < text.Length && text[end] is ':' or '.' && IsDigit(text, end + 1))
            return false;
        clock = (hours, minutes, end, (Value(text[at..hours]) * 60) + Value(text[(hours + 1)..minutes]));
        return true;

        static bool IsPart(ReadOnlySpan<char> text, int at) =>
            at + 2 < text.Length && text[at] == ':' && text[at + 1] is >= '0' and <= '5' && Digits(text, at + 1) == at + 3;
    }

    /// <summary>Whether the digits there belong to a word or a name before them: GPT-4, localhost:8080, v2.0.</summary>
    public static bool BelongsToWord(ReadOnlySpan<char> text, int at) =>
        Surroundings.GoesOn(text, at - 1)
        || (at > 1 && text[at - 1] is '-' or '.' or ':' or '/' && text[at - 2] is not ('.' or ' ') && !char.IsAsciiDigit(text[at - 2])
            && Surroundings.GoesOn(text, at - 2))
        || (at > 1 && text[at - 1] is '.' or ':' && char.IsAsciiDigit(text[at - 2]));
}
