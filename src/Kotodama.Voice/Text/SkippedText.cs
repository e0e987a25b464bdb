using Kotodama.Voice.Text.Reasoning;

namespace Kotodama.Voice.Text;

/// <summary>What is passed over up to its end, however long: code in a fence, reasoning, a link's target, an address, a line.</summary>
internal sealed class SkippedText
{
    private Kind _kind;
    private int _fence, _run, _depth;
    private bool _isQuoted, _needsQuote, _isClosing;
    private char _sign;
    private string _end = "";
    private Sign _open;

    private enum Kind
    {
        None,
        Line,
        Fence,
        Until,
        Reasoning,
        Target,
        Address,
    }

    /// <summary>Whether something is being passed over.</summary>
    public bool IsOpen => _kind != Kind.None;

    /// <summary>The rest of a line follows.</summary>
    public void Line() => _kind = Kind.Line;

    /// <summary>Code follows, up to a line of the same sign.</summary>
    /// <param name="sign">The sign.</param>
    /// <param name="length">How many of it began the code.</param>
    /// <param name="isQuoted">Whether it stands in a quotation: then it ends with that too.</param>
    public void Fence(char sign, int length, bool isQuoted) =>
        (_kind, _sign, _fence, _run, _isQuoted, _needsQuote, _isClosing) = (Kind.Fence, sign, length, -1, isQuoted, false, false);

    /// <summary>Everything follows up to an end, in any case.</summary>
    public void Until(string end) => (_kind, _end) = (Kind.Until, end);

    /// <summary>Reasoning follows, up to the sign that ends it.</summary>
    /// <param name="open">What opened it.</param>
    public void Reasoning(Sign open) => (_kind, _open) = (Kind.Reasoning, open);

    /// <summary>The target of a link follows, too long to look over it.</summary>
    public void Target() => (_kind, _depth) = (Kind.Target, 1);

    /// <summary>The rest of an address follows.</summary>
    public void Address() => _kind = Kind.Address;

    /// <summary>Reads on.</summary>
    /// <returns>How many characters were passed over. 0: more must come. -1: it ended before them.</returns>
    public int Read(ReadOnlySpan<char> window, bool final, out bool endsLine)
    {
        var c = window[0];
        endsLine = false;
        switch (_kind)
        {
            case Kind.Line:
                return c == '\n' ? End(-1) : 1;
            case Kind.Fence:
                return ReadFence(c, out endsLine);
            case Kind.Until:
                if (c != '<')
                    return 1;
                if (window.StartsWith(_end, StringComparison.OrdinalIgnoreCase))
                    return End(_end.Length);
                return !final && _end.AsSpan().StartsWith(window, StringComparison.OrdinalIgnoreCase) ? 0 : 1;
            case Kind.Reasoning:
                return ReadReasoning(window);
            case Kind.Target:
                _depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                return char.IsWhiteSpace(c) ? End(-1) : _depth == 0 ? End(1) : 1;
            default:
                return Text.Address.IsSign(c) ? 1 : End(-1);
        }
    }

    private int End(int taken)
    {
        _kind = Kind.None;
        return taken;
    }

    /// <summary>Half a sign is kept until more comes: what is passed over need not hurry, and its end must not be missed.</summary>
    private int ReadReasoning(ReadOnlySpan<char> window)
    {
        if (!ReasoningSigns.MayBeginWithin(window[0], _open, null))
            return 1;
        var fit = ReasoningSigns.ReadWithin(window, _open, out var sign);
        if (fit != Fit.Whole)
            return fit == Fit.Partial ? 0 : 1;
        if (_open.Name == ReasoningSigns.Channel && sign.Role is SignRole.Ends or SignRole.Head)
            // The head of the next channel says what that is.
            return End(sign.Role == SignRole.Head ? -1 : sign.Length);
        return sign.Role == SignRole.Closes && sign.Matches(_open) ? End(sign.Length) : 1;
    }

    /// <summary>A fence is closed by a line that begins with as many of its signs and has nothing else.</summary>
    private int ReadFence(char c, out bool endsLine)
    {
        endsLine = c == '\n' && _isClosing;
        if (endsLine)
            return End(1);
        if (c == '\n')
            (_run, _isClosing, _needsQuote) = (0, false, _isQuoted);
        else if (_needsQuote && !char.IsWhiteSpace(c))
        {
            if (c != '>')
                return End(-1);
            _needsQuote = false;
        }
        else if (c == _sign && _run >= 0)
            _isClosing = ++_run >= _fence;
        else if (!char.IsWhiteSpace(c) || (_run > 0 && !_isClosing))
            (_run, _isClosing) = (-1, false);
        return 1;
    }
}
