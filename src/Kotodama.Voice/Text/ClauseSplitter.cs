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
    private string? _arabic;
    private Mark? _waiting;
    private (int End, int Weight) _cuttable;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mark(char Sign, int At, int End, bool Hard, int Weight);

    /// <summary>
    /// Whether the first clause has not been cut, and could be cut after its last word: it is long, and nothing else cut it.
    /// </summary>
    public bool LongFirst => _first && (_words >= 8 || _dense >= 16);

    /// <summary>Whether what is held ends with a sentence, as far as one can know without the next character.</summary>
    public bool EndsSentence => _waiting is { Hard: true } mark
        ? WordAfter(mark).Length == 0 && Ends(mark, '\0')
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
        if (Punctuation.IsHard(c) || Punctuation.IsSoft(c))
            Note(c);
    }

    /// <summary>Takes a character that ends no clause, whatever it is, and stays where it is: of a formula, or the point of .NET.</summary>
    public void PutPlain(char c, int place)
    {
        if (_waiting is { } mark)
            Decide(mark, char.IsWhiteSpace(c) ? ' ' : 'x');
        Append(c, place);
    }

    /// <summary>So many characters come that belong together: cuts before them if the clause would become too long.</summary>
    public void Keep(int length)
    {
        while (_weight > 0 && _weight + (length * LetterWeight) > MostWeight)
            CutSomewhere();
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
        clause = null;
        if (!_ready.TryDequeue(out var ready))
            return false;
        var language = Script.LanguageOf(ready.Text, ready.Kana, told);

        // One clause with letters that Arabic has not makes those after it Persian or Urdu too.
        if (language is "ur" or "fa")
            _arabic = language;
        else if (language == "ar" && told is null)
            language = _arabic ?? language;
        clause = new Clause(ready.Text, ready.Places, language);
        return true;
    }

    /// <summary>Whether nothing that is said begins with this sign: what is left of the clause before.</summary>
    private bool BeginsNothing(char c) =>
        char.IsWhiteSpace(c) || Punctuation.IsHard(c) || Punctuation.IsSoft(c) || IsPartOfCluster(c) || c == '–'
        || (Punctuation.IsClosing(c) && (c is not ('"' or '\'') || _straightOpen));

    /// <summary>Whether a character belongs to the letter before it.</summary>
    public static bool IsPartOfCluster(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark;

    private void Add(char c, int place)
    {
        if (char.IsWhiteSpace(c) && (_text.Length == 0 || char.IsWhiteSpace(_text[^1])))
            return;
        if (_text.Length > 0 && char.IsWhiteSpace(_text[^1]) && (Punctuation.IsHard(c) || Punctuation.IsSoft(c)) && _waiting is null)
            Remove(_text.Length - 1);
        Append(c, place);
    }

    private void Append(char c, int place)
    {
        _text.Append(c);
        _places.Add(place);
        var dense = Script.IsDense(c);
        _weight += dense ? DenseWeight : LetterWeight;
        _dense += dense ? 1 : 0;
        _kana |= Script.IsKana(c);
        if (!dense && char.IsLetterOrDigit(c) && (_text.Length == 1 || !IsOfWord(_text[^2])))
            _words++;
        // The number of a list's point, as in "1. Wash the rice", ends no sentence.
        _numbered = char.IsDigit(c) ? _lineBegins || (_numbered && _text.Length > 1) : _numbered && c is '.' or '．';
        _lineBegins &= !char.IsLetterOrDigit(c);
    }

    private static bool IsOfWord(char c) => (char.IsLetterOrDigit(c) && !Script.IsDense(c)) || IsPartOfCluster(c);

    /// <summary>A mark of which it may have to be seen what comes next.</summary>
    private void Note(char c)
    {
        var mark = new Mark(c, _text.Length - 1, _text.Length, Punctuation.IsHard(c) && c != '…', _weight);
        var isDense = Punctuation.IsDenseHard(c) || Punctuation.IsDenseSoft(c);
        if (!isDense || _open > 0 || _straightOpen || (mark.At > 0 && char.IsDigit(_text[mark.At - 1]) && Punctuation.IsOfNumbers(c)))
            _waiting = mark;
        else
            CutIfLongEnough(mark);
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
            _waiting = mark with { End = mark.End + 1, Hard = hard, Weight = _weight + LetterWeight };
            return false;
        }

        if (NeedsMore(mark, next))
            return false;
        _waiting = null;
        if (Ends(mark, next))
            CutIfLongEnough(mark);
        return true;
    }

    private bool Ends(Mark mark, char next)
    {
        if (Punctuation.IsDenseHard(mark.Sign) || Punctuation.IsDenseSoft(mark.Sign))
            return !(char.IsDigit(next) && mark.At > 0 && char.IsDigit(_text[mark.At - 1])) && !(_numbered && mark.Sign == '．');
        var apart = next == '\0'
            || char.IsWhiteSpace(next)
            || mark.End < _text.Length
            || Script.IsDense(next)
            || Punctuation.IsOpening(next);
        if (mark.Sign is '!' or '?')
            return apart || char.IsLetter(next);
        if (!apart)
            return false;
        return mark.Sign != '.' || mark.End - mark.At > 1 || !(_numbered || Abbreviation.IsAt(_text, mark.At, WordAfter(mark), next));
    }

    /// <summary>
    /// Whether the point may be that of an abbreviation and the word after it, which tells, has not come whole. A very long one is no word
    /// that tells.
    /// </summary>
    private bool NeedsMore(Mark mark, char next)
    {
        if (mark.Sign != '.' || mark.End - mark.At > 1 || !Abbreviation.IsOpen(_text, mark.At))
            return false;
        if (char.IsWhiteSpace(next))
            return mark.End == _text.Length || char.IsWhiteSpace(_text[^1]);
        var goesOn = char.IsLetter(next) && !Script.IsDense(next);
        return goesOn && mark.End < _text.Length && _text.Length - mark.End <= Abbreviation.Longest;
    }

    /// <summary>The word after a mark, as far as it has come.</summary>
    private string WordAfter(Mark mark) => _text.ToString(mark.End, _text.Length - mark.End).TrimStart();

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
            : mark.Weight >= (mark.Hard ? LeastWeight : SoftWeight);
        if (enough)
            Cut(mark.End);
        else
            _cuttable = (mark.End, mark.Weight);
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
