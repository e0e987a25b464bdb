namespace Kotodama.Voice.Text.Saying;

/// <summary>Reads units: kg, km/h, m², °C.</summary>
internal static class Units
{
    // Longer words are no units, and more parts are no unit.
    private const int Longest = 5, MostParts = 3;

    /// <summary>Reads a unit.</summary>
    /// <param name="draft">Where it is read.</param>
    /// <param name="at">Where it begins, or the space before it.</param>
    /// <param name="one">Whether the number before it is one.</param>
    /// <param name="unit">What is said before the number and after it, and where the unit ends.</param>
    public static bool TryRead(ref Draft draft, int at, bool one, out (string Before, string After, int End) unit)
    {
        unit = default;
        var text = draft.Source;
        var spaced = at < text.Length && Surroundings.IsSpace(text[at]);
        if (!TryReadPart(draft.Words, text, spaced ? at + 1 : at, one, out var first))
            return false;
        // Ten of something are 10s too.
        if (!spaced && first.End == at + 1 && text[at] == 's')
            return false;
        var (after, end) = (first.Name, first.End);
        for (var parts = 1; parts < MostParts && end < text.Length && text[end] == '/'; parts++)
        {
            if (!TryReadPart(draft.Words, text, end + 1, one: null, out var lower))
                break;
            (after, end) = ($"{after}{Gap(after)}{draft.Words.Per}{Gap(after)}{lower.Name}", lower.End);
        }

        if (!EndsAt(text, end))
            return false;
        unit = (first.Before, after, end);
        return true;
    }

    private static string Gap(string before) => Script.IsDense(before[^1]) ? "" : " ";

    private static bool TryReadPart(
        SignWords words,
        ReadOnlySpan<char> text,
        int at,
        bool? one,
        out (string Before, string Name, int End) part)
    {
        part = default;
        var end = at;
        if (end < text.Length && text[end] is '°' or '%' or '‰' or '℃' or '℉')
            end += text[end] == '°' && end + 1 < text.Length && text[end + 1] is 'C' or 'F' && EndsAt(text, end + 2) ? 2 : 1;
        else
            while (end < text.Length && end - at <= Longest && (char.IsAsciiLetter(text[end]) || text[end] is 'µ' or 'μ' or 'Ω'))
                end++;
        if (end == at || !words.Units.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[at..end], out var unit))
            return false;
        var (power, length) = Power(text, end, text[end - 1] == 'm');
        var name = one switch { true => unit.One, false => unit.Many, null => unit.Each ?? unit.One };
        part = (unit.Before, power switch { 2 => words.Square, 3 => words.Cubic, _ => "" } + name, end + length);
        return true;
    }

    /// <summary>The exponent of a unit: m², m^2, and m2 of a length.</summary>
    private static (int Power, int Length) Power(ReadOnlySpan<char> text, int at, bool ofLength)
    {
        var sign = at < text.Length && text[at] == '^' ? 1 : 0;
        if (at + sign >= text.Length)
            return default;
        return text[at + sign] switch
        {
            '²' => (2, 1),
            '³' => (3, 1),
            '2' when sign == 1 || ofLength => (2, 1 + sign),
            '3' when sign == 1 || ofLength => (3, 1 + sign),
            _ => default,
        };
    }

    private static bool EndsAt(ReadOnlySpan<char> text, int at) =>
        !Surroundings.GoesOn(text, at) && !(at < text.Length && text[at] is '\'' or '’' && Surroundings.GoesOn(text, at + 1));
}
