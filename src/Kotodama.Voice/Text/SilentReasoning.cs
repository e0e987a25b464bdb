using Kotodama.Voice.Text.Reasoning;

namespace Kotodama.Voice.Text;

/// <summary>
/// Finds the reasoning in a reply, by the signs that the companion knows too. The companion takes it out of its own answers; a reply of
/// another publisher comes as its model wrote it.
/// </summary>
/// <param name="words">Leaves out the signs.</param>
/// <param name="output">Tells whether the answer still begins.</param>
/// <param name="skipped">Passes over what stands between two signs.</param>
internal sealed class SilentReasoning(SpokenWords words, SpokenOutput output, SkippedText skipped)
{
    /// <summary>The sign that opened the answer after reasoning; null: none did.</summary>
    private Sign? _answer;
    private bool _hasReasoned;

    /// <summary>
    /// Reads a sign of reasoning. All of them count where a reply begins and where it goes on after reasoning. Elsewhere only the frequent
    /// ones do, where a line begins, or within a line when something ends them.
    /// </summary>
    /// <param name="window">What comes next of the reply.</param>
    /// <param name="lineBegins">Whether a line begins here.</param>
    /// <param name="final">Whether no more is waited for.</param>
    /// <returns>How many characters were read. 0: more must come. -1: it is none.</returns>
    public int Read(ReadOnlySpan<char> window, bool lineBegins, bool final)
    {
        var isStart = output.AnswerBegins;
        if (!isStart && !ReasoningSigns.MayBeginWithin(window[0], null, _answer))
            return -1;
        var fit = isStart ? ReasoningSigns.ReadStart(window, out var sign) : ReasoningSigns.ReadWithin(window, null, out sign);
        if (fit != Fit.Whole)
            return fit == Fit.Partial && !final ? 0 : -1;
        switch (sign.Role)
        {
            case SignRole.Opens when sign.IsEmpty:
            case SignRole.Closes when isStart && sign.EndsAny:
            case SignRole.ClosesAnswer when _answer is not null:
                return words.Leave(sign.Length, Gap.Space);
            case SignRole.OpensAnswer when isStart && (_hasReasoned || sign.Bracket.Length == 0):
                _answer = sign;
                return words.Leave(sign.Length, Gap.Space);
            case SignRole.Opens when sign.IsDoubtful || !(isStart || lineBegins):
                return Ends(window, sign, final) is var ends && ends > 0 ? PassOver(sign, sign.Length) : ends;
            case SignRole.Opens:
                return PassOver(sign, sign.Length);
            case SignRole.Head:
                return Head(window, sign.Length, final);
            default:
                return -1;
        }
    }

    private int PassOver(Sign open, int length)
    {
        words.Leave(length, Gap.Space);
        skipped.Reasoning(open);
        (_hasReasoned, output.AnswerBegins) = (true, true);
        return length;
    }

    /// <summary>Whether something near ends reasoning that may be none. One that opens twice is spoken about.</summary>
    /// <returns>1: yes. 0: more must come. -1: no.</returns>
    private static int Ends(ReadOnlySpan<char> window, Sign open, bool final)
    {
        var near = window[..Math.Min(window.Length, Markup.MostHidden)];
        for (var at = open.Length; at < near.Length; at++)
        {
            if (!ReasoningSigns.MayBeginWithin(near[at], open, null)
                || ReasoningSigns.ReadWithin(near[at..], open, out var sign) != Fit.Whole
                || !sign.Matches(open))
                continue;
            if (sign.Role is SignRole.Opens or SignRole.Closes)
                return sign.Role == SignRole.Closes ? 1 : -1;
        }

        return final || window.Length >= Markup.MostHidden ? -1 : 0;
    }

    /// <summary>The head of a channel, which says whether its text is spoken.</summary>
    private int Head(ReadOnlySpan<char> window, int sign, bool final)
    {
        var head = new ChannelHead(window[..sign].ToString());
        for (var at = sign; at < window.Length; at++)
        {
            var fit = head.Put(window[at]);
            if (fit == Fit.None)
                return -1;
            if (fit == Fit.Partial)
                continue;
            if (!head.IsSaid)
                return PassOver(new Sign(SignRole.Opens, ReasoningSigns.Channel, "<", 0), at + 1);
            (_hasReasoned, output.AnswerBegins) = (true, true);
            return words.Leave(at + 1, Gap.Space);
        }

        return final ? -1 : 0;
    }
}
