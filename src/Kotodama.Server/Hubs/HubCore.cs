using System.Collections.Concurrent;
using System.Security.Cryptography;
using Kotodama.Protocol;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Everything the hub promises about messages, as a machine without threads: work goes in, frames and receipts come out. One caller at a
/// time; time comes from the clock, so the same work at the same times does the same.
/// <list type="bullet">
/// <item>A kept message is stored before anybody sees it.</item>
/// <item>A viewer gets each number of a channel at most once and in order, or a gap that says which ones it does not get.</item>
/// <item>Whoever asked hears the last word about a message exactly once.</item>
/// </list>
/// </summary>
internal sealed partial class HubCore(IMessageLog log, HubClock clock, KotodamaServerOptions options)
{
    private const int Mailbox = 20;
    private const double StatusTtl = 10_000, ReplyTtl = 60_000;
    private const long WritingSilence = 10_000, TrimInterval = 60_000, ProbeInterval = 5_000;

    /// <summary>Limits may have become smaller since a message was taken.</summary>
    private static readonly ProtocolLimits Unlimited = new() { Content = int.MaxValue, Duration = double.MaxValue };

    private readonly List<(string Channel, long Seq)> _displayed = [];
    private long _trimmedAt = clock.Now;
    private long _stored;

    /// <summary>May be read from any thread.</summary>
    public ConcurrentDictionary<string, Channel> Channels { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages stored since the start. May be read from any thread.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Does the work in order. What has to be stored is stored in one go before.</summary>
    public void Process(IReadOnlyList<Work> batch)
    {
        var now = clock.Now;
        var publishing = Prepare([.. batch.OfType<Work.Publish>()], now);
        var drafts = publishing.Where(p => p.Draft is not null).Select(p => p.Draft!).ToArray();
        var receipts = drafts.Length == 0 ? [] : log.Append(drafts, now);
        var (nextPublishing, nextReceipt) = (0, 0);
        foreach (var work in batch)
        {
            if (work is Work.Publish)
                Publish(publishing[nextPublishing++]);
            else
                Do(work, now);
        }

        NoteDisplayed();

        void Publish(Prepared prepared)
        {
            if (prepared.Draft is null)
                SendUnkept(prepared, now);
            else
                SendStored(prepared, receipts[nextReceipt++], now);
        }
    }

    private void Do(Work work, long now)
    {
        switch (work)
        {
            case Work.Join join:
                Join(join, now);
                break;
            case Work.Resume(var viewer, var resume):
                if (viewer.Subscriptions.Find(s => s.Channel.Name == resume.Channel) is { } subscription)
                    CatchUp(subscription, new ChannelPosition(resume.Epoch, resume.Seq), now);
                break;
            case Work.Acknowledge(var viewer, var ack):
                Acknowledge(viewer, ack, now);
                break;
            case Work.Leave(var viewer, var isWriter):
                Leave(viewer, isWriter);
                break;
            case Work.Report(var viewer, var report):
                Report(viewer, report);
                break;
            case Work.AddVoice(var voice):
                Add(voice);
                break;
            case Work.RemoveVoice(var voice):
                Remove(voice);
                break;
            case Work.Speak(var voice, var speech):
                Speak(voice, speech);
                break;
            case Work.AddCompanion(var companion):
                AddCompanion(companion);
                break;
            case Work.RemoveCompanion(var companion):
                RemoveCompanion(companion);
                break;
            case Work.Say(var page, var said):
                Say(page, said);
                break;
            case Work.Perform(var companion, var done):
                Perform(companion, done);
                break;
            case Work.BringSound(var writer, var sound):
                Take(writer, sound);
                break;
            case Work.Ask(var question):
                question(this);
                break;
        }
    }

    /// <summary>What time brings: ends, progress and tidying up. To be called about four times a second.</summary>
    public void Tick()
    {
        var now = clock.Now;
        foreach (var channel in Channels.Values)
        {
            foreach (var (seq, delivery) in channel.Deliveries.ToArray())
            {
                delivery.WatchSpeech(now, channel.SpeechNewsAt, SpeechPatience);
                delivery.Report();
                if (delivery.Expire(now))
                    channel.Deliveries.Remove(seq);
            }

            channel.Audience.Tidy();

            foreach (var (id, writing) in channel.Writings.ToArray())
                if (now - writing.HeardAt >= WritingSilence)
                    Abort(channel, id, "its sender has been silent for 10 s");
        }

        EndSilentSound(now);

        // Tidying up also finds out whether a failed disk works again.
        if (now - _trimmedAt < (log.Failure is null ? TrimInterval : ProbeInterval))
            return;
        _trimmedAt = now;
        log.Trim(now);
    }

    /// <summary>The newest replies of a channel.</summary>
    public IReadOnlyList<LogEntry> History(string channel, int most) => log.History(channel, most);

    /// <summary>Where a channel stands, or null when it was never used.</summary>
    public LogPosition? Position(string channel) => log.Peek(channel);

    /// <summary>What became of a message: how far it came, or only whether it is stored. Null: unknown.</summary>
    public (LogEntry Entry, Delivery? Delivery, bool Expired)? Find(string channel, string id) =>
        log.Find(channel, id) is { } entry
            ? (entry, Channels.TryGetValue(channel, out var live) ? live.Deliveries.GetValueOrDefault(entry.Seq) : null, entry.ExpiresAt <= clock.Now)
            : null;

    /// <summary>Makes the message of a stored body; null when it was written by a version that knew more.</summary>
    public static Publication? Restore(LogEntry entry, string channel, string epoch) =>
        MessageCodec.Read(entry.Body, Unlimited).Message is Publication publication
            ? publication with { Channel = channel, Epoch = epoch, Seq = entry.Seq, Ts = entry.At }
            : null;

    private Prepared[] Prepare(Work.Publish[] works, long now)
    {
        var channels = Array.ConvertAll(works, w => w.Message.Channel ?? w.Channel);
        return Array.ConvertAll(works, work => Prepare(work, channels, now));
    }

    private Prepared Prepare(Work.Publish work, string[] wanted, long now)
    {
        var message = work.Message;
        if (message.Id is null)
            message = message with { Id = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(now)).ToString("N") };

        // Before anything is stored, so that viewers who join in this batch begin below it.
        var (channel, error) = FindOrAdd(message.Channel ?? work.Channel, wanted);
        var (sound, stream) = (work.Sound, default(long?));
        if (message is LlmResponseMessage { Audio: not null } or LlmResponseMessage { AudioStream: not null })
        {
            var reply = (LlmResponseMessage)message;
            (sound, stream) = (reply.Audio is null ? sound : Convert.FromBase64String(reply.Audio), reply.AudioStream);
            message = reply with { Audio = null, AudioStream = null };
        }

        var ttl = message.Ttl ?? (message is LlmResponseMessage ? ReplyTtl : StatusTtl);
        if (channel is null || !message.IsKept || ttl <= 0)
            return new Prepared(message, channel, error, work.Writer, work.Hear, null, sound, stream);
        var body = MessageCodec.Write(message with { Channel = null, Ttl = null, Receipt = null, Epoch = null, Seq = null, Ts = null });
        var draft = new LogDraft(channel.Name, message.Id!, body, SHA256.HashData(body), now + (long)ttl, message is LlmResponseMessage, message.Receipt == ReceiptLevel.Stored);
        return new Prepared(message, channel, null, work.Writer, work.Hear, draft, sound, stream);
    }

    private ErrorMessage Refused(Publication message)
    {
        var failure = log.Failure!;
        return new ErrorMessage
        {
            Code = failure.IsFull ? ErrorCode.StorageFull : ErrorCode.StorageFailed,
            Message = $"the hub keeps messages in memory only, and this one asks for more: {failure.Reason}",
            Hint = failure.IsFull ? "Make room on the disk of the hub's data folder, or do not ask for the receipt \"stored\"." : "See the hub's log, or do not ask for the receipt \"stored\".",
            Id = message.Id,
            Retry = true,
        };
    }

    private void SendStored(Prepared prepared, LogReceipt receipt, long now)
    {
        var message = prepared.Message;
        if (receipt.Outcome == LogOutcome.Conflict)
        {
            prepared.Hear(new ErrorMessage
            {
                Code = ErrorCode.IdConflict,
                Message = $"the id {message.Id} belongs to another message",
                Hint = "Use a new id for each message, or leave it out.",
                Id = message.Id,
            });
            return;
        }

        if (receipt.Outcome == LogOutcome.Refused)
        {
            prepared.Hear(Refused(message));
            return;
        }

        var channel = prepared.Channel!;
        if (receipt.Outcome == LogOutcome.Stored)
            Interlocked.Increment(ref _stored);
        var pages = receipt.Outcome == LogOutcome.Stored ? FanOut(channel, prepared, receipt, now) : 0;
        prepared.Hear(StoredReceipt(message, channel.Name, receipt, pages));
        foreach (var dropped in receipt.Dropped)
            if (channel.Deliveries.Remove(dropped, out var old))
                old.End(ReceiptStatus.Dropped);
        if (receipt.Outcome == LogOutcome.Duplicate && message.Receipt > ReceiptLevel.Stored)
            WatchAgain(channel, message, receipt.Seq, prepared, now);
    }

    private int FanOut(Channel channel, Prepared prepared, LogReceipt receipt, long now)
    {
        var message = prepared.Message with { Channel = channel.Name, Receipt = null, Ttl = null, Epoch = receipt.Epoch, Seq = receipt.Seq, Ts = now };
        if (message is LlmResponseMessage)
            channel.Writings.Remove(message.Id!);
        if (channel.Epoch != receipt.Epoch)
            Renew(channel, receipt.Epoch);
        var delivery = new Delivery(message.Id!, channel.Name, receipt.Seq, prepared.Draft!.ExpiresAt, channel.Audience.Size)
        {
            SpeechLimit = SpeechLimit(message),
            IsSilent = IsSilent(channel, message),
            Length = LengthOf(message),
        };
        if (prepared.Message.Receipt > ReceiptLevel.Stored)
            delivery.Watch(prepared.Message.Receipt.Value, prepared.Hear);
        channel.Deliveries[receipt.Seq] = delivery;
        var frame = Frame.Text(message);
        var pages = 0;
        foreach (var subscription in channel.Subscriptions)
        {
            subscription.Position = receipt.Seq;
            if (!subscription.Viewer.Understands(message) || !subscription.Viewer.Send(frame) || !subscription.Viewer.IsPage || subscription.Seat is not { } seat)
                continue;
            delivery.Sent(seat.Number);
            pages++;
        }

        channel.Top = receipt.Seq;
        Voice(channel, message, prepared);
        return pages;
    }

    /// <summary>Somebody sends a message again, perhaps after a restart of the hub, and wants to hear how far it comes.</summary>
    private void WatchAgain(Channel channel, Publication message, long seq, Prepared prepared, long now)
    {
        var until = message.Receipt!.Value;
        if (channel.Deliveries.TryGetValue(seq, out var delivery))
        {
            delivery.Watch(until, prepared.Hear);
            delivery.Report();
            return;
        }

        // A page may have said so just before.
        NoteDisplayed();
        var entry = log.Find(channel.Name, message.Id!);
        delivery = new Delivery(message.Id!, channel.Name, seq, entry?.ExpiresAt ?? now, channel.Audience.Size)
        {
            WasDisplayedBefore = entry is { Displayed: true },
            SpeechLimit = SpeechLimit(message),
            IsSilent = IsSilent(channel, message),
            Length = LengthOf(message),
        };
        delivery.Watch(until, prepared.Hear);
        if (entry is null)
            delivery.End(ReceiptStatus.Dropped);
        else if (entry.ExpiresAt <= now)
            delivery.End(ReceiptStatus.Expired);
        else
            channel.Deliveries[seq] = delivery;
        delivery.Report();
    }

    private void SendUnkept(Prepared prepared, long now)
    {
        if (prepared.Channel is not { } channel)
        {
            prepared.Hear(prepared.Error! with { Id = prepared.Message.Id });
            return;
        }

        var message = prepared.Message with { Channel = channel.Name, Receipt = null, Ttl = null, Epoch = null, Seq = null, Ts = null };
        if (message is LlmDeltaMessage)
            channel.Writings[message.Id!] = new Writing(prepared.Writer, now);
        else if (message is LlmResponseMessage)
            channel.Writings.Remove(message.Id!);
        else if (message is StopMessage { What: StopTarget.All })
            channel.Writings.Clear();
        var pages = Broadcast(channel, Frame.Text(message), message);
        Voice(channel, message, prepared);
        if (message is StopMessage)
            StopAll(channel);
        prepared.Hear(new ReceiptMessage { Id = message.Id!, Channel = channel.Name, Status = ReceiptStatus.Stored, Pages = pages, Durable = false });
    }

    private static int Broadcast(Channel channel, byte[] frame, Publication message)
    {
        // A lost piece of a reply costs nothing, because its end carries the whole.
        var kind = message is LlmDeltaMessage ? FrameKind.Ephemeral : FrameKind.Ordinary;
        var pages = 0;
        foreach (var subscription in channel.Subscriptions)
            if (subscription.Viewer.Understands(message) && subscription.Viewer.Send(frame, kind) && subscription.Viewer.IsPage)
                pages++;
        return pages;
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

    private sealed record Prepared(Publication Message, Channel? Channel, ErrorMessage? Error, Viewer? Writer, Action<Message> Hear, LogDraft? Draft, ReadOnlyMemory<byte>? Sound, long? Stream);
}
