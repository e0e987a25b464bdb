using Kotodama.Protocol;

namespace Kotodama.Voice;

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

        /// <summary>So much was heard.</summary>
        public int Chars { get; set; }

        /// <summary>When the person ended to whom it answers.</summary>
        public TimeSpan BeganAt { get; init; }

        public TimeSpan NewsAt { get; set; }

        public TurnMarks Marks { get; set; } = new();

        public TurnOutcome Outcome { get; set; }
    }
}
