using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// One message between the call that publishes it and the hub's last word about it. <see cref="PendingMessages"/> owns what can change,
/// under its lock.
/// </summary>
internal sealed class PendingMessage(long number, string id, byte[] bytes)
{
    /// <summary>The place in the order of sending.</summary>
    public long Number { get; } = number;

    public string Id { get; } = id;

    /// <summary>The same bytes each time it is sent, so that the hub knows it again.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Whether it is sent once and forgotten.</summary>
    public bool IsOnce { get; init; }

    /// <summary>Whether the bytes are sound.</summary>
    public bool IsBinary { get; init; }

    /// <summary>The hub's first receipt.</summary>
    public TaskCompletionSource<ReceiptMessage> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The hub's last receipt, when more than storing is waited for.</summary>
    public TaskCompletionSource<ReceiptMessage> Last { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PendingStep Step { get; set; }

    /// <summary>Whether it was ever given to a connection.</summary>
    public bool WasSent { get; set; }

    /// <summary>How far the pages have come, as far as the hub has said.</summary>
    public ReceiptCounts? Counts { get; set; }

    /// <summary>Why the hub did not take it the last time; it may later.</summary>
    public ErrorMessage? Refusal { get; set; }

    /// <summary>How often the hub did not take it.</summary>
    public int Refusals { get; set; }

    /// <summary>Ends the pause after a refusal.</summary>
    public ITimer? Pause { get; set; }

    public void Fail(KotodamaException reason)
    {
        // One call waits for one of the two.
        if (!Stored.TrySetException(reason))
            Last.TrySetException(reason);
    }
}

/// <summary>
/// Where a message stands: Waiting -> Sent -> (gone), Sent -> Waiting when the connection is lost, Sent -> Refused -> Waiting when the
/// hub says that it may be sent again.
/// </summary>
internal enum PendingStep
{
    /// <summary>It is to be sent on this connection, or on the next one.</summary>
    Waiting,

    /// <summary>It was sent on this connection.</summary>
    Sent,

    /// <summary>The hub did not take it; a pause runs.</summary>
    Refused,
}
