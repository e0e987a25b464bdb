using System.Text;

namespace Kotodama.Voice.Text.Saying;

/// <summary>
/// A clause while its signs become words: how far it was read, and what was written of it. Nothing is allocated until the first change.
/// </summary>
internal ref struct Draft
{
    private readonly IReadOnlyList<int> _origin;
    private StringBuilder? _text;
    private List<int>? _places;
    private Seam _seam;

    /// <summary>Begins a draft.</summary>
    /// <param name="source">What is read; full-width forms of ASCII are ASCII already.</param>
    /// <param name="origin">The place of each of its characters in the reply.</param>
    /// <param name="words">The words of its language.</param>
    /// <param name="changed">Whether the source differs from the clause, so that there is something to write in any case.</param>
    public Draft(ReadOnlySpan<char> source, IReadOnlyList<int> origin, SignWords words, bool changed)
    {
        Source = source;
        (_origin, Words) = (origin, words);
        if (changed)
            Begin();
    }

    private enum Seam
    {
        None,

        /// <summary>A word was written that is no part of the reply.</summary>
        Word,

        /// <summary>A sign was left out that kept its neighbours apart.</summary>
        Dropped,
    }

    /// <summary>What is read.</summary>
    public ReadOnlySpan<char> Source { get; }

    /// <summary>The words of its language.</summary>
    public SignWords Words { get; }

    /// <summary>How far it was read.</summary>
    public int At { get; set; }

    /// <summary>The number that was read last, its unit included: where it ends, and what it is worth.</summary>
    public (int End, double Value) Number { get; set; }

    /// <summary>The piece of the source that was last looked at as a calculation, and whether it is one.</summary>
    public (int From, int To, bool Is) Calculation { get; set; }

    /// <summary>The character that is read next; a space at the end.</summary>
    public readonly char Next => Peek(0);

    /// <summary>How long what was written is. To be passed to <see cref="Respread"/>.</summary>
    public int Length
    {
        get
        {
            Begin();
            return _text!.Length;
        }
    }

    /// <summary>A character near the one that is read next; a space beyond the ends.</summary>
    public readonly char Peek(int offset) => At + offset >= 0 && At + offset < Source.Length ? Source[At + offset] : ' ';

    /// <summary>What stands there stays as it is.</summary>
    /// <param name="to">Where it ends.</param>
    public void Keep(int to)
    {
        if (_text is not null && to > At)
        {
            Join(Source[At]);
            for (var i = At; i < to; i++)
                Append(Source[i], _origin[i]);
        }

        At = to;
    }

    /// <summary>What stands there is said in other words, which share its places.</summary>
    /// <param name="words">What is said.</param>
    /// <param name="to">Where it ends. Where it begins: the words stand for nothing, and share the place of what is before them.</param>
    public void Say(scoped ReadOnlySpan<char> words, int to)
    {
        words = words.Trim();
        if (words.IsEmpty)
        {
            Drop(to);
            return;
        }

        Begin();
        _seam = Seam.Word;
        Join(words[0]);
        var (from, length) = to > At ? (At, to - At) : (Math.Max(0, At - 1), 1);
        for (var i = 0; i < words.Length; i++)
            Append(words[i], _origin[from + (int)((long)i * length / words.Length)]);
        (_seam, At) = (Seam.Word, to);
    }

    /// <summary>What stands there is not said, and joins nothing.</summary>
    /// <param name="to">Where it ends.</param>
    public void Drop(int to)
    {
        if (to == At)
            return;
        Begin();
        // A word that was said before it parts them already.
        (_seam, At) = (_seam == Seam.Word ? Seam.Word : Seam.Dropped, to);
    }

    /// <summary>What comes next is no part of what was written.</summary>
    public void Part() => _seam = Seam.Word;

    /// <summary>What was written in another order than it was read shares the places of what was read.</summary>
    /// <param name="length">How long the text was before.</param>
    /// <param name="from">Where what was read begins.</param>
    /// <param name="to">Where it ends.</param>
    public readonly void Respread(int length, int from, int to)
    {
        if (_places is null || to <= from)
            return;
        var count = _places.Count - length;
        for (var i = 0; i < count; i++)
            _places[length + i] = _origin[from + (int)((long)i * (to - from) / count)];
    }

    /// <summary>The clause as it is said; the same one where nothing changed.</summary>
    public readonly Clause Finish(Clause clause)
    {
        if (_text is null)
            return clause;
        var text = _text.ToString();
        var length = text.AsSpan().TrimEnd().Length;
        if (length == 0)
            return clause;
        // What follows a clause in the reply follows all of it, also a sign that was left out at an end of it.
        var places = _places![..length];
        (places[0], places[^1]) = (length > 1 ? clause.Places[0] : places[0], clause.Places[^1]);
        return clause with { Text = text[..length], Places = places };
    }

    private void Begin()
    {
        if (_text is not null)
            return;
        _text = new StringBuilder(Source.Length + 32).Append(Source[..At]);
        _places = new List<int>(Source.Length + 32);
        for (var i = 0; i < At; i++)
            _places.Add(_origin[i]);
    }

    /// <summary>Keeps what comes next apart from what was written before a seam.</summary>
    private void Join(char next)
    {
        var seam = _seam;
        _seam = Seam.None;
        if (seam == Seam.None || _text!.Length == 0 || char.IsWhiteSpace(next))
            return;
        var last = _text[^1];
        if (!(IsWordEdge(last) || last == ')') || !(IsWordEdge(next) || (next == '(' && seam == Seam.Word)))
            return;
        // An alphabet's word and a dense character beside it are two anyway; two dense ones may be another word together.
        var dense = Script.IsDense(last) || Script.IsDense(next);
        if (!dense || (seam == Seam.Dropped && Script.IsDense(last) && Script.IsDense(next)))
            Append(' ', _places![^1]);
    }

    /// <summary>Whether a word begins or ends with it: marks and closing brackets stand without a space.</summary>
    private static bool IsWordEdge(char c) =>
        char.IsLetterOrDigit(c) || char.IsSurrogate(c)
        || c is '+' or '-' or '=' or '%' or '°' or '$' or '#' or '/' || c is >= '\u2190' and < '\u2E80';

    private readonly void Append(char c, int place)
    {
        if (char.IsWhiteSpace(c) && (_text!.Length == 0 || char.IsWhiteSpace(_text[^1])))
            return;
        _text!.Append(c);
        _places!.Add(place);
    }
}
