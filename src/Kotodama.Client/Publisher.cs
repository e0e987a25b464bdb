using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>Brings publications to the hub and waits for its word about them. Safe for threads.</summary>
/// <param name="connector">Knows the hub's limits.</param>
/// <param name="connection">The connection.</param>
/// <param name="options">The client's settings.</param>
/// <param name="pending">What is to be sent, and waits for the hub's word.</param>
/// <param name="incoming">Where the reader finds errors of messages that no call waits for.</param>
internal sealed class Publisher(
    HubConnector connector,
    ConnectionLoop connection,
    KotodamaClientOptions options,
    PendingMessages pending,
    ChannelWriter<Message> incoming)
{
    /// <summary>Publishes, and waits as <see cref="KotodamaClient.PublishAsync"/> says.</summary>
    public async Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken)
    {
        // Pieces of a stream share the id of their reply and cannot do with one of their own.
        var isPiece = message is LlmDeltaMessage;
        message = message with
        {
            Id = message.Id ?? (isPiece ? null : Guid.NewGuid().ToString("N")),
            Receipt = message.Receipt ?? (isPiece ? ReceiptLevel.None : null),
        };
        if (message.Validate(connector.Limits) is { } wrong)
            throw KotodamaException.From(wrong);
        message = Seal(message);

        using var limit = new CancellationTokenSource(options.SendTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return message.Receipt == ReceiptLevel.None
            ? await SendOnceAsync(message, either.Token, cancellationToken).ConfigureAwait(false)
            : await DeliverAsync(message, either.Token, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a message of any kind as <see cref="KotodamaClient.SendAsync"/> says.</summary>
    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var isKept = message is Publication and not (LlmDeltaMessage or { Receipt: ReceiptLevel.None });
        if (message is Publication open)
            message = Seal(open);
        if (isKept && message is Publication publication)
        {
            await KeepAsync(
                publication with { Id = publication.Id ?? Guid.NewGuid().ToString("N") },
                cancellationToken).ConfigureAwait(false);
            return;
        }

        var sound = message as AudioMessage;
        var bytes = sound is null ? MessageCodec.Write(message) : sound.ToBytes();
        await pending.PostAsync(bytes, isBinary: sound is not null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The message as it leaves this program: sealed, if the client has a key and the message is for pages alone.</summary>
    private Publication Seal(Publication message)
    {
        if (options.EncryptionKey is not { } key || !MessageKey.Covers(message))
            return message;
        var sealedMessage = key.Seal(message, options.Channels[0], options.Time.GetUtcNow());
        var (length, most) = (MessageCodec.Write(sealedMessage).Length, connector.Limits.Frame);
        return length <= most
            ? sealedMessage
            : throw new KotodamaException(
                ErrorCode.TooBig,
                $"the message has {length} bytes when it is encrypted, the limit is {most}",
                "Send it in several messages, or raise the hub's limit Kotodama:Limits:Frame.");
    }

    /// <summary>Enqueues a publication whose receipt no call waits for.</summary>
    private async Task KeepAsync(Publication message, CancellationToken cancellationToken)
    {
        try
        {
            _ = AttendAsync(message, await pending.AddAsync(message, cancellationToken).ConfigureAwait(false));
        }
        catch (KotodamaException)
        {
            // The client is closed: what is sent after the end is lost.
        }
    }

    /// <summary>Keeps a publication until the hub's last word. Ends with the client at the latest, which fails what is pending.</summary>
    private async Task AttendAsync(Publication message, PendingMessage sent)
    {
        var limit = options.SendTimeout == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : LifeOf(message) + options.SendTimeout;
        try
        {
            var stored = await sent.Stored.Task.WaitAsync(limit, options.Time, CancellationToken.None).ConfigureAwait(false);
            if (HasMore(message, stored))
                await LastWordAsync(message, sent, stored, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The message's time is over, and no call waits for it.
        }
        catch (KotodamaException e)
        {
            incoming.TryWrite(new ErrorMessage { Code = e.Code, Message = e.Message, Hint = e.Hint, Id = message.Id });
        }
        finally
        {
            pending.Remove(sent);
        }
    }

    private async Task<ReceiptMessage> DeliverAsync(Publication message, CancellationToken inTime, CancellationToken cancellationToken)
    {
        PendingMessage? sent = null;
        try
        {
            sent = await pending.AddAsync(message, inTime).ConfigureAwait(false);
            var stored = await sent.Stored.Task.WaitAsync(inTime).ConfigureAwait(false);
            return HasMore(message, stored)
                ? await LastWordAsync(message, sent, stored, cancellationToken).ConfigureAwait(false)
                : stored;
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw TimedOut(sent, e);
        }
        finally
        {
            if (sent is not null)
                pending.Remove(sent);
        }
    }

    /// <summary>Whether the hub has more to say. A message without a number is not kept, and no page can acknowledge it.</summary>
    private static bool HasMore(Publication message, ReceiptMessage stored) =>
        message.Receipt > ReceiptLevel.Stored && stored.Seq is not null && !PendingMessages.IsLast(stored);

    private async Task<ReceiptMessage> LastWordAsync(
        Publication message,
        PendingMessage sent,
        ReceiptMessage stored,
        CancellationToken cancellationToken)
    {
        var isSpoken = message is LlmResponseMessage { Speak: true, Receipt: ReceiptLevel.Spoken }
            or EncMessage { Receipt: ReceiptLevel.Spoken };
        var speech = isSpoken ? TimeSpan.FromMilliseconds(connector.Limits.Duration) : TimeSpan.Zero;
        var limit = options.SendTimeout == Timeout.InfiniteTimeSpan
            ? Timeout.InfiniteTimeSpan
            : LifeOf(message) + speech + options.SendTimeout;
        try
        {
            var last = await sent.Last.Task.WaitAsync(limit, options.Time, cancellationToken).ConfigureAwait(false);
            return stored with { Status = last.Status, Counts = sent.Counts, Heard = last.Heard, Failed = last.Failed, Final = true };
        }
        catch (TimeoutException e)
        {
            throw new KotodamaException(
                KotodamaException.NoAnswer,
                $"the hub stored the message as number {stored.Seq} and did not say within {limit.TotalSeconds:0.#} s what became of it",
                "The message may or may not have been shown.",
                e);
        }
    }

    private static TimeSpan LifeOf(Publication message) =>
        TimeSpan.FromMilliseconds(message.Ttl ?? (message is LlmResponseMessage ? 60_000 : 10_000));

    /// <summary>Sends a message that no receipt is asked for. It is not worth a second try.</summary>
    private async Task<ReceiptMessage> SendOnceAsync(Publication message, CancellationToken inTime, CancellationToken cancellationToken)
    {
        pending.ThrowIfClosed();
        try
        {
            if (connection.Socket is { } socket)
                await socket.SendAsync(MessageCodec.Write(message), inTime).WaitAsync(inTime).ConfigureAwait(false);
        }
        catch (Exception e) when (HubSocket.IsLost(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new ReceiptMessage
        {
            Id = message.Id!,
            Channel = message.Channel ?? options.Channels[0],
            Status = ReceiptStatus.Stored,
            Durable = false,
        };
    }

    private KotodamaException TimedOut(PendingMessage? sent, Exception cause)
    {
        var limit = $"{options.SendTimeout.TotalSeconds:0.#} s";
        return sent switch
        {
            null => new(
                KotodamaException.OutboxFull,
                $"the outbox was full for {limit}: {options.OutboxCapacity} messages are under way",
                "Is the hub running? Else publish less at once, or raise KotodamaClientOptions.OutboxCapacity.",
                cause),
            { WasSent: false } => new(
                KotodamaException.NotConnected,
                $"there was no connection to {connector.Uri} for {limit}; the message was not sent",
                "Is the hub running? kotodama doctor finds out.",
                cause),
            { Step: PendingStep.Refused, Refusal: { } refusal } => new(
                refusal.Code,
                $"{refusal.Message} (for {limit})",
                refusal.Hint,
                cause),
            _ => new(
                KotodamaException.NoAnswer,
                $"the hub did not answer within {limit}",
                "The message may or may not have been shown.",
                cause),
        };
    }
}
