using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>
/// Says on what goes to the pages whose it is: on a reply the exchange that it answers in, and on the final text of a question the pages
/// whose users typed it. Used by the companion's loop only.
/// </summary>
internal sealed class SignedMessages
{
    /// <summary>Replies whose exchange is remembered; a conversation has two at most, one that ends and one that begins.</summary>
    private const int MostReplies = 8;

    private readonly Queue<(string Reply, long Exchange)> _replies = new();
    private readonly List<string> _typed = [];

    /// <summary>Makes the id of a reply.</summary>
    /// <param name="exchange">The exchange that it answers in.</param>
    public string NewReply(long exchange)
    {
        var reply = Guid.NewGuid().ToString("N");
        if (_replies.Count == MostReplies)
            _replies.Dequeue();
        _replies.Enqueue((reply, exchange));
        return reply;
    }

    /// <summary>Notes the page when its user typed something.</summary>
    public void Note(Message message)
    {
        if (message is UserTextMessage { Spoken: false, Page: { } page } && !_typed.Contains(page, StringComparer.Ordinal))
            _typed.Add(page);
    }

    /// <summary>The message with what is known of it.</summary>
    public Message Sign(Message message)
    {
        switch (message)
        {
            case LlmDeltaMessage delta:
                return delta with { Turn = ExchangeOf(delta.Id) };
            case LlmResponseMessage reply:
                return reply with { Turn = ExchangeOf(reply.Id) };
            case TranscriptMessage { Final: true } transcript when _typed.Count > 0:
                IReadOnlyList<string> pages = [.. _typed];
                _typed.Clear();
                return transcript with { Pages = pages };
            default:
                return message;
        }
    }

    private long? ExchangeOf(string? reply)
    {
        foreach (var (known, exchange) in _replies)
            if (known == reply)
                return exchange;
        return null;
    }
}
