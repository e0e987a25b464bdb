using Kotodama.Protocol;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Conversations;

/// <summary>
/// What the character answers in one exchange, from the question to what the user heard of it. Belongs to the <see cref="Mouth"/>.
/// </summary>
/// <param name="exchange">The number of the exchange.</param>
/// <param name="reply">The id of the reply that pages show.</param>
/// <param name="heldBack">Whether the answer was asked for early: the user may go on, and no page sees it yet.</param>
internal sealed class Answer(long exchange, string reply, bool heldBack)
{
    /// <summary>Emotions of one answer; those beyond it are left out.</summary>
    private const int MostEmotions = 64;

    private string? _nextEmotion;

    public long Exchange { get; } = exchange;

    public string Reply { get; } = reply;

    public bool IsHeldBack { get; set; } = heldBack;

    /// <summary>The pieces that are held back, in order.</summary>
    public List<(string Text, string? Emotion)> HeldBack { get; } = [];

    public string Text { get; private set; } = "";

    public List<ReplyEmotion> Emotions { get; } = [];

    /// <summary>How many pieces the hub was sent.</summary>
    public int Parts { get; set; }

    /// <summary>When the hub was sent the last one.</summary>
    public TimeSpan SentAt { get; set; }

    /// <summary>The hub and the pages wait for its next piece.</summary>
    public bool IsStreaming => Parts > 0 && !IsClosed;

    /// <summary>The tool that the language model is using; null: none.</summary>
    public string? Tool { get; set; }

    /// <summary>The language model has ended.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The hub has all of it.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Its speech has begun.</summary>
    public bool IsSpeaking { get; set; }

    /// <summary>A page was audible while it was spoken. Without one the user reads it, and has all of it.</summary>
    public bool HasListener { get; set; }

    /// <summary>How many characters of <see cref="Text"/> a page has played.</summary>
    public int Played { get; private set; }

    /// <summary>How many characters of it were stored, in case the process is killed; null: none.</summary>
    public int? Kept { get; set; }

    /// <summary>When that was.</summary>
    public TimeSpan KeptAt { get; set; }

    /// <summary>When the user ended to whom it answers: the zero of <see cref="Marks"/>.</summary>
    public TimeSpan BeganAt { get; init; }

    /// <summary>When the language model, the voice or the page told of it last.</summary>
    public TimeSpan NewsAt { get; set; }

    public TurnMarks Marks { get; set; } = new();

    public ExchangeOutcome Outcome { get; set; }

    /// <summary>There is less of it than the language model meant to say.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Adds a piece, as far as a reply may hold it.</summary>
    /// <param name="text">The piece; empty when only the emotion changes.</param>
    /// <param name="emotion">The emotion from here on; null: as before.</param>
    /// <param name="added">What was added of it, and the emotion that begins with it; null: nothing.</param>
    /// <returns>Whether there is room for more.</returns>
    public bool Append(string text, string? emotion, out (string Text, string? Emotion)? added)
    {
        added = null;
        _nextEmotion = emotion ?? _nextEmotion;
        if (text.Length == 0)
            return true;
        var room = ProtocolLimits.Default.Content - Text.Length;
        var piece = text.Length <= room ? text : text[..(char.IsHighSurrogate(text[room - 1]) ? room - 1 : room)];
        if (_nextEmotion is { } from && Emotions.Count < MostEmotions)
            Emotions.Add(new ReplyEmotion(Text.Length, from));
        Text += piece;
        added = (piece, _nextEmotion);
        _nextEmotion = null;
        return piece.Length == text.Length && Text.Length < ProtocolLimits.Default.Content;
    }

    /// <summary>Notes how far a page has played it. A report never takes back what an earlier one told.</summary>
    public void PlayedTo(int chars) => Played = Math.Clamp(chars, Played, Math.Max(Played, Text.Length));

    /// <summary>Nothing follows what there is. Half a word at its end is taken away, unless it was played.</summary>
    public void Truncate()
    {
        IsTruncated = true;
        var end = Text.Length;
        if (!Punctuation.IsHard(Text[^1]) && !Punctuation.IsSoft(Text[^1]) && !Punctuation.IsClosing(Text[^1]))
            while (end > 0 && !IsWordBoundary(Text[end - 1]))
                end--;
        end = Text.AsSpan(0, end).TrimEnd().Length;
        if (end == 0 || end < Played)
            return;
        Text = Text[..end];
        Emotions.RemoveAll(emotion => emotion.At > end);
    }

    /// <summary>Milliseconds from the end of the user's words to a moment.</summary>
    public double Since(TimeSpan at) => Math.Round(Math.Max(0, (at - BeganAt).TotalMilliseconds), 1);

    private static bool IsWordBoundary(char c) => char.IsWhiteSpace(c) || Punctuation.IsDenseHard(c) || Punctuation.IsDenseSoft(c);
}
