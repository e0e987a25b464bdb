namespace Kotodama.Companion.Conversations;

/// <summary>
/// Tells the user's words from the character's own speech that comes back through the microphone, and questions from "mhm". Pure
/// functions.
/// </summary>
internal static class EchoFilter
{
    /// <summary>The character says about so many units of <see cref="Utterances.Weight"/> in a second.</summary>
    private const int OneSecond = 15;

    /// <summary>A browser's recognizer tells words seconds after they were said, and sentences as a whole.</summary>
    private const int HeardBefore = 8 * OneSecond;

    /// <summary>A page reports once a second how far it has played, and what is heard meanwhile is recognized later still.</summary>
    private const int HeardAfter = 4 * OneSecond;

    /// <summary>Whether the text is an echo of the character's speech.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="text">What was recognized.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    /// <param name="aloud">The answer that is being spoken; null: none.</param>
    public static bool IsEcho(Utterance utterance, string text, bool isWhole, Answer? aloud)
    {
        if (utterance.IsPressed)
            return false;
        var mayAnswer = isWhole && !utterance.IsLate && Utterances.IsShort(text);
        return IsEcho(text, mayAnswer, utterance.Over, utterance.OverFrom, aloud)
            || (aloud != utterance.Over && IsEcho(text, mayAnswer, aloud, 0, aloud));
    }

    /// <summary>Whether the user only tells that they listen: there is more to listen to, and no question to answer.</summary>
    /// <param name="text">What was recognized.</param>
    /// <param name="answer">The answer; null: none.</param>
    /// <param name="isAudible">Whether a page is audible.</param>
    public static bool IsBackchannel(string text, Answer? answer, bool isAudible)
    {
        if (answer is not { IsHeldBack: false } || !Utterances.IsBackchannel(text))
            return false;
        if (answer.Parts == 0)
            return true;
        if ((!answer.IsSpeaking && !isAudible) || HasAsked(answer))
            return false;
        return !answer.IsComplete || Utterances.Weight(answer.Text.AsSpan(answer.Played)) > OneSecond;
    }

    private static bool IsEcho(string text, bool mayAnswer, Answer? answer, int from, Answer? aloud)
    {
        // A user who wants silence does not wait, whatever is being said.
        if (answer is null || (answer == aloud && Utterances.IsStop(text)))
            return false;

        // The answer to a question is often a word of it. What a browser heard may be that word itself.
        if (mayAnswer && HasAsked(answer))
            return false;
        return Utterances.IsEcho(text, Utterances.Near(answer.Text, Math.Min(from, answer.Played), answer.Played, HeardBefore, HeardAfter));
    }

    /// <summary>Whether what is heard now is the end of a question, as far as is known.</summary>
    private static bool HasAsked(Answer answer) =>
        Utterances.Near(answer.Text, answer.Played, answer.Played, OneSecond, OneSecond).AsSpan().ContainsAny('?', '？');
}
