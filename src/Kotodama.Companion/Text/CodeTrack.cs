using System.Globalization;

namespace Kotodama.Companion.Text;

/// <summary>
/// Follows a growing text and knows whether what comes next stands in code of Markdown: between backticks, or in a fenced block. Not safe
/// for threads.
/// </summary>
internal sealed class CodeTrack
{
    private int _run, _open, _fence;
    private char _sign, _fenceSign;
    private char _before = '\n', _beforeRun = '\n';
    private bool _isLineStart = true, _runStartsLine, _isFenceLine;

    /// <summary>Whether what comes next is code; it is neither a backtick nor a tilde.</summary>
    public bool IsCode
    {
        get
        {
            Settle();
            return _open > 0 || _fence > 0;
        }
    }

    /// <summary>Whether what comes next stands in a fenced block.</summary>
    public bool IsFenced
    {
        get
        {
            Settle();
            return _fence > 0;
        }
    }

    /// <summary>Whether nothing but blanks stands before what comes next in its line.</summary>
    public bool IsLineStart => _isLineStart && _run == 0;

    /// <summary>The next character.</summary>
    public void Put(char c)
    {
        if (c is '`' or '~')
        {
            if (_run > 0 && c != _sign)
                Settle();
            if (_run++ == 0)
                (_sign, _beforeRun, _runStartsLine) = (c, _before, _isLineStart);
        }
        else
        {
            Settle();
            if (c is '\n' or '\r')
                // A span of code may go on in the next line; that of a model which forgot its end must not.
                (_open, _isFenceLine, _isLineStart) = (0, false, true);
            else
                _isLineStart &= c is ' ' or '\t' or '>';
        }

        _before = c;
    }

    private void Settle()
    {
        if (_run == 0)
            return;
        var run = _run;
        _run = 0;
        _isLineStart = false;
        if (_fence > 0)
        {
            if (_runStartsLine && _sign == _fenceSign && run >= _fence)
                _fence = 0;
            else if (_isFenceLine && _sign == '`' && _fenceSign == '`')
                // The info of a fence holds no backtick: it was a span of code at the beginning of a line.
                (_open, _fence) = (run == _fence ? 0 : _fence, 0);
        }
        else if (_runStartsLine && run >= 3)
        {
            (_fence, _fenceSign, _isFenceLine) = (run, _sign, true);
        }
        else if (_sign == '`')
        {
            if (_open > 0)
                _open = run == _open ? 0 : _open;
            else if (!char.IsLetterOrDigit(_beforeRun) || char.GetUnicodeCategory(_beforeRun) == UnicodeCategory.OtherLetter)
                // Within a word it is an apostrophe; Chinese and Japanese have no blanks between words.
                _open = run;
        }
    }
}
