using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// How an answer ends, which servers tell in many ways: a reason at every piece or at none, <c>[DONE]</c>, the cost, or nothing but the end
/// of the connection. Not safe for threads: one for each answer.
/// </summary>
internal sealed class AnswerEnd
{
    private bool _hasSaid, _isCost, _isLast, _wasRefuted, _wasTaken;
    private ChatFinishReason? _reason;

    /// <summary>The answer ended in its middle: the server gave no reason, and no other sign of an end.</summary>
    public static ChatFinishReason Truncated { get; } = new("truncated");

    /// <summary>Why the answer ended, as far as the last piece tells. Null: it may go on.</summary>
    public ChatFinishReason? Reason => _reason;

    /// <summary>Whether something was said and the server told that this was all of it.</summary>
    public bool IsWhole => _hasSaid && (_reason is not null || _isCost);

    /// <summary>Whether nothing but the cost can follow, so that silence is the end.</summary>
    public bool IsSettled => _hasSaid && !_wasRefuted && (_isCost || _isLast);

    /// <summary>Whether reasons of this server have stood before more text: the one that is there may be no end, either.</summary>
    public bool IsDoubtful => _wasTaken;

    /// <summary>Why the answer ended, when nothing follows any more.</summary>
    /// <param name="isTold">Whether the server said that it has ended.</param>
    public ChatFinishReason Final(bool isTold) => _reason ?? (isTold || _isCost ? ChatFinishReason.Stop : Truncated);

    /// <summary>A piece came.</summary>
    /// <param name="says">Whether it has words, reasoning or a part of a call.</param>
    /// <param name="reason">The reason in it; null: none.</param>
    public void Add(bool says, ChatFinishReason? reason)
    {
        if (!says)
        {
            _reason = reason ?? _reason;
            _isLast |= reason is not null && _hasSaid;
            return;
        }

        _wasTaken |= _hasSaid && _reason is not null;
        _wasRefuted |= IsSettled;
        (_hasSaid, _isCost, _isLast, _reason) = (true, false, false, reason);
    }

    /// <summary>The cost came alone.</summary>
    public void AddCost() => _isCost = _hasSaid;

    /// <summary>What a reason means; null: it is none. Not a reason but an error: see <see cref="IsError"/>.</summary>
    public static ChatFinishReason? Of(string? reason) => reason?.ToLowerInvariant() switch
    {
        null or "" or "null" => null,
        "length" or "max_tokens" or "max_output_tokens" or "max_new_tokens" or "model_length" or "context_length"
            or "model_context_window_exceeded" or "context_length_exceeded" or "incomplete" => ChatFinishReason.Length,
        "content_filter" or "safety" or "recitation" or "sensitive" or "blocklist" or "prohibited_content" or "spii"
            or "guardrail_intervened" => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop,
    };

    /// <summary>Whether a reason says that the server failed.</summary>
    public static bool IsError(string? reason) => reason?.ToLowerInvariant()
        is "error" or "abort" or "aborted" or "cancelled" or "canceled" or "timeout" or "network_error" or "insufficient_system_resource"
        or "server_error" or "other_error";
}
