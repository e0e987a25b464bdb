using System.Security.Cryptography;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// The way of a published message: it gets an id and a channel, is stored with its batch, is sent to every viewer of the channel, and its
/// publisher gets receipts. A message is serialised and framed once, whatever the number of viewers.
/// </summary>
/// <param name="log">Stores what is kept.</param>
/// <param name="channels">The channels.</param>
/// <param name="sounds">Bring the sound of replies to the voice.</param>
/// <param name="displayed">What pages displayed in this batch.</param>
/// <param name="avatars">Keep which avatars were chosen.</param>
/// <param name="clock">The hub's clock.</param>
/// <param name="options">Settings.</param>
internal sealed class Publishing(
    IMessageLog log,
    ChannelTable channels,
    BroughtSounds sounds,
    DisplayedNotes displayed,
    Avatars avatars,
    HubClock clock,
    KotodamaServerOptions options)
{
    /// <summary>How long a message that names no time to live counts as new, in ms.</summary>
    private const double StatusTtl = 10_000, ReplyTtl = 60_000;

    private long _stored;

    /// <summary>Messages stored since the start. May be read from any thread.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Prepares the messages of a batch and stores those that are kept, in one go.</summary>
    /// <returns>The messages in the order of the batch, each to be given to <see cref="Publish"/>.</returns>
    public Submission[] Store(IReadOnlyList<Work> batch, long now)
    {
        Work.Publish[] works = [.. batch.OfType<Work.Publish>()];
        var wanted = works.Select(w => w.Message.Channel ?? w.Channel).ToHashSet(StringComparer.Ordinal);
        var submissions = Array.ConvertAll(works, work => Prepare(work, wanted, now));
        KeepAvatars(submissions, now);
        var kept = Array.FindAll(submissions, s => s.Draft is not null);
        if (kept.Length == 0)
            return submissions;
        var receipts = log.Append(Array.ConvertAll(kept, s => s.Draft!), now);
        for (var i = 0; i < kept.Length; i++)
            kept[i].Receipt = receipts[i];
        return submissions;
    }

    /// <summary>Sends a message to the viewers and the first receipt to its publisher.</summary>
    public void Publish(Submission submission, long now)
    {
        // A viewer that joined in this batch may have made an unused channel give way.
        var channel = submission.Channel is { } found ? channels.Keep(found) : null;
        if (submission.Receipt is { } receipt)
            PublishStored(submission, receipt, channel!, now);
        else if (channel is not null)
            PublishUnkept(submission, channel, now);
        else
            submission.Answer(submission.Error! with { Id = submission.Message.Id });
    }

    /// <summary>Ends the replies that a publisher that is gone was streaming.</summary>
    public void Abandon(Viewer publisher)
    {
        foreach (var channel in channels.All)
            channel.AbortRepliesOf(publisher);
    }

    private Submission Prepare(Work.Publish work, HashSet<string> wanted, long now)
    {
        var message = work.Message;
        if (message.Id is null)
            message = message with { Id = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(now)).ToString("N") };
        if (message is LlmResponseMessage { StatedMode: null } open)
            message = open with { Mode = options.ReplyMode };

        // Before anything is stored, so that viewers who join in this batch begin below it.
        var (channel, error) = channels.FindOrAdd(message.Channel ?? work.Channel, wanted);
        if (work.Performer is null)
            message = ChannelCompanion.Sign(message, _ => null);
        var (sound, stream) = (work.Sound, default(long?));
        if (message is LlmResponseMessage { Audio: not null } or LlmResponseMessage { AudioStream: not null })
        {
            var reply = (LlmResponseMessage)message;
            (sound, stream) = (reply.Audio is null ? sound : Convert.FromBase64String(reply.Audio), reply.AudioStream);
            message = reply with { Audio = null, AudioStream = null };
        }

        return new Submission(work, message)
        {
            Channel = channel,
            Error = error,
            Draft = channel is null ? null : Draft(message, channel.Name, now),
            Sound = sound,
            SoundStream = stream,
        };
    }

    /// <summary>What is chosen is on the disk, if it can be, before a page shows it.</summary>
    private void KeepAvatars(Submission[] submissions, long now)
    {
        var chosen = Array.FindAll(submissions, s => s is { Message: AvatarMessage, Channel: not null });
        if (chosen.Length == 0)
            return;
        var durable = avatars.Choose(chosen.Select(s => (s.Channel!.Name, ((AvatarMessage)s.Message).Name)), now);
        foreach (var submission in chosen)
            submission.IsDurable = durable;
    }

    private LogDraft? Draft(Publication message, string channel, long now)
    {
        // What a sealed message is only its readers know; it is kept as long as what a user would miss most.
        var isReply = message is LlmResponseMessage or EncMessage;
        var ttl = message.Ttl ?? (isReply ? ReplyTtl : StatusTtl);
        if (!message.IsKept || ttl <= 0)
            return null;
        var body = StoredBody.Write(message);
        return new LogDraft(
            channel,
            message.Id!,
            body,
            SHA256.HashData(message is LlmResponseMessage { Turn: not null } reply ? StoredBody.Write(reply with { Turn = null }) : body),
            now + (long)ttl,
            isReply,
            DurableOnly: message.Receipt == ReceiptLevel.Stored)
        {
            Ts = clock.Wall,
        };
    }

    private void PublishStored(Submission submission, LogReceipt receipt, Channel channel, long now)
    {
        var message = submission.Message;
        if (receipt.Outcome is LogOutcome.Conflict or LogOutcome.Refused)
        {
            submission.Answer(receipt.Outcome == LogOutcome.Conflict ? Conflict(message) : Undurable(message));
            return;
        }

        var isNew = receipt.Outcome == LogOutcome.Stored;
        if (isNew)
            Interlocked.Increment(ref _stored);
        var pages = isNew ? FanOut(channel, submission, receipt) : 0;
        submission.Answer(StoredReceipt(message, channel.Name, receipt, pages));
        foreach (var dropped in receipt.Dropped)
            Drop(channel, dropped);
        foreach (var (elsewhere, dropped) in receipt.Elsewhere)
            if (channels.Find(elsewhere) is { } other)
                Drop(other, dropped);
        if (!isNew && message.Receipt > ReceiptLevel.Stored)
            WatchAgain(channel, submission, receipt.Seq, now);
    }

    private static void Drop(Channel channel, long seq)
    {
        if (channel.Deliveries.Remove(seq, out var old))
            old.Settle(ReceiptStatus.Dropped);
    }

    private int FanOut(Channel channel, Submission submission, LogReceipt receipt)
    {
        var message = submission.Message with
        {
            Channel = channel.Name,
            Receipt = null,
            Ttl = null,
            Epoch = receipt.Epoch,
            Seq = receipt.Seq,
            Ts = submission.Draft!.Ts,
        };
        message = channel.Companion.Sign(message, submission.Work.Performer);
        if (message is LlmResponseMessage)
            channel.Streams.End(message.Id!);
        if (channel.Epoch != receipt.Epoch)
            channel.Renew(receipt.Epoch);
        var delivery = NewDelivery(channel, message, receipt.Seq, submission.Draft.ExpiresAt);
        if (submission.Message.Receipt is > ReceiptLevel.Stored and var until)
            delivery.Watch(until, submission.Work.OnReceipt);
        channel.Deliveries[receipt.Seq] = delivery;
        var frame = Frame.Text(message);
        var pages = 0;
        foreach (var subscription in channel.Subscriptions)
        {
            var viewer = subscription.Viewer;
            var isBehind = subscription.Replay is not null;
            if (!isBehind)
                subscription.Position = receipt.Seq;

            // Who is behind reads it from the log, after what came before it.
            if (!viewer.Understands(message) || !(isBehind || viewer.Send(frame)) || !viewer.IsPage || subscription.Seat is not { } seat)
                continue;
            if (!isBehind)
                delivery.Sent(seat.Number);
            pages++;
        }

        channel.MoveTop(receipt.Seq);
        sounds.Deliver(channel, message, submission);
        return pages;
    }

    /// <summary>A publisher sends a message again, perhaps after a restart of the hub, and waits for its receipts.</summary>
    private void WatchAgain(Channel channel, Submission submission, long seq, long now)
    {
        var message = submission.Message;
        var until = message.Receipt!.Value;
        if (channel.Deliveries.TryGetValue(seq, out var delivery))
        {
            delivery.Watch(until, submission.Work.OnReceipt);
            delivery.Report();
            return;
        }

        // A page may have said so earlier in this batch.
        displayed.Flush();
        var entry = log.Find(channel.Name, message.Id!);
        delivery = NewDelivery(channel, message, seq, entry?.ExpiresAt ?? now, wasDisplayed: entry is { Displayed: true });
        delivery.Watch(until, submission.Work.OnReceipt);
        if (entry is null)
            delivery.Settle(ReceiptStatus.Dropped);
        else if (entry.ExpiresAt <= now)
            delivery.Settle(ReceiptStatus.Expired);
        else
            channel.Deliveries[seq] = delivery;
        delivery.Report();
    }

    private Delivery NewDelivery(Channel channel, Publication message, long seq, long expiresAt, bool wasDisplayed = false)
    {
        var reply = message as LlmResponseMessage;
        var isSealed = message is EncMessage;
        var isSpoken = reply is { Speak: true } || isSealed;
        return new Delivery(message.Id!, channel.Name, seq, expiresAt, channel.Audience.Size)
        {
            WasDisplayedBefore = wasDisplayed,
            SpeechLimit = isSpoken ? (long)options.Limits.Duration : 0,
            IsSilent = !isSpoken || (!isSealed && channel.Speech.Voice is null),
            IsSealed = isSealed,
            Length = isSealed ? options.Limits.Content : reply?.Content.Length ?? 0,
        };
    }

    private void PublishUnkept(Submission submission, Channel channel, long now)
    {
        var message = submission.Message with { Channel = channel.Name, Receipt = null, Ttl = null, Epoch = null, Seq = null, Ts = null };
        message = channel.Companion.Sign(message, submission.Work.Performer);
        if (message is LlmDeltaMessage)
            channel.NotePiece(message.Id!, submission.Work.Publisher, now);
        else if (message is LlmResponseMessage)
            channel.Streams.End(message.Id!);
        else if (message is StopMessage { What: StopTarget.All })
            channel.Streams.EndAll();
        else if (message is AvatarMessage avatar)
            channel.Avatar = new AvatarChoice(avatar.Name);
        var pages = Broadcast(channel, Frame.Text(message), message);
        sounds.Deliver(channel, message, submission);
        if (message is StopMessage)
            channel.Speech.Discard();
        submission.Answer(new ReceiptMessage
        {
            Id = message.Id!,
            Channel = channel.Name,
            Status = ReceiptStatus.Stored,
            Pages = pages,
            Durable = submission.IsDurable,
        });
    }

    private static int Broadcast(Channel channel, byte[] frame, Publication message)
    {
        // A lost piece of a reply costs nothing, because its end carries the whole.
        var kind = message is LlmDeltaMessage ? FrameKind.Ephemeral : FrameKind.Ordinary;
        var pages = 0;
        foreach (var subscription in channel.Subscriptions)
            if (subscription.Viewer.Understands(message) && Offer(subscription, frame, kind) && subscription.Viewer.IsPage)
                pages++;
        return pages;
    }

    /// <summary>
    /// What is not stored comes after what came before it, too: a viewer that is behind gets it in its turn, but for what is worth nothing
    /// later.
    /// </summary>
    private static bool Offer(Subscription subscription, byte[] frame, FrameKind kind)
    {
        if (subscription.Replay is not { } replay)
            return subscription.Viewer.Send(frame, kind);
        if (kind == FrameKind.Ephemeral)
            return false;
        if (replay.TryPutBehind(subscription.Channel.Top, frame))
            return true;
        subscription.Viewer.GiveUp();
        return false;
    }

    private static ErrorMessage Conflict(Publication message) => new()
    {
        Code = ErrorCode.IdConflict,
        Message = $"the id {message.Id} belongs to another message",
        Hint = "Use a new id for each message, or leave it out.",
        Id = message.Id,
    };

    /// <summary>The hub failed before it could store a message.</summary>
    public static ErrorMessage Unstored(Publication message) => new()
    {
        Code = ErrorCode.StorageFailed,
        Message = "the hub could not store the message because of a mistake of its own",
        Hint = "Send it again; if that does not help, see the hub's log and report it.",
        Id = message.Id,
        Retry = true,
    };

    private ErrorMessage Undurable(Publication message)
    {
        var failure = log.Failure!;
        return new ErrorMessage
        {
            Code = failure.IsFull ? ErrorCode.StorageFull : ErrorCode.StorageFailed,
            Message = $"the hub keeps messages in memory only, and this one asks for more: {failure.Reason}",
            Hint = failure.IsFull
                ? "Make room on the disk of the hub's data folder, or do not ask for the receipt \"stored\"."
                : "See the hub's log, or do not ask for the receipt \"stored\".",
            Id = message.Id,
            Retry = true,
        };
    }

    private static ReceiptMessage StoredReceipt(Publication message, string channel, LogReceipt receipt, int pages) => new()
    {
        Id = message.Id!,
        Channel = channel,
        Status = ReceiptStatus.Stored,
        Pages = pages,
        Epoch = receipt.Epoch,
        Seq = receipt.Seq,
        Durable = receipt.Durable,
        Duplicate = receipt.Outcome == LogOutcome.Duplicate ? true : null,
    };
}
