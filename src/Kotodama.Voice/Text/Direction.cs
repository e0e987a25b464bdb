namespace Kotodama.Voice.Text;

/// <summary>
/// Stage directions of a role play, as <c>*smiles softly*</c> and <c>（微笑）</c>: silent where they begin or end a sentence and clearly tell
/// of an action. Everything else between stars is emphasis, and between brackets an aside; both are said.
/// </summary>
internal static class Direction
{
    private const int Most = 120, MostAfter = 24;

    // What stands before one of these is a part of a sentence, so it is said.
    private const string Particles = "的是很能可会會让讓也都不在和与與吗呢就了比最更はがをにでともやのへ";

    private const string Ends = "。！？", Tail = ",.!~…";

    private static readonly string[] Toward =
        ["around", "at", "up", "down", "away", "over", "back", "out", "off", "closer", "his", "her", "their", "your", "my", "you"];

    // A word that is the subject of a sentence, or binds to what follows, makes what follows emphasis.
    private static readonly string[] Subjects =
    [
        "he", "she", "it", "who", "that", "which", "never", "always", "often", "still", "also", "only", "just", "really", "and", "or",
        "then", "to", "the", "a",
    ];

    /// <summary>A direction, from the sign that opens it to the one that closes it.</summary>
    /// <param name="window">What is not read yet.</param>
    /// <param name="begins">Whether a sentence would begin here.</param>
    /// <param name="before">The word before it, where none begins.</param>
    /// <param name="final">Whether nothing more comes.</param>
    /// <returns>Its length. 0: more must come. -1: it is none.</returns>
    public static int At(ReadOnlySpan<char> window, bool begins, ReadOnlySpan<char> before, bool final)
    {
        var close = window[0] switch { '(' => ')', '（' => '）', var same => same };
        if (window.Length < 2)
            return final ? -1 : 0;
        if (char.IsWhiteSpace(window[1]) || (!begins && close == ')'))
            return -1;
        var end = window[1..Math.Min(window.Length, Most)].IndexOfAny(close, '\n');
        if (end < 0)
            return final || window.Length >= Most || !MayBecome(window[1..]) ? -1 : 0;
        var content = window.Slice(1, end);
        if (window[end + 1] == '\n' || content.IsEmpty || char.IsWhiteSpace(content[^1]))
            return -1;
        var kind = KindOf(content);
        return kind == Kind.None ? -1 : Surroundings(window, end + 2, kind, begins, before, final);
    }

    /// <summary>Whether this beginning may be that of a direction: so no sentence waits for the end of a long emphasis.</summary>
    private static bool MayBecome(ReadOnlySpan<char> begun)
    {
        if (Script.IsDense(begun[0]))
            return !begun.ContainsAny(Ends);
        var words = 0;
        foreach (var part in begun.Split(' '))
        {
            var word = begun[part].TrimEnd(Tail);
            if (part.End.Value == begun.Length || Actions.IsGesture(word) || Actions.IsDeed(word) || Actions.IsName(word))
                return true;
            if (!Leads(word, words++))
                return false;
        }

        return true;
    }

    private static Kind KindOf(ReadOnlySpan<char> content)
    {
        if (Script.IsDense(content[0]))
            return !content.ContainsAny(Ends) && Actions.IsDense(content) ? Kind.Dense : Kind.None;
        var (words, figure) = (0, false);
        foreach (var part in content.Split(' '))
        {
            var word = content[part].TrimEnd(Tail);
            var rest = content[Math.Min(part.End.Value + 1, content.Length)..];
            if (Actions.IsGesture(word) || (figure && Actions.IsName(word)))
                return IsThing(rest) ? Kind.None : Kind.Gesture;
            var isAlone = words == 0 && rest.IsEmpty;
            if (isAlone && Actions.IsName(word))
                return char.IsLower(word[0]) ? Kind.Name : Kind.None;
            if (Actions.IsDeed(word))
                return IsDeed(word, rest, isAlone) ? Kind.Deed : Kind.None;
            if (!Leads(word, words++))
                return Kind.None;
            figure |= Actions.IsFigure(word);
        }

        return Kind.None;
    }

    /// <summary>"Waves of joy" are no gesture.</summary>
    private static bool IsThing(ReadOnlySpan<char> rest) =>
        rest.StartsWith("of ") || rest.StartsWith("are ") || rest.StartsWith("is ") || rest.EndsWith(':');

    /// <summary>"Looks around" is a deed, "Points to remember" a title.</summary>
    private static bool IsDeed(ReadOnlySpan<char> word, ReadOnlySpan<char> rest, bool isAlone)
    {
        if (isAlone)
            return char.IsLower(word[0]) && word[^1] == 's';
        if (IsThing(rest))
            return false;
        var end = rest.IndexOf(' ');
        var next = rest[..(end < 0 ? rest.Length : end)].TrimEnd(Tail);
        return char.IsLower(word[0]) || Toward.Contains(next.ToString(), StringComparer.Ordinal);
    }

    /// <summary>Whether the word tells how something is done, or, as the first one, who does it.</summary>
    private static bool Leads(ReadOnlySpan<char> word, int before) => before < 2
        && (Actions.IsFigure(word)
            || (word.Length > 4 && word.EndsWith("ly") && char.IsLower(word[0]))
            || word is "then"
            || (before == 0 && word.Length > 1 && char.IsUpper(word[0]) && !Actions.IsNoName(word)));

    /// <summary>What follows tells whether the sentence goes on, so that the words between the signs are a part of it.</summary>
    private static int Surroundings(ReadOnlySpan<char> window, int end, Kind kind, bool begins, ReadOnlySpan<char> before, bool final)
    {
        var at = end;
        while (at < window.Length && window[at] is ' ' or '\u3000')
            at++;
        if (at == window.Length && !final)
            return 0;
        var next = at == window.Length ? '\n' : window[at];
        if (next is '\n' or '\r')
            return begins || (kind != Kind.Deed && !IsSubject(before)) ? end : -1;
        var touches = at == end;
        if (!begins)
            return kind == Kind.Dense && touches && Punctuation.IsDenseHard(next) && window[0] is '（' or '(' ? end : -1;
        if (touches && next is '"' or '”' or '」' or '*' or '＊' or '_' or ':' or '：' or ',' or '，' or '、' or '\'' or '’' or '-')
            return -1;
        if (kind == Kind.Dense)
            return touches && Particles.Contains(next, StringComparison.Ordinal) ? -1 : end;
        if (touches && char.IsLetterOrDigit(next) && !Script.IsDense(next) && !char.IsUpper(next))
            return -1;
        return char.IsLower(next) ? Spoken(window, at, end, kind, final) : end;
    }

    private static bool IsSubject(ReadOnlySpan<char> word) => Subjects.Contains(word.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>
    /// Small letters may go on with a sentence whose subject the word between the signs is: <c>*smiles* are free</c>. Of what is no gesture
    /// it must be something that people say first.
    /// </summary>
    private static int Spoken(ReadOnlySpan<char> window, int at, int end, Kind kind, bool final)
    {
        var length = 0;
        var rest = window[at..];
        while (length < rest.Length && length < MostAfter && (char.IsLetter(rest[length]) || rest[length] is '\'' or '’'))
            length++;
        if (length == rest.Length && !final && length < MostAfter)
            return 0;
        var word = rest[..length];
        var isMany = window[1..(end - 1)].Contains(' ');
        return (kind == Kind.Gesture ? isMany || !Actions.IsPredicate(word) : Actions.IsGreeting(word)) ? end : -1;
    }

    private enum Kind
    {
        None,
        Gesture,
        Name,
        Deed,
        Dense,
    }
}
