namespace Kotodama.Voice.Text.Saying;

/// <summary>Says names that signs are part of: C#, C++, and units without a number: km/h.</summary>
internal static class Names
{
    /// <summary>Reads on from a letter of ASCII to the end of its word.</summary>
    public static void Read(ref Draft draft)
    {
        var text = draft.Source;
        var at = draft.At;
        var end = at;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            end++;
        var next = end < text.Length ? text[end] : ' ';
        if (next is '/' or '²' or '³' && !Surroundings.GoesOn(text, at - 1) && IsUnit(text, at, end, next)
            && Units.TryRead(ref draft, at, one: false, out var unit) && unit.End > end)
        {
            draft.Say(unit.After, unit.End);
            return;
        }

        draft.Keep(end);
        if (next == '#' && end == at + 1 && char.IsAsciiLetterUpper(text[at]) && !Surroundings.GoesOn(text, at - 1) && IsEnd(text, end + 1))
            draft.Say(draft.Words.Sharp, end + 1);
        else if (next == '+' && end + 1 < text.Length && text[end + 1] == '+' && IsEnd(text, end + 2))
            draft.Say(draft.Words.PlusPlus, end + 2);
    }

    /// <summary>Units that are surely no words: of two letters or more, or metres.</summary>
    private static bool IsUnit(ReadOnlySpan<char> text, int at, int end, char next) =>
        end - at >= 2 || (text[at] == 'm' && next == '/' && end + 2 <= text.Length && text[end + 1] == 's');

    private static bool IsEnd(ReadOnlySpan<char> text, int at) =>
        !Surroundings.GoesOn(text, at) && !(at < text.Length && text[at] is '#' or '+');
}
