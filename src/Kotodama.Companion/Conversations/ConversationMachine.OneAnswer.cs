using Kotodama.Protocol;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Conversations;

/// <content>An answer, from the question to what was heard of it.</content>
internal sealed partial class ConversationMachine
{
    /// <summary>What the character answers to something that was said.</summary>
    private sealed class OneAnswer(long turn, string reply, bool kept)
    {
        public long Turn { get; } = turn;

        public string Reply { get; } = reply;

        /// <summary>The person may go on, so nobody sees it yet.</summary>
        public bool Kept { get; set; } = kept;

        public List<(string Text, string? Emotion)> Waiting { get; } = [];

        public string Text { get; set; } = "";

        public List<ReplyEmotion> Emotions { get; } = [];

        /// <summary>Holds from the next piece on.</summary>
        public string? Emotion { get; set; }

        public int Parts { get; set; }

        public string? Tool { get; set; }

        /// <summary>The language model has ended.</summary>
        public bool IsDone { get; set; }

        /// <summary>The hub has all of it.</summary>
        public bool IsClosed { get; set; }

        public bool IsSpeaking { get; set; }

        /// <summary>Somebody could hear it while it was spoken. What nobody can hear is read.</summary>
        public bool HasListener { get; set; }

        /// <summary>So much was heard.</summary>
        public int Chars { get; set; }

        /// <summary>When the person ended to whom it answers.</summary>
        public TimeSpan BeganAt { get; init; }

        public TimeSpan NewsAt { get; set; }

        public TurnMarks Marks { get; set; } = new();

        public ExchangeOutcome Outcome { get; set; }

        /// <summary>There is less of it than the language model meant to say.</summary>
        public bool IsBroken { get; private set; }

        /// <summary>Nothing follows what there is. Half a word at its end is taken back, unless it was heard.</summary>
        public void BreakOff()
        {
            IsBroken = true;
            var end = Text.Length;
            if (!Punctuation.IsHard(Text[^1]) && !Punctuation.IsSoft(Text[^1]) && !Punctuation.IsClosing(Text[^1]))
                while (end > 0 && !char.IsWhiteSpace(Text[end - 1]) && !Punctuation.IsDenseHard(Text[end - 1]) && !Punctuation.IsDenseSoft(Text[end - 1]))
                    end--;
            end = Text.AsSpan(0, end).TrimEnd().Length;
            if (end == 0 || end < Chars)
                return;
            Text = Text[..end];
            Emotions.RemoveAll(emotion => emotion.At > end);
        }
    }
}
