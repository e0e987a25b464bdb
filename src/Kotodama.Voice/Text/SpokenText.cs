namespace Kotodama.Voice.Text;

/// <summary>
/// Leaves out of a reply what is not to be spoken, and hands the rest on with its places: Markdown signs, code, addresses, emoji, faces,
/// tags, reasoning, stage directions. A sign is markup only where CommonMark takes it so. It holds back what it cannot tell yet, a bounded
/// piece.
/// </summary>
internal sealed class SpokenText
{
    private readonly Window _window = new();
    private readonly SpokenOutput _output;
    private readonly SkippedText _skipped = new();
    private readonly SpokenWords _words;
    private readonly SilentReasoning _reasoning;
    private bool _lineBegins = true, _isQuoted, _isPath;
    private int _links;

    /// <summary>Makes a reader.</summary>
    /// <param name="clauses">Takes the spoken text.</param>
    public SpokenText(ClauseSplitter clauses)
    {
        _output = new SpokenOutput(clauses);
        _words = new SpokenWords(_window, _output, _skipped);
        _reasoning = new SilentReasoning(_words, _output, _skipped);
    }

    /// <summary>What is held back when that is a plain word, else nothing: with a pause after it, it can be taken as whole.</summary>
    public ReadOnlySpan<char> HeldWord
    {
        get
        {
            var held = _skipped.IsOpen || _window.HoldsEntity ? [] : _window.Text;
            return held.IsEmpty || !Markup.IsWordSign(held[0]) ? [] : held;
        }
    }

    /// <summary>Reads on.</summary>
    /// <param name="text">What came next of the reply.</param>
    public void Append(ReadOnlySpan<char> text)
    {
        _window.Append(text);
        Read(final: false);
    }

    /// <summary>Takes what is held back as it is: nothing more comes, or not soon.</summary>
    public void Flush()
    {
        _window.EndEntity();
        Read(final: true);
    }

    /// <summary>Forgets what is held back of the reply from a place on.</summary>
    public void Drop(int from) => _window.Drop(from);

    private void Read(bool final)
    {
        while (!_window.Text.IsEmpty)
        {
            var taken = Take(_window.Text, final);
            if (taken == 0)
                break;
            _window.Take(taken);
        }
    }

    /// <summary>Reads what stands at the beginning of the window.</summary>
    /// <returns>How many characters were read. 0: more must come to know what it is.</returns>
    private int Take(ReadOnlySpan<char> window, bool final)
    {
        if (_skipped.IsOpen)
            return Skip(window, final);
        var c = window[0];
        if (c == '\n')
            return EndLine();
        if (c == '\r')
            return 1;
        if (char.IsWhiteSpace(c) && c is not ('\u2028' or '\u2029'))
        {
            _output.Space(Place());
            (_isPath, _words.Before) = (false, ' ');
            return 1;
        }

        // A block of code is silent whatever its language, also one that is called "thinking".
        var taken = c == '`' ? -1 : _reasoning.Read(window, _lineBegins, final);
        if (taken < 0)
            taken = ReadSign(window, final);
        if (taken == 0)
            return 0;
        _lineBegins &= IsMarker(window, taken);
        if (!_skipped.IsOpen)
            _words.Before = window[taken - 1];
        return taken;
    }

    private int ReadSign(ReadOnlySpan<char> window, bool final)
    {
        var c = window[0];
        return c switch
        {
            '`' or '~' when _lineBegins && Markup.Fence(window, final) is var fence && fence != 0 => fence < 0 ? 0 : BeginFence(c, fence),
            '`' => _words.Backtick(window, final),
            '<' => Tag(window, final),
            '>' => Greater(window, final),
            '[' => Bracket(window, final),
            ']' => BracketEnd(window, final),
            '!' => Image(window, final),
            '*' or '＊' or '_' => _words.Star(window, final),
            '|' => _words.Pause(1),
            '~' or '～' or '〜' => _words.Wave(window, final),
            '\\' => Escape(window, final),
            '$' => _words.Dollar(window, final),
            '(' or '（' or 'ʕ' => _words.Parenthesis(window, final),
            '-' => _words.Minus(window, final),
            _ when Markup.IsWordSign(c) => _words.Word(window, final),
            _ => _words.Other(window, final),
        };
    }

    private int Place(int offset = 0) => _window.PlaceOf(offset);

    private int EndLine()
    {
        _output.EndLine(Place());
        (_lineBegins, _isQuoted, _isPath, _links) = (true, false, false, 0);
        _words.BeginLine();
        return 1;
    }

    /// <summary>Whether a list's point or a quotation's sign was read, after which a line begins once more.</summary>
    private bool IsMarker(ReadOnlySpan<char> window, int taken)
    {
        if (window[0] == '>')
        {
            _isQuoted |= _lineBegins;
            return true;
        }

        if (taken < window.Length && !char.IsWhiteSpace(window[taken]))
            return false;
        if (taken == 1)
            return window[0] is '-' or '+' or '*';
        return taken < 11 && window[taken - 1] is '.' or ')' && window[..(taken - 1)].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private int Skip(ReadOnlySpan<char> window, bool final)
    {
        var taken = _skipped.Read(window, final, out var endsLine);
        if (endsLine)
            EndLine();
        return taken < 0 ? Take(window, final) : taken;
    }

    private int BeginFence(char sign, int length)
    {
        var isQuoted = _isQuoted;
        EndLine();
        _skipped.Fence(sign, length, isQuoted);
        return length;
    }

    private int Tag(ReadOnlySpan<char> window, bool final)
    {
        var face = Face.BareAt(window, final);
        if (face >= 0)
            return face == 0 ? 0 : _words.Leave(face, Gap.Space);
        var (length, name) = HtmlTag.At(window, final);
        if (length < 0)
            return Compare(window, final);
        if (length == 0)
            return 0;
        switch (name)
        {
            case "script" or "style" when window[1] != '/':
                return Hidden(window, length, name, final);
            case "br" or "hr" or "p" or "li" or "div" or "tr" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
            case "ul" or "ol" or "table" or "blockquote" or "details" or "summary" or "section" or "article" or "pre" or "dt" or "dd":
                _output.EndLine(Place());
                break;
            case "td" or "th" when window[1] == '/':
                _output.Pause(Place());
                break;
            case "sup" when window[1] != '/' && char.IsLetterOrDigit(_output.Last):
                _output.Put('^', Place());
                break;
            default:
                _output.Leave(Place(), name is null ? Gap.Space : Gap.Digits);
                break;
        }

        return length;
    }

    /// <summary>What stands between two tags is not spoken. Within a line a tag that nothing closes is only mentioned.</summary>
    private int Hidden(ReadOnlySpan<char> window, int length, string name, bool final)
    {
        var end = $"</{name}>";
        if (!_lineBegins)
        {
            var near = window[..Math.Min(window.Length, Markup.MostHidden)];
            var close = near.IndexOf(end, StringComparison.OrdinalIgnoreCase);
            if (close >= 0 && near[length..close].Contains($"<{name}", StringComparison.OrdinalIgnoreCase))
                return _words.Leave(length, Gap.Digits);
            if (close < 0)
                return final || window.Length >= Markup.MostHidden ? _words.Leave(length, Gap.Digits) : 0;
        }

        _output.Leave(Place(), Gap.Space);
        _skipped.Until(end);
        return length;
    }

    private int Greater(ReadOnlySpan<char> window, bool final)
    {
        var face = Face.BareAt(window, final);
        if (face >= 0)
            return face == 0 ? 0 : _words.Leave(face, Gap.Space);
        if (_lineBegins || _words.Before is '-' or '=')
            return _words.Leave(1, Gap.Space);
        return Compare(window, final);
    }

    private int Compare(ReadOnlySpan<char> window, bool final)
    {
        var length = Markup.Comparison(window, final);
        if (length == 0)
            return 0;
        if (length < 0 || !_output.IsWord || !IsEven(_words.Before, window[length]))
            return _words.Leave(1, Gap.Space);
        for (var i = 0; i < length; i++)
            _output.Put(window[i], Place(i));
        return length;
    }

    /// <summary>A sign that compares has a space on both sides or on none; only beside a number it needs no more.</summary>
    private static bool IsEven(char before, char after) =>
        char.IsDigit(before) || char.IsDigit(after) || char.IsWhiteSpace(before) == char.IsWhiteSpace(after);

    private int Bracket(ReadOnlySpan<char> window, bool final)
    {
        var (length, kind) = Markup.Bracket(window, final, _words.Before);
        if (length == 0)
            return 0;
        if (kind == BracketKind.Tag)
        {
            if (_lineBegins && Markup.Definition(window, length, final) is var definition && definition >= 0)
            {
                if (definition > 0)
                    _skipped.Line();
                return definition;
            }

            return _words.Leave(length, Gap.Space);
        }

        _links += kind == BracketKind.Link ? 1 : 0;
        return _words.Leave(kind == BracketKind.Double ? 2 : 1, kind == BracketKind.Link ? Gap.Digits : Gap.Space);
    }

    private int BracketEnd(ReadOnlySpan<char> window, bool final)
    {
        if (window.Length == 1 && !final)
            return 0;
        if (_links == 0 || window.Length == 1 || window[1] is not ('(' or '['))
            return _words.Leave(1, Gap.Space);
        var length = Markup.Target(window[1..], final);
        if (length == 0)
            return 0;
        _links--;
        if (length < 0)
            return _words.Leave(1, Gap.Space);
        if (length > Markup.MostTarget)
        {
            _skipped.Target();
            length = 1;
        }

        return _words.Leave(length + 1, Gap.Digits);
    }

    private int Image(ReadOnlySpan<char> window, bool final)
    {
        if (window.Length < 2 || window[1] != '[')
            return _words.Word(window, final);
        var (length, kind) = Markup.Bracket(window[1..], final, '!');
        return length == 0 ? 0 : kind == BracketKind.Link ? _words.Leave(1, Gap.None) : _words.Say(window);
    }

    private int Escape(ReadOnlySpan<char> window, bool final)
    {
        var formula = Formula.At(window, final);
        if (formula >= 0)
            return formula == 0 ? 0 : _words.SayFormula(window[..formula]);
        var escape = Backslash.At(window, _isPath || (_words.Before == ':' && _output.WordBefore.Length == 1), final);
        switch (escape)
        {
            case Backslash.Kind.Unknown:
                return 0;
            case Backslash.Kind.Line:
                EndLine();
                return 2;
            case Backslash.Kind.Space:
                _output.Space(Place());
                return 2;
            case Backslash.Kind.Code:
                _output.Put(Backslash.Decode(window), Place());
                return Backslash.CodeLength;
            case Backslash.Kind.Sign:
                return 1 + _words.Say(window[1..], 1);
            case Backslash.Kind.Path:
                _isPath = true;
                return _words.Leave(1, Gap.Space);
            default:
                return _words.Leave(1, Gap.Space);
        }
    }
}
