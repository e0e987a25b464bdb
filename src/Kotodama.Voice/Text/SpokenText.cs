using System.Globalization;
using System.Text;

namespace Kotodama.Voice.Text;

/// <summary>
/// Leaves out of a reply what is not to be spoken, and hands the rest on with its places: Markdown signs, code, addresses, emoji, tags,
/// reasoning, stage directions. It holds back what it cannot tell yet, a bounded piece.
/// </summary>
/// <param name="put">Takes a character of the spoken text and its place in the reply. A line's end is <c>\n</c>.</param>
internal sealed class SpokenText(Action<char, int> put)
{
    private readonly List<(char Sign, int Place)> _opened = [];
    private string _held = "";
    private int _place, _skipped;
    private Skip _skip;
    private int _fence, _run, _depth;
    private char _fenceSign;
    private string _end = "";
    private char _last = '\n', _lastWord = '\n';
    private bool _lineBegins = true, _lineHasWords, _sentenceBegins = true;

    private enum Skip
    {
        None,
        Line,
        Fence,
        Reasoning,
        Target,
        Address,
    }

    /// <summary>What is held back when that is a plain word, else nothing: with a pause after it, it can be taken as whole.</summary>
    public ReadOnlySpan<char> HeldWord => _skip == Skip.None && Markup.IsWordSign(_held.Length == 0 ? ' ' : _held[0]) ? _held : [];

    /// <summary>Reads on.</summary>
    /// <param name="text">What came next of the reply.</param>
    public void Append(ReadOnlySpan<char> text) => Read(string.Concat(_held, text), final: false);

    /// <summary>Takes what is held back as it is: nothing more comes, or not soon.</summary>
    public void Flush() => Read(_held, final: true);

    /// <summary>Forgets what is held back of the reply from a place on.</summary>
    public void Drop(int from) => _held = _held[..Math.Clamp(from - _place, 0, _held.Length)];

    private void Read(string text, bool final)
    {
        var at = 0;
        while (at < text.Length)
        {
            var taken = Take(text.AsSpan(at), final);
            if (taken == 0)
                break;
            at += taken;
            _place += taken;
        }

        _held = text[at..];
    }

    /// <summary>Reads what stands at the beginning of the window.</summary>
    /// <returns>How many characters were read. 0: more must come to know what it is.</returns>
    private int Take(ReadOnlySpan<char> window, bool final)
    {
        if (_skip != Skip.None)
            return PassOver(window, final);
        var c = window[0];
        if (c == '\n')
            return EndLine();
        if (c is '\r' or '\\')
            return 1;
        if (char.IsWhiteSpace(c) && c is not ('\u2028' or '\u2029'))
            return Space(0);
        var taken = c switch
        {
            '`' or '~' when _lineBegins && Markup.Fence(window, final) is var fence && fence != 0 => fence < 0 ? 0 : BeginFence(c, fence),
            '`' => Code(window, final),
            '<' => Tag(window, final),
            '[' => Markup.Bracket(window, final, out var tag) is var end && (tag || end == 0) ? end : 1,
            ']' => BracketEnd(window, final),
            '*' => Star(window, final),
            '|' => Pause(1),
            '~' or '～' or '〜' => Wave(window, final),
            _ when Markup.IsWordSign(c) => Word(window, final),
            _ => Other(window, final),
        };
        _lineBegins &= taken == 0;
        return taken;
    }

    private int EndLine()
    {
        _opened.Clear();
        if (_last != '\n')
            put('\n', _place);
        (_last, _lastWord, _lineBegins, _lineHasWords, _sentenceBegins) = ('\n', '\n', true, false, true);
        return 1;
    }

    private int Space(int offset)
    {
        if (_last is not (' ' or '\n') && _opened.Count == 0)
        {
            put(' ', _place + offset);
            _last = ' ';
        }

        return 1;
    }

    private int BeginFence(char sign, int length)
    {
        EndLine();
        (_skip, _fence, _fenceSign, _run) = (Skip.Fence, length, sign, -1);
        return length;
    }

    private int Code(ReadOnlySpan<char> window, bool final)
    {
        var (content, end) = Markup.Code(window, final);
        if (content < 0)
            return end;
        if (Markup.IsWords(window[content..(end - content)]))
            for (var i = content; i < end - content;)
                i += Sign(window[i..], i);
        return end;
    }

    private int Tag(ReadOnlySpan<char> window, bool final)
    {
        var (length, name) = Markup.Tag(window, final);
        if (name is "think" or "thinking" or "reasoning")
            (_skip, _end) = (Skip.Reasoning, $"</{name}>");
        else if (name is "br" or "/p" or "/li" or "/div" or "/tr" or "/h1" or "/h2" or "/h3")
            EndLine();
        return length;
    }

    private int BracketEnd(ReadOnlySpan<char> window, bool final)
    {
        if (window.Length == 1)
            return final ? 1 : 0;
        if (window[1] != '(')
            return 1;
        (_skip, _depth, _skipped) = (Skip.Target, 1, 0);
        return 2;
    }

    private int Star(ReadOnlySpan<char> window, bool final)
    {
        var run = Markup.Run(window);
        if (run == window.Length && !final && run < Markup.MostRun)
            return 0;
        return run == 1 && _sentenceBegins ? Markup.Direction(window, final) : run;
    }

    private int Wave(ReadOnlySpan<char> window, bool final)
    {
        var run = Markup.Run(window);
        if (run == window.Length && !final && run < Markup.MostRun)
            return 0;
        if (run == 1 && window.Length > 1 && char.IsDigit(_last) && char.IsDigit(window[1]))
        {
            Put('-', 0);
            return 1;
        }

        return run > 1 && window[0] == '~' ? run : Pause(run);
    }

    private int Word(ReadOnlySpan<char> window, bool final)
    {
        var (length, from, to) = Markup.Word(window, final);
        if (length == 0)
            return 0;
        if (to < 0)
        {
            // An address that goes on for longer than one looks ahead.
            (_skip, to) = (Skip.Address, length);
        }

        for (var i = 0; i < length;)
            i += i >= from && i < to ? 1 : Sign(window[..length][i..], i);
        return length;
    }

    /// <summary>Hands on one sign of a word, as far as it is spoken.</summary>
    /// <returns>How many characters it is long.</returns>
    private int Sign(ReadOnlySpan<char> rest, int offset)
    {
        var c = rest[0];
        var next = rest.Length > 1 ? rest[1] : ' ';
        if (!char.IsAscii(c))
            return Rune(rest, offset);
        switch (c)
        {
            case '_' when char.IsLetterOrDigit(_last) && char.IsLetterOrDigit(next):
                Put(' ', offset);
                break;
            case '#' when char.IsLetter(_last):
            case '-' when char.IsLetterOrDigit(next):
            case '+' or '=' when _lineHasWords:
            case '/' or '&' or '@' or '%' or '$' or '"' or '\'':
                Put(c, offset);
                break;
            case '-':
                return Dashes(rest, offset);
            case '(' or ')' or '{' or '}' or '[' or ']':
                Brackets(c, offset);
                break;
            default:
                if (char.IsAsciiLetterOrDigit(c) || (_lineHasWords && (Punctuation.IsHard(c) || Punctuation.IsSoft(c))))
                    Put(c, offset);
                else if (c == ' ')
                    Space(offset);
                break;
        }

        return 1;
    }

    private int Dashes(ReadOnlySpan<char> rest, int offset)
    {
        var run = Markup.Run(rest);
        var touches = run > 1 && run < rest.Length && char.IsLetterOrDigit(rest[run]);
        if (touches && _last == ' ')
            return run;
        Pause(run, offset);
        if (touches && _last == ',')
            Put(' ', offset + 1);
        return run;
    }

    private int Other(ReadOnlySpan<char> window, bool final)
    {
        if (char.IsHighSurrogate(window[0]) && window.Length == 1 && !final)
            return 0;
        return Rune(window, 0);
    }

    private int Rune(ReadOnlySpan<char> rest, int offset)
    {
        System.Text.Rune.DecodeFromUtf16(rest, out var rune, out var length);
        if (char.IsSurrogate(rest[0]) && rune == System.Text.Rune.ReplacementChar)
            return 1;
        var c = rest[0];
        var spoken = System.Text.Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => EndLine() == 0,
            UnicodeCategory.SpaceSeparator => Space(offset) == 0,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark =>
                _last is not (' ' or '\n') && rune.Value is not (>= 0xFE00 and <= 0xFE0F or >= 0xE0100),
            UnicodeCategory.MathSymbol => c is '±' or '×' or '÷' or '≠' or '≤' or '≥' or '≈' or '−' or '√' or '＋' or '＝',
            UnicodeCategory.OtherSymbol => c is '°' or '℃' or '℉' or '№',
            UnicodeCategory.CurrencySymbol => true,
            UnicodeCategory.DashPunctuation when c is '—' or '–' => _lineHasWords,
            UnicodeCategory.OpenPunctuation
                or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.FinalQuotePunctuation => Brackets(c, offset),
            UnicodeCategory.OtherPunctuation => _lineHasWords && c is not ('•' or '※' or '⁂' or '†' or '‡' or '＊' or '＃'),
            UnicodeCategory.DashPunctuation or UnicodeCategory.ConnectorPunctuation => false,
            _ => System.Text.Rune.IsLetterOrDigit(rune) || System.Text.Rune.IsNumber(rune),
        };
        if (spoken)
            for (var i = 0; i < length; i++)
                Put(rest[i], offset + i);
        return length;
    }

    /// <summary>Brackets with nothing spoken between them are left out, so an opening one waits for a word.</summary>
    private bool Brackets(char c, int offset)
    {
        if (c is '{' or '}' or '[' or ']')
            return false;
        if (Punctuation.IsOpening(c))
        {
            if (_opened.Count < 8)
                _opened.Add((c, _place + offset));
        }
        else if (_opened.Count > 0)
            _opened.RemoveAt(_opened.Count - 1);
        else if (_lineHasWords)
            Put(c, offset);
        return false;
    }

    /// <summary>What parts words without being spoken is a pause: the columns of a table, dashes, waves.</summary>
    private int Pause(int length, int offset = 0)
    {
        if (char.IsLetterOrDigit(_lastWord))
            Put(',', offset);
        return length;
    }

    private void Put(char c, int offset)
    {
        if (_opened.Count > 0 && char.IsPunctuation(c) && c != '-')
            return;
        foreach (var (sign, place) in _opened)
            put(sign, place);
        _opened.Clear();
        put(c, _place + offset);
        _last = c;
        if (!char.IsWhiteSpace(c))
            _lastWord = c;
        _lineHasWords |= char.IsLetterOrDigit(c) || char.IsSurrogate(c);
        _sentenceBegins = Punctuation.IsHard(c) || (_sentenceBegins && (char.IsWhiteSpace(c) || Punctuation.IsClosing(c)));
    }

    private int PassOver(ReadOnlySpan<char> window, bool final)
    {
        var c = window[0];
        switch (_skip)
        {
            case Skip.Line:
                if (c == '\n')
                    _skip = Skip.None;
                return c == '\n' ? EndLine() : 1;
            case Skip.Fence:
                return PassFence(c);
            case Skip.Reasoning:
                if (c != '<')
                    return 1;
                if (window.StartsWith(_end, StringComparison.OrdinalIgnoreCase))
                {
                    _skip = Skip.None;
                    return _end.Length;
                }

                return !final && _end.AsSpan().StartsWith(window, StringComparison.OrdinalIgnoreCase) ? 0 : 1;
            case Skip.Target:
                _depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (c == '\n' || _depth == 0 || ++_skipped >= Markup.MostTarget)
                    _skip = Skip.None;
                return c == '\n' ? EndLine() : 1;
            default:
                if (Markup.IsAddressSign(c))
                    return 1;
                _skip = Skip.None;
                return Take(window, final);
        }
    }

    /// <summary>A fence is closed by a line that begins with as many of its signs.</summary>
    private int PassFence(char c)
    {
        if (c == '\n')
            _run = 0;
        else if (c == _fenceSign && _run >= 0)
            _run++;
        else if (!char.IsWhiteSpace(c) || _run > 0)
            _run = -1;
        if (_run == _fence)
            _skip = Skip.Line;
        return 1;
    }
}
