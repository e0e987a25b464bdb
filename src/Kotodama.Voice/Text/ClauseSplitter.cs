using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Kotodama.Voice.Text;

/// <summary>
/// Cuts spoken text into clauses, one character at a time. It waits for the next character only where the mark before it may mean something
/// else. The first clause is cut at the first pause, so that the voice begins early; later ones are whole sentences where they are not too
/// long.
/// </summary>
internal sealed class ClauseSplitter
{
    // A dense character takes as long to say as two and a half letters.
    private const int DenseWeight = 5, LetterWeight = 2;
    private const int LeastWeight = 20 * LetterWeight, SoftWeight = 100 * LetterWeight, MostWeight = 200 * LetterWeight;

    private readonly Queue<(string Text, int[] Places, bool Kana)> _ready = new();
    private readonly StringBuilder _text = new();
    private readonly List<int> _places = [];
    private int _weight, _words, _dense, _open;
    private bool _first = true, _straightOpen, _kana, _lineBegins = true, _numbered;
    private Mark? _waiting;
    private (int End, int Weight) _cuttable;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mark(char Sign, int At, int End, bool Hard);

    /// <summary>
    /// Whether the first clause has not been cut, and could be cut after its last word: it is long, and nothing else cut it.
    /// </summary>
    public bool LongFirst => _first && (_words >= 8 || _dense >= 16);

    /// <summary>Whether what is held ends with a sentence, as far as one can know without the next character.</summary>
    public bool EndsSentence => _waiting is { Hard: true } mark
        ? Ends(mark, '\0')
        : _text.Length > 0 && _cuttable.End == _text.ToString().TrimEnd().Length && EndsHard();

    /// <summary>
    /// Whether what is held is only held because it is short, or because its end may yet prove to be none, as a digit's point.
    /// </summary>
    public bool HoldsShort => _waiting is not { Hard: true } mark || IsShort(0) || (mark.At > 0 && char.IsAsciiDigit(_text[mark.At - 1]));

    /// <summary>Whether a sentence that ended after so many more letters would be too short to be said alone.</summary>
    public bool IsShort(int more) => !_first && _weight + (more * LetterWeight) < LeastWeight;

    /// <summary>Takes the next character of the spoken text. A line's end is <c>\n</c>.</summary>
    /// <param name="c">The character.</param>
    /// <param name="place">Where it stands in the reply.</param>
    public void Put(char c, int place)
    {
        if (c == '\n')
        {
            Cut(_text.Length);
            (_open, _straightOpen, _lineBegins) = (0, false, true);
            return;
        }

        if (_waiting is { } mark && !Decide(mark, c))
        {
            Add(c, place);
            return;
        }

        if (_text.Length == 0 && BeginsNothing(c))
        {
            Count(c);
            return;
        }

        if (_weight >= MostWeight && !char.IsLowSurrogate(c) && !IsPartOfCluster(c))
            CutSomewhere();
        Add(c, place);
        Count(c);
        if (Punctuation.IsDenseHard(c) || Punctuation.IsDenseSoft(c))
        {
            var dense = new Mark(c, _text.Length - 1, _text.Length, Punctuation.IsHard(c) && c != '…');
            if (_open > 0 || _straightOpen)
                _waiting = dense;
            else
                CutIfLongEnough(dense);
        }
        else if (Punctuation.IsHard(c) || Punctuation.IsSoft(c))
            _waiting = new Mark(c, _text.Length - 1, _text.Length, Punctuation.IsHard(c));
    }

    /// <summary>Cuts what is held, because nothing more comes or it has been long enough.</summary>
    public void Flush() => Cut(_text.Length);

    /// <summary>Forgets what is held of the reply from a place on. To be followed by <see cref="Flush"/>.</summary>
    public void Drop(int from)
    {
        while (_places.Count > 0 && _places[^1] >= from)
            Remove(_places.Count - 1);
    }

    /// <summary>Cuts the long first clause after its last whole word.</summary>
    public void CutLongFirst()
    {
        var end = _text.Length;
        if (!Script.IsDense(_text[end - 1]))
            while (end > 0 && !char.IsWhiteSpace(_text[end - 1]) && !Script.IsDense(_text[end - 1]))
                end--;
        if (end > 0 && end < _text.Length && char.IsLowSurrogate(_text[end]))
            end++;
        if (end > 0)
            Cut(end);
    }

    /// <summary>Takes the next clause out.</summary>
    /// <param name="told">The language that the reply was sent with.</param>
    /// <param name="clause">The clause.</param>
    public bool TryRead(string? told, out Clause? clause)
    {
        clause = _ready.TryDequeue(out var ready)
            ? new Clause(ready.Text, ready.Places, Script.LanguageOf(ready.Text, ready.Kana, told))
            : null;
        return clause is not null;
    }

    /// <summary>Whether nothing that is said begins with this sign: what is left of the clause before.</summary>
    private bool BeginsNothing(char c) =>
        char.IsWhiteSpace(c) || Punctuation.IsHard(c) || Punctuation.IsSoft(c) || IsPartOfCluster(c) || c == '–'
        || (Punctuation.IsClosing(c) && (c is not ('"' or '\'') || _straightOpen));

    private static bool IsPartOfCluster(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark;

    private void Add(char c, int place)
    {
        if (char.IsWhiteSpace(c) && (_text.Length == 0 || char.IsWhiteSpace(_text[^1])))
            return;
        if (_text.Length > 0 && char.IsWhiteSpace(_text[^1]) && (Punctuation.IsHard(c) || Punctuation.IsSoft(c)) && _waiting is null)
            Remove(_text.Length - 1);
        _text.Append(c);
        _places.Add(place);
        var dense = Script.IsDense(c);
        _weight += dense ? DenseWeight : LetterWeight;
        _dense += dense ? 1 : 0;
        _kana |= Script.IsKana(c);
        if (!dense && char.IsLetterOrDigit(c) && (_text.Length == 1 || !char.IsLetterOrDigit(_text[^2]) || Script.IsDense(_text[^2])))
            _words++;
        // The number of a list's point, as in "1. Wash the rice", ends no sentence.
        _numbered = char.IsAsciiDigit(c) ? _lineBegins || (_numbered && _text.Length > 1) : _numbered && c == '.';
        _lineBegins &= !char.IsLetterOrDigit(c);
    }

    private void Remove(int at)
    {
        _text.Remove(at, 1);
        _places.RemoveAt(at);
        _weight -= LetterWeight;
    }

    private void Count(char c)
    {
        if (c == '"')
            _straightOpen = !_straightOpen;
        else if (Punctuation.IsOpening(c))
            _open++;
        else if (Punctuation.IsClosing(c) && c is not ('’' or '\'') && _open > 0)
            _open--;
    }

    /// <summary>
    /// Decides what a mark means now that the character after it is known. False: that one belongs to the mark, or tells nothing.
    /// </summary>
    private bool Decide(Mark mark, char next)
    {
        var touches = mark.End == _text.Length;
        if (touches && (Punctuation.IsClosing(next) || Punctuation.IsHard(next)))
        {
            Count(next);
            // Three points are a pause.
            var hard = mark.Hard
                ? !(next == '.' && _text[^1] == '.') && next != '…'
                : Punctuation.IsHard(next) && next is not ('.' or '…');
            _waiting = mark with { End = mark.End + 1, Hard = hard };
            return false;
        }

        if (char.IsWhiteSpace(next) && NeedsWord(mark))
            return false;
        _waiting = null;
        if (Ends(mark, next))
            CutIfLongEnough(mark);
        return true;
    }

    private bool Ends(Mark mark, char next)
    {
        if (Punctuation.IsDenseHard(mark.Sign) || Punctuation.IsDenseSoft(mark.Sign))
            return true;
        var apart = next == '\0'
            || char.IsWhiteSpace(next)
            || mark.End < _text.Length
            || Script.IsDense(next)
            || Punctuation.IsOpening(next);
        if (mark.Sign is '!' or '?')
            return apart || char.IsLetter(next);
        if (!apart)
            return false;
        return mark.Sign != '.' || mark.End - mark.At > 1 || !(_numbered || Abbreviation.IsAt(_text, mark.At, next));
    }

    private bool NeedsWord(Mark mark) => mark.Sign == '.' && mark.End - mark.At == 1 && Abbreviation.IsOpen(_text, mark.At);

    private bool EndsHard()
    {
        var i = _text.Length - 1;
        while (i > 0 && (char.IsWhiteSpace(_text[i]) || Punctuation.IsClosing(_text[i])))
            i--;
        return Punctuation.IsHard(_text[i]);
    }

    private void CutIfLongEnough(Mark mark)
    {
        var enough = _first
            ? mark.Hard || _words >= 2 || _dense >= 4
            : _weight >= (mark.Hard ? LeastWeight : SoftWeight);
        if (enough)
            Cut(mark.End);
        else
            _cuttable = (mark.End, _weight);
    }

    /// <summary>The clause is as long as it may be: cuts at the last mark, else after the last word, else where it is.</summary>
    private void CutSomewhere()
    {
        if (_cuttable.Weight >= LeastWeight)
        {
            Cut(_cuttable.End);
            return;
        }

        var end = _text.Length;
        while (end > 0 && !char.IsWhiteSpace(_text[end - 1]))
            end--;
        Cut(end > _text.Length / 4 ? end : _text.Length);
    }

    private void Cut(int end)
    {
        var text = _text.ToString();
        var places = _places.ToArray();
        var (numbered, begins) = (_numbered, _lineBegins);
        _text.Clear();
        _places.Clear();
        (_weight, _words, _dense, _waiting, _cuttable) = (0, 0, 0, null, default);
        var spoken = text.AsSpan(0, end).TrimEnd().Length;
        if (text.AsSpan(0, spoken).ContainsAnyWord())
        {
            _ready.Enqueue((text[..spoken], places[..spoken], _kana));
            _first = false;
        }

        for (var i = end; i < text.Length; i++)
            Add(text[i], places[i]);
        (_numbered, _lineBegins) = (numbered, begins);
    }
}
