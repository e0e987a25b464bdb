namespace Kotodama.Voice.Text;

/// <summary>What stands between two characters of which something was left out.</summary>
internal enum Gap
{
    /// <summary>Nothing: what was left out has no width.</summary>
    None,

    /// <summary>A space between two digits: markup joins letters, as in <c>un**believ**able</c>, but makes no number of two.</summary>
    Digits,

    /// <summary>A space, but not within a script without spaces.</summary>
    Word,

    /// <summary>A space.</summary>
    Space,
}

/// <summary>
/// Hands the spoken text of a reply on, and keeps its words apart: what is left out never joins its neighbours, brackets with nothing
/// spoken in them stay away, and spaces and line ends come once.
/// </summary>
/// <param name="clauses">Takes the spoken text.</param>
internal sealed class SpokenOutput(ClauseSplitter clauses)
{
    private const int MostOpened = 8;

    private readonly List<(char Sign, int Place)> _opened = [];
    private readonly char[] _word = new char[16];
    private Gap _gap;
    private int _gapPlace, _letters;

    /// <summary>The character that was handed on last.</summary>
    public char Last { get; private set; } = '\n';

    /// <summary>The same, spaces not counted.</summary>
    public char LastWord { get; private set; } = '\n';

    /// <summary>Whether anything of this line is spoken so far.</summary>
    public bool LineHasWords { get; private set; }

    /// <summary>Whether a sentence would begin here.</summary>
    public bool SentenceBegins { get; set; } = true;

    /// <summary>Whether nothing was spoken since the reply began, or since its reasoning ended.</summary>
    public bool AnswerBegins { get; set; } = true;

    /// <summary>Whether a sign after this may reckon with it: a number, a variable, the end of a bracket.</summary>
    public bool IsOperand => char.IsDigit(LastWord)
        || LastWord is ')' or '）' or '°' or '%' or '％'
        || (char.IsLetter(LastWord) && _letters == 1 && !Script.IsDense(LastWord));

    /// <summary>Whether words stand before this on the line, so that a sign may stand between them and others.</summary>
    public bool IsWord => LineHasWords
        && (char.IsLetterOrDigit(LastWord) || Punctuation.IsClosing(LastWord) || LastWord is '°' or '%' or '％');

    /// <summary>The last word, or its beginning where it is long. A digit is no part of it.</summary>
    public ReadOnlySpan<char> WordBefore => _word.AsSpan(0, Math.Min(_letters, _word.Length));

    /// <summary>The line ends.</summary>
    public void EndLine(int place)
    {
        _opened.Clear();
        if (Last != '\n')
            clauses.Put('\n', place);
        (Last, LastWord, LineHasWords, SentenceBegins, _gap) = ('\n', '\n', false, true, Gap.None);
    }

    /// <summary>A space, unless there is one.</summary>
    public void Space(int place)
    {
        if (Last is ' ' or '\n' || _opened.Count > 0)
            return;
        clauses.Put(' ', place);
        (Last, _gap) = (' ', Gap.None);
    }

    /// <summary>What parts words without being spoken is a pause: the columns of a table, dashes, waves.</summary>
    public void Pause(int place)
    {
        if (char.IsLetterOrDigit(LastWord) && _opened.Count == 0)
            Put(',', place);
        Leave(place + 1, Gap.Word);
    }

    /// <summary>Something is left out.</summary>
    public void Leave(int place, Gap gap)
    {
        if (gap > _gap)
            (_gap, _gapPlace) = (gap, place);
    }

    /// <summary>A bracket. One with nothing spoken behind it is left out, so an opening one waits for a word.</summary>
    public void Bracket(char c, int place)
    {
        if (c is '{' or '}' or '[' or ']' or '［' or '］' or '｛' or '｝')
            Leave(place, Gap.Space);
        else if (Punctuation.IsOpening(c))
        {
            if (_opened.Count < MostOpened)
                _opened.Add((c, place));
        }
        else if (_opened.Count > 0)
        {
            _opened.RemoveAt(_opened.Count - 1);
            Leave(place, Gap.Space);
        }
        else if (LineHasWords)
            Put(c, place);
    }

    /// <summary>A character that is spoken, or parts what is spoken.</summary>
    public void Put(char c, int place)
    {
        if (_opened.Count > 0 && char.IsPunctuation(c) && c != '-')
            return;
        Open(c, place);
        clauses.Put(c, place);
        Remember(c);
        SentenceBegins = Punctuation.IsHard(c) || (SentenceBegins && (char.IsWhiteSpace(c) || Punctuation.IsClosing(c)));
    }

    /// <summary>A character that is spoken and ends no clause, whatever it is: a point of <c>.NET</c>, all of a formula.</summary>
    public void PutPlain(char c, int place)
    {
        Open(c, place);
        clauses.PutPlain(c, place);
        Remember(c);
        SentenceBegins = false;
    }

    /// <summary>The next so many characters are to stand in one clause.</summary>
    public void Keep(int length) => clauses.Keep(length);

    private void Open(char c, int place)
    {
        if (_gap != Gap.None && _gapPlace < place && NeedsSpace(_opened.Count > 0 ? _opened[0].Sign : c))
        {
            clauses.Put(' ', _gapPlace);
            Last = ' ';
        }

        _gap = Gap.None;
        foreach (var (sign, at) in _opened)
            clauses.Put(sign, at);
        _opened.Clear();
    }

    private bool NeedsSpace(char next)
    {
        if (!IsOfWord(next))
            return false;
        return _gap switch
        {
            Gap.Digits => char.IsDigit(Last) && char.IsDigit(next),
            Gap.Word => (IsOfWord(Last) || Last == ',') && !Script.IsDense(next),
            _ => IsOfWord(Last) || (Last == ',' && !Script.IsDense(next)),
        };
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || ClauseSplitter.IsPartOfCluster(c);

    private void Remember(char c)
    {
        AnswerBegins = false;
        if (char.IsLetter(c))
        {
            _letters = char.IsLetter(Last) ? _letters + 1 : 1;
            if (_letters <= _word.Length)
                _word[_letters - 1] = c;
        }

        Last = c;
        if (!char.IsWhiteSpace(c))
            LastWord = c;
        LineHasWords |= char.IsLetterOrDigit(c) || char.IsSurrogate(c);
    }
}
