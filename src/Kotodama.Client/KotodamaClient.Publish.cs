using Kotodama.Protocol;

namespace Kotodama.Client;

public sealed partial class KotodamaClient
{
    private readonly Outbox _outbox;

    /// <summary>
    /// Sends one message and waits until it has come as far as <see cref="Publication.Receipt"/> says (null: until the hub has it). When the
    /// connection is lost meanwhile, or the hub asks to try later, the message is sent again with the same id, in the order of the calls,
    /// and is shown once.
    /// </summary>
    /// <remarks>
    /// <para>Until the message is stored the wait is at most <see cref="KotodamaClientOptions.SendTimeout"/>. From then on the hub's last
    /// word is waited for: at most the message's time to live and <see cref="KotodamaClientOptions.SendTimeout"/> on top, and with
    /// <see cref="ReceiptLevel.Spoken"/> as long as speaking may take, <see cref="ProtocolLimits.Duration"/> of the hub.</para>
    /// <para>With <see cref="ReceiptLevel.None"/>, and for pieces of a streamed reply that ask for nothing, the call returns when the
    /// message is sent. It is sent once, and not at all while there is no connection.</para>
    /// <para>A hub whose disk is full, or fails, goes on in memory: the receipt then says <see cref="ReceiptMessage.Durable"/> false, and the
    /// message is lost if the hub ends before that is cured; it is not sent again. With <see cref="ReceiptLevel.Stored"/>, said explicitly, the
    /// hub refuses it instead, and it is sent again until it is on the disk or <see cref="KotodamaClientOptions.SendTimeout"/> is over.</para>
    /// </remarks>
    /// <param name="message">What to say. With an id of its own it may be published again and is shown once.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="Stage.PublishAsync" path="/returns"/>
    /// <exception cref="KotodamaException">
    /// The hub refused the message, did not store it in time (<see cref="KotodamaException.NoAnswer"/>: it may have been shown;
    /// <see cref="KotodamaException.NotConnected"/>: it was never sent), or the outbox was full (<see cref="KotodamaException.OutboxFull"/>). The client was
    /// closed while it waited.
    /// </exception>
    /// <exception cref="ArgumentException">A message with the same id is under way.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed before.</exception>
    public override async Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);

        // Pieces of a stream share the id of their reply and cannot do with one of their own.
        var piece = message is LlmDeltaMessage;
        message = message with
        {
            Id = message.Id ?? (piece ? null : Guid.NewGuid().ToString("N")),
            Receipt = message.Receipt ?? (piece ? ReceiptLevel.None : null),
        };
        if (message.Validate(Welcome?.Limits ?? ProtocolLimits.Default) is { } wrong)
            throw KotodamaException.From(wrong);

        using var limit = new CancellationTokenSource(_options.SendTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return message.Receipt == ReceiptLevel.None
            ? await SendOnceAsync(message, either.Token, cancellationToken).ConfigureAwait(false)
            : await DeliverAsync(message, either.Token, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ReceiptMessage> DeliverAsync(Publication message, CancellationToken inTime, CancellationToken cancellationToken)
    {
        Delivery? delivery = null;
        try
        {
            delivery = await _outbox.AddAsync(message, inTime).ConfigureAwait(false);
            var stored = await delivery.Stored.Task.WaitAsync(inTime).ConfigureAwait(false);

            // A message without a number is not kept, and nobody can say that it was displayed.
            return message.Receipt > ReceiptLevel.Stored && stored.Seq is not null && !Outbox.IsLast(stored)
                ? await LastWordAsync(message, delivery, stored, cancellationToken).ConfigureAwait(false)
                : stored;
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw TimedOut(delivery, e);
        }
        finally
        {
            if (delivery is not null)
                _outbox.Remove(delivery);
        }
    }

    private async Task<ReceiptMessage> LastWordAsync(Publication message, Delivery delivery, ReceiptMessage stored, CancellationToken cancellationToken)
    {
        var ttl = LifeOf(message);
        var speech = message is LlmResponseMessage { Speak: true, Receipt: ReceiptLevel.Spoken } ? TimeSpan.FromMilliseconds((Welcome?.Limits ?? ProtocolLimits.Default).Duration) : TimeSpan.Zero;
        var limit = _options.SendTimeout == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : ttl + speech + _options.SendTimeout;
        try
        {
            var last = await delivery.Last.Task.WaitAsync(limit, _options.Time, cancellationToken).ConfigureAwait(false);
            return stored with { Status = last.Status, Counts = delivery.Counts, Heard = last.Heard, Final = true };
        }
        catch (TimeoutException e)
        {
            throw new KotodamaException(KotodamaException.NoAnswer,
                $"the hub stored the message as number {stored.Seq} and did not say within {limit.TotalSeconds:0.#} s what became of it",
                "The message may or may not have been shown.", e);
        }
    }

    private static TimeSpan LifeOf(Publication message) => TimeSpan.FromMilliseconds(message.Ttl ?? (message is LlmResponseMessage ? 60_000 : 10_000));

    /// <summary>Sends a message that nobody waits for. It is not worth a second try.</summary>
    private async Task<ReceiptMessage> SendOnceAsync(Publication message, CancellationToken inTime, CancellationToken cancellationToken)
    {
        _outbox.ThrowIfClosed();
        try
        {
            if (_link is { } link)
                await link.SendAsync(MessageCodec.Write(message), inTime).WaitAsync(inTime).ConfigureAwait(false);
        }
        catch (Exception e) when (Link.IsLost(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new ReceiptMessage
        {
            Id = message.Id!,
            Channel = message.Channel ?? _options.Channels[0],
            Status = ReceiptStatus.Stored,
            Durable = false,
        };
    }

    private KotodamaException TimedOut(Delivery? delivery, Exception cause)
    {
        var limit = $"{_options.SendTimeout.TotalSeconds:0.#} s";
        return delivery switch
        {
            null => new(KotodamaException.OutboxFull, $"the outbox was full for {limit}: {_options.OutboxCapacity} messages are under way", "Is the hub running? Else publish less at once, or raise KotodamaClientOptions.OutboxCapacity.", cause),
            { WasSent: false } => new(KotodamaException.NotConnected, $"there was no connection to {Uri} for {limit}; the message was not sent", "Is the hub running? kotodama doctor finds out.", cause),
            { Step: DeliveryStep.Refused, Refusal: { } refusal } => new(refusal.Code, $"{refusal.Message} (for {limit})", refusal.Hint, cause),
            _ => new(KotodamaException.NoAnswer, $"the hub did not answer within {limit}", "The message may or may not have been shown.", cause),
        };
    }
}
