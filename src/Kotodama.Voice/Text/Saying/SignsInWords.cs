using System.Buffers;

namespace Kotodama.Voice.Text.Saying;

/// <summary>
/// Says in words what engines lose or misread: operators, formulas, units, days, ranges, amounts of money. What they read well stays as it
/// is written. Takes time in proportion to the clause's length, and allocates only where something changes.
/// </summary>
internal static class SignsInWords
{
    private const int MostOnStack = 512;

    /// <summary>Without one of these nothing changes.</summary>
    private static readonly SearchValues<char> Telling = SearchValues.Create(
        "0123456789+-=<>!*^~/#$\\" + Operators.Signs + Fractions.Signs + Operators.Raised + Operators.Lowered
        + "€£¥₩₹₽₿₫₺₴₱₪฿¢" + string.Concat(Enumerable.Range('\u0391', '\u03C9' - '\u0391' + 1).Select(c => (char)c))
        + string.Concat(Enumerable.Range('\uFF01', '\uFF5E' - '\uFF01' + 1).Select(c => (char)c)) + "￥￡￠￦");

    /// <summary>The clause as it is said; the same one where nothing changes.</summary>
    public static Clause Of(Clause clause)
    {
        var text = clause.Text.AsSpan();
        if (!text.ContainsAny(Telling))
            return clause;
        Span<char> narrow = text.Length <= MostOnStack ? stackalloc char[text.Length] : new char[text.Length];
        var changed = FullWidth.Narrow(text, narrow);
        var draft = new Draft(narrow, clause.Places, SignWords.Of(clause.Language), changed);
        Read(ref draft);
        return draft.Finish(clause);
    }

    private static void Read(ref Draft draft)
    {
        while (draft.At < draft.Source.Length)
        {
            if (Formula.TryRead(ref draft))
                continue;
            var c = draft.Next;
            if (!draft.Words.Speaks)
                draft.Keep(draft.At + 1);
            else if (char.IsAsciiDigit(c))
                Quantity.Read(ref draft);
            else if (char.IsAsciiLetter(c))
                Names.Read(ref draft);
            else if (!Operators.TryRead(ref draft))
                draft.Keep(draft.At + 1);
        }
    }
}
