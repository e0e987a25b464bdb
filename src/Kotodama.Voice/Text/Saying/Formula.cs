using System.Buffers;

namespace Kotodama.Voice.Text.Saying;

/// <summary>
/// Says simple LaTeX: fractions, exponents, roots, sums, Greek letters. What it does not know loses its backslashes and braces, and no
/// letter.
/// </summary>
internal static class Formula
{
    // Longer ones are no simple formulas. The bound also keeps the search for an end that is not there from growing with the clause.
    private const int Longest = 512, MostDepth = 8;

    private static readonly SearchValues<char> MathSigns = SearchValues.Create("\\^_={}+<>");

    /// <summary>Reads a formula, or a command of one that stands without signs around it.</summary>
    public static bool TryRead(ref Draft draft)
    {
        if (draft.Next is not ('$' or '\\'))
            return false;
        var (from, to, end) = Content(draft.Source, draft.At);
        if (end == 0)
            return draft.Next == '\\' && IsCommand(draft.Source, draft.At) && Command(ref draft, draft.Source.Length, 0);
        draft.Drop(from);
        Read(ref draft, to, 0);
        draft.Drop(end);
        return true;
    }

    /// <summary>Where what an exponent has ends, its braces or brackets included; the beginning where it has nothing.</summary>
    public static int EndOfExponent(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length)
            return at;
        if (text[at] is '{' or '(')
            return Close(text, at, text.Length) is > 0 and var close ? close + 1 : at;
        var digits = at + (text[at] is '-' or '−' or '+' ? 1 : 0);
        var end = Numbers.End(text, digits);
        if (end > digits)
            return end;
        while (end < text.Length && char.IsLetter(text[end]) && !Script.IsDense(text[end]))
            end++;
        return end > digits ? end : at;
    }

    /// <summary>Says a power from its sign on.</summary>
    public static void Power(ref Draft draft, int end) => Power(ref draft, draft.At + 1, end, end, 0);

    private static void Power(ref Draft draft, int from, int to, int end, int depth)
    {
        var text = draft.Source;
        var words = draft.Words;
        if (text[from] == '{')
            (from, to) = (from + 1, to - 1);
        var exponent = text[from..to].Trim();
        switch (exponent)
        {
            case "2":
                draft.Say(words.Powers.Squared, end);
                return;
            case "3":
                draft.Say(words.Powers.Cubed, end);
                return;
            case "\\circ" or "°":
                draft.Say(Name(words, '°'), end);
                return;
            case "\\prime" or "'":
                draft.Say(Name(words, '′'), end);
                return;
        }

        draft.Say(words.Power.Before, from);
        Read(ref draft, to, depth + 1);
        if (words.Power.After.Length > 0)
            draft.Say(words.Power.After, end);
        else
            draft.Drop(end);
    }

    private static (int From, int To, int End) Content(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..Math.Min(text.Length, at + Longest)];
        if (rest.StartsWith("\\(") || rest.StartsWith("\\["))
            return Until(rest, at, rest[1] == '(' ? "\\)" : "\\]");
        if (rest.StartsWith("$$"))
            return Until(rest, at, "$$");
        if (rest is not ['$', var first, ..] || char.IsWhiteSpace(first) || Surroundings.GoesOn(text, at - 1))
            return default;
        // As prices have it, no formula ends after a space, or before a digit.
        var to = rest[1..].IndexOf('$') + 1;
        var isEnd = to > 1 && !char.IsWhiteSpace(rest[to - 1]) && !Numbers.IsDigit(text, at + to + 1) && IsMath(rest[1..to]);
        return isEnd ? (at + 1, at + to, at + to + 1) : default;
    }

    private static (int From, int To, int End) Until(ReadOnlySpan<char> rest, int at, string end)
    {
        var to = rest[2..].IndexOf(end);
        return to > 0 ? (at + 2, at + 2 + to, at + 4 + to) : default;
    }

    /// <summary>Whether it has a sign of formulas, or no word: what stands between two prices has words.</summary>
    private static bool IsMath(ReadOnlySpan<char> content)
    {
        if (content.IndexOfAny(MathSigns) >= 0)
            return true;
        for (var i = 0; i + 1 < content.Length; i++)
            if (char.IsLetter(content[i]) && char.IsLetter(content[i + 1]))
                return false;
        return content.IndexOfAny(",;") < 0;
    }

    private static bool IsCommand(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && text[at - 1] is ':' or '\\' or '/' or '.')
            return false;
        var end = Letters(text, at + 1);
        return end > at + 2 && !(end < text.Length && text[end] == '\\' && Surroundings.GoesOn(text, end + 1)
            && text.Contains(":\\", StringComparison.Ordinal)) && LatexNames.Knows(text[(at + 1)..end]);
    }

    private static int Letters(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiLetter(text[at]))
            at++;
        return at;
    }

    private static void Read(ref Draft draft, int end, int depth)
    {
        while (draft.At < end)
        {
            var (at, c) = (draft.At, draft.Next);
            if (c == '\\')
                Command(ref draft, end, depth);
            else if (c is '^' or '_' && depth < MostDepth && Argument(draft.Source, at + 1, end, whole: true) is { To: > 0 } argument)
            {
                if (c == '^')
                    Power(ref draft, argument.From, argument.To, argument.To, depth);
                else
                    Below(ref draft, argument, depth);
            }
            else if (c is '{' or '}' or '^' or '_' or '&' or '~' or '$')
                draft.Drop(at + 1);
            else if (c == '\'')
                draft.Say(Name(draft.Words, '′'), at + 1);
            else if (c is '-' or '−')
                draft.Say(FollowsValue(draft.Source, at) ? Name(draft.Words, '−') : draft.Words.Negative, at + 1);
            else if (c == '/' && draft.Words.Speaks)
                draft.Say(draft.Words.Fraction.LowerFirst ? Name(draft.Words, '÷') : draft.Words.Fraction.Between, at + 1);
            else if (!char.IsAsciiLetterOrDigit(c) && (c == '*' || draft.Words.Signs.ContainsKey(c)))
                draft.Say(Compared(draft.Words, c == '*' ? '×' : c), at + 1);
            else
                draft.Keep(at + 1);
        }
    }

    private static bool FollowsValue(ReadOnlySpan<char> text, int at)
    {
        if (Surroundings.Before(text, at) is not Surroundings.Kind.None)
            return true;
        while (at > 0 && Surroundings.IsSpace(text[at - 1]))
            at--;
        return at > 0 && text[at - 1] is '}' or ']' or '|';
    }

    /// <summary>What a sign is called; where it has no name, the sign.</summary>
    private static string Name(SignWords words, char sign) => words.Signs.TryGetValue(sign, out var name) ? name : sign.ToString();

    private static string Compared(SignWords words, char sign) =>
        sign is '<' or '>' or '≤' or '≥' && words.Speaks ? words.Comparison(sign, follows: true) : Name(words, sign);

    private static void Below(ref Draft draft, (int From, int To) argument, int depth)
    {
        if (draft.Words.Below.Length > 0)
            draft.Say(draft.Words.Below, argument.From);
        else
            draft.Drop(argument.From);
        Read(ref draft, argument.To, depth + 1);
    }

    /// <summary>
    /// What a command or a sign takes: a group in braces, braces included, a command, or one character. 0: there is none. A whole number
    /// counts as one character after a sign, as people write it: 2^10.
    /// </summary>
    private static (int From, int To) Argument(ReadOnlySpan<char> text, int at, int end, bool whole = false)
    {
        at = Surroundings.SkipSpaces(text, at);
        if (at >= end || text[at] is '}' or '^' or '_' or '&' or '$')
            return default;
        if (text[at] == '{')
            return Close(text, at, end) is > 0 and var close ? (at, close + 1) : default;
        if (whole && char.IsAsciiDigit(text[at]))
            return (at, Math.Min(end, Numbers.End(text, at)));
        if (text[at] != '\\')
            return (at, at + (at + 1 < end && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1));
        return (at, Math.Min(end, Math.Max(at + 2, Letters(text, at + 1))));
    }

    /// <summary>Where the brace or bracket there is closed; 0: nowhere near.</summary>
    private static int Close(ReadOnlySpan<char> text, int at, int end)
    {
        var (open, close, depth) = (text[at], text[at] == '{' ? '}' : text[at] == '(' ? ')' : ']', 0);
        end = Math.Min(end, at + Longest);
        for (var i = at; i < end; i++)
        {
            depth += text[i] == open ? 1 : text[i] == close ? -1 : 0;
            if (depth == 0)
                return i;
        }

        return 0;
    }

    private static bool Command(ref Draft draft, int end, int depth)
    {
        var text = draft.Source;
        var at = draft.At;
        var nameEnd = Math.Min(end, Letters(text, at + 1));
        var name = text[(at + 1)..nameEnd];
        if (name.IsEmpty)
        {
            // A space, a line's end, a brace; or a sign that would mean something without it.
            var isSpace = at + 1 < end && text[at + 1] is ' ' or ',' or ';' or ':' or '!' or '\\' or '{' or '}' or '(' or ')' or '[' or ']';
            draft.Drop(isSpace ? at + 2 : at + 1);
            if (!isSpace && draft.At < end && text[at + 1] is '%' or '$' or '#' or '&' or '_')
                draft.Keep(at + 2);
            return true;
        }

        if (depth < MostDepth && TryStructure(ref draft, name, nameEnd, end, depth))
            return true;
        if (LatexNames.IsSilent(name))
        {
            draft.Drop(nameEnd);
            // The brackets of \left and \right; a point is none.
            if (name is "left" or "right" && draft.At < end && draft.Next == '.')
                draft.Drop(draft.At + 1);
            else if (name is "begin" or "end" && Argument(text, nameEnd, end) is { To: > 0 } environment)
                draft.Drop(environment.To);
        }
        else if (LatexNames.SignOf(name) is var sign and not '\0')
            draft.Say(Compared(draft.Words, sign), nameEnd);
        else if (draft.Words.Functions.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var function))
            draft.Say(function, nameEnd);
        else
        {
            draft.Drop(at + 1);
            draft.Keep(nameEnd);
            // What comes after the name is not a part of it.
            draft.Drop(Math.Min(end, Math.Max(nameEnd, Surroundings.SkipSpaces(text, nameEnd))));
        }

        return true;
    }

    private static bool TryStructure(ref Draft draft, ReadOnlySpan<char> name, int at, int end, int depth)
    {
        var text = draft.Source;
        switch (name)
        {
            case "frac" or "dfrac" or "tfrac" or "cfrac" or "binom" when Argument(text, at, end) is { To: > 0 } upper
                && Argument(text, upper.To, end) is { To: > 0 } lower:
                Pair(ref draft, upper, lower, name is "binom", depth);
                return true;
            case "sqrt":
                return TryRoot(ref draft, at, end, depth);
            case "text" or "mbox" or "textrm" or "textbf" or "textit"
                when Argument(text, at, end) is { To: > 0 } plain:
                var brace = text[plain.From] == '{' ? 1 : 0;
                draft.Drop(plain.From + brace);
                draft.Keep(plain.To - brace);
                draft.Drop(plain.To);
                return true;
            case "hat" or "widehat" or "bar" or "overline" or "tilde" or "dot" or "vec" or "overrightarrow"
                when Argument(text, at, end) is { To: > 0 } marked:
                var mark = LatexNames.Mark(name);
                var word = draft.Words.Functions.TryGetValue(mark, out var known) ? known : "";
                if (mark == "vec")
                    draft.Say(word, marked.From);
                else
                    draft.Drop(marked.From);
                Read(ref draft, marked.To, depth + 1);
                if (mark != "vec")
                    draft.Say(word, draft.At);
                return true;
            case "sum" or "prod" or "int" or "iint" or "oint" or "lim":
                return TryBounds(ref draft, name, at, end, depth);
            default:
                return false;
        }
    }

    private static void Pair(ref Draft draft, (int From, int To) upper, (int From, int To) lower, bool isChoice, int depth)
    {
        var (at, length, words) = (draft.At, draft.Length, draft.Words);
        var (between, lowerFirst) = isChoice ? (words.Functions.GetValueOrDefault("binom", ""), false) : words.Fraction;
        var (first, second) = lowerFirst ? (lower, upper) : (upper, lower);
        draft.Drop(first.From);
        Read(ref draft, first.To, depth + 1);
        draft.Say(between, draft.At);
        draft.At = second.From;
        Read(ref draft, second.To, depth + 1);
        draft.Respread(length, at, lower.To);
        draft.At = lower.To;
        // One that stands for one value keeps apart from what follows.
        draft.Part();
    }

    private static bool TryRoot(ref Draft draft, int at, int end, int depth)
    {
        var text = draft.Source;
        var roots = draft.Words.Roots;
        var degree = at < end && text[at] == '[' ? Close(text, at, end) : 0;
        if (Argument(text, degree > 0 ? degree + 1 : at, end) is not { To: > 0 } of)
            return false;
        if (degree == 0)
            draft.Say(roots.Square, of.From);
        else if (text[(at + 1)..degree] is "3")
            draft.Say(roots.Cube, of.From);
        else
        {
            draft.Drop(at + 1);
            Read(ref draft, degree, depth + 1);
            draft.Say(roots.Other, of.From);
        }

        Read(ref draft, of.To, depth + 1);
        return true;
    }

    /// <summary>A sum, a product, an integral or a limit, with what stands below and above.</summary>
    private static bool TryBounds(ref Draft draft, ReadOnlySpan<char> name, int at, int end, int depth)
    {
        var text = draft.Source;
        var (words, began) = (draft.Words, draft.At);
        var length = draft.Length;
        (int From, int To) lower = default, upper = default;
        var to = at;
        while (to < end && text[to] is '_' or '^' && Argument(text, to + 1, end, whole: true) is { To: > 0 } bound)
        {
            if (text[to] == '_')
                lower = bound;
            else
                upper = bound;
            to = Math.Max(to + 1, bound.To);
            to = to < end && Surroundings.SkipSpaces(text, to) is var next && next < end && text[next] is '_' or '^' ? next : to;
        }

        draft.Say(name is "lim" ? words.Functions.GetValueOrDefault("lim", "lim") : Name(words, LatexNames.SignOf(name)), at);
        if (to == at)
            return true;
        if (lower.To > 0)
        {
            draft.Say(upper.To > 0 ? words.Bounds.From : name is "lim" ? "" : words.Over, draft.At);
            draft.At = lower.From;
            Read(ref draft, lower.To, depth + 1);
        }

        if (upper.To > 0)
        {
            draft.Say(words.Bounds.To, draft.At);
            draft.At = upper.From;
            Read(ref draft, upper.To, depth + 1);
        }

        draft.Say(words.Bounds.Of, draft.At);
        draft.Respread(length, began, to);
        draft.At = to;
        return true;
    }
}
