
namespace Kotodama.Companion.Conversations;

/// <content>What somebody says, and what it is while the character speaks.</content>
internal sealed partial class ConversationMachine
{
    /// <summary>In about a second the character says so much.</summary>
    private const int OneSecond = 15;

    /// <summary>A browser tells what it heard seconds later, and sentences as a whole.</summary>
    private const int HeardBefore = 8 * OneSecond;

    /// <summary>A page tells once a second how far it came, and what is heard meanwhile is recognised later still.</summary>
    private const int HeardAfter = 4 * OneSecond;

    /// <summary>Loudspeakers that the microphone hears are nobody who speaks.</summary>
    private bool IsOwnVoice(Utterance utterance, string text, bool isWhole)
    {
        var mayAnswer = isWhole && !utterance.IsLate && Utterances.IsShort(text);
        return !utterance.Pressed && (IsEcho(text, mayAnswer, utterance.Over, utterance.OverFrom) || (Aloud != utterance.Over && IsEcho(text, mayAnswer, Aloud, 0)));
    }

    private bool IsEcho(string text, bool mayAnswer, OneAnswer? answer, int from)
    {
        // Who wants silence is not kept waiting, whatever is being said.
        if (answer is null || (answer == Aloud && Utterances.IsStop(text)))
            return false;

        // The answer to a question is often a word of it. What a browser heard may be that word itself.
        if (mayAnswer && HasAsked(answer))
            return false;
        return Utterances.IsEcho(text, Utterances.Near(answer.Text, Math.Min(from, answer.Chars), answer.Chars, HeardBefore, HeardAfter));
    }

    /// <summary>Whether somebody only says that they listen: there is more to listen to, and no question to answer.</summary>
    private bool IsListening(string text)
    {
        if (_answer is not { Kept: false } answer || !Utterances.IsBackchannel(text))
            return false;
        if (answer.Parts == 0)
            return true;
        return (answer.IsSpeaking || _isHeard) && !HasAsked(answer) && (!answer.IsDone || Utterances.Weight(answer.Text.AsSpan(answer.Chars)) > OneSecond);
    }

    /// <summary>Whether what is heard now is the end of a question, as far as is known.</summary>
    private static bool HasAsked(OneAnswer answer) => Utterances.Near(answer.Text, answer.Chars, answer.Chars, OneSecond, OneSecond).AsSpan().ContainsAny('?', '？');

    private enum UtteranceState
    {
        Perhaps,
        Speaking,
        Recognising,
    }

    /// <summary>Something that somebody says.</summary>
    private sealed class Utterance(long number, bool pressed, bool cutIn)
    {
        public long Number { get; } = number;

        /// <summary>A button was held, so it is certainly meant.</summary>
        public bool Pressed { get; } = pressed;

        /// <summary>It began while the character spoke.</summary>
        public bool CutIn { get; } = cutIn;

        /// <summary>Nothing has taken the character's voice out of it.</summary>
        public bool IsLate { get; init; }

        /// <summary>What else it may be, heard back: the character's words may be over before they are recognised. null: not these.</summary>
        public OneAnswer? Over { get; init; }

        /// <summary>So much of that had been heard when it began.</summary>
        public int OverFrom { get; init; }

        public UtteranceState State { get; set; }

        public string? Partial { get; set; }

        public TimeSpan BeganAt { get; init; }

        public TimeSpan? EndedAt { get; set; }
    }
}
