using Kotodama.Protocol;

namespace Kotodama.Companion.Conversations;

/// <summary>Sends an answer to the hub as a reply, piece by piece.</summary>
/// <param name="context">What the parts of the conversation share.</param>
internal sealed class ReplyWriter(ConversationContext context)
{
    /// <summary>
    /// A tool or a model may be silent for longer than the hub, the voice and the pages wait for the next piece of a reply. They are told
    /// so often that it still comes that one of two such pieces may be late; a companion that is gone tells nothing, and its reply ends.
    /// </summary>
    private static readonly TimeSpan KeepAliveAfter = TimeSpan.FromSeconds(4);

    /// <summary>Adds a piece that the language model gave, and sends it unless the answer is held back.</summary>
    public void Add(Answer answer, string text, string? emotion)
    {
        (answer.NewsAt, answer.Tool) = (context.Now, null);
        if (text.Length > 0)
            answer.Marks = answer.Marks with { FirstToken = answer.Marks.FirstToken ?? answer.Since(context.Now) };
        var hasRoom = answer.Append(text, emotion, out var added);
        if (added is { } piece && answer.IsHeldBack)
            answer.HeldBack.Add(piece);
        else if (added is var (words, feeling))
            Say(answer, words, feeling);
        if (hasRoom)
            return;
        context.Do(new ConversationCommand.CancelAsk(answer.Exchange) { IsTooLong = true });
        Truncate(answer);
    }

    /// <summary>Sends what was held back.</summary>
    public void SendHeldBack(Answer answer)
    {
        answer.IsHeldBack = false;
        foreach (var (text, emotion) in answer.HeldBack)
            Say(answer, text, emotion);
        answer.HeldBack.Clear();
        if (answer.IsComplete)
            Close(answer);
    }

    /// <summary>There is no more of it than this, although the language model meant to say more.</summary>
    public void Truncate(Answer answer)
    {
        context.Reason = TurnReason.Truncated;
        answer.Truncate();
        Complete(answer);
    }

    /// <summary>The language model has given all of it.</summary>
    public void Complete(Answer answer)
    {
        (answer.IsComplete, answer.NewsAt) = (true, context.Now);
        if (!answer.IsHeldBack)
            Close(answer);
    }

    /// <summary>Tells the hub that the reply is complete.</summary>
    public void Close(Answer answer)
    {
        answer.IsClosed = true;
        context.Do(new ConversationCommand.Close(answer.Reply, answer.Text, answer.Emotions));
    }

    /// <summary>When the pages must be told again that the rest of an answer comes; null: they wait for none.</summary>
    public static TimeSpan? KeepAliveAt(Answer answer) => answer.IsStreaming ? answer.SentAt + KeepAliveAfter : null;

    /// <summary>Sends a piece without text if it is time for one: the rest of the answer still comes.</summary>
    public void KeepAlive(Answer answer)
    {
        if (KeepAliveAt(answer) <= context.Now)
            Say(answer, "", null);
    }

    private void Say(Answer answer, string text, string? emotion)
    {
        answer.SentAt = context.Now;
        context.Do(new ConversationCommand.Say(answer.Reply, answer.Parts++, text, emotion));
    }
}
