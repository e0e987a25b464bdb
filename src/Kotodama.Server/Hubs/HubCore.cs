using System.Collections.Concurrent;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Everything the hub promises about messages, as a machine without threads: work goes in, frames and receipts come out. One caller at a
/// time; time comes from the clock, so the same work at the same times does the same. It takes batches, dispatches their work to the parts
/// that own the state, and ticks.
/// <list type="bullet">
/// <item>A kept message is stored before any viewer sees it.</item>
/// <item>A viewer gets each number of a channel at most once and in order, or a gap that says which ones it does not get.</item>
/// <item>A publisher that asked gets the final receipt of a message exactly once.</item>
/// </list>
/// </summary>
internal sealed class HubCore
{
    private const long TrimInterval = 60_000, ProbeInterval = 5_000;

    private readonly IMessageLog _log;
    private readonly HubClock _clock;
    private readonly Voices _voices;
    private readonly Companions _companions;
    private readonly Avatars _avatars;
    private readonly Touches _touches = new();
    private readonly BroughtSounds _sounds;
    private readonly DisplayedNotes _displayed;
    private readonly Publishing _publishing;
    private readonly Viewers _viewers;
    private long _trimmedAt;

    /// <param name="log">Stores kept messages.</param>
    /// <param name="clock">The hub's clock.</param>
    /// <param name="options">Settings.</param>
    /// <param name="avatars">Keeps which avatars were chosen.</param>
    public HubCore(IMessageLog log, HubClock clock, KotodamaServerOptions options, Avatars avatars)
    {
        (_log, _clock, _avatars, _trimmedAt) = (log, clock, avatars, clock.Now);
        _voices = new Voices(Channels);
        _companions = new Companions(Channels);
        _sounds = new BroughtSounds(clock, options.MaxSoundBytes);
        _displayed = new DisplayedNotes(log);
        var table = new ChannelTable(Channels, log, clock, options, _voices, _companions, avatars);
        _publishing = new Publishing(log, table, _sounds, _displayed, avatars, clock, options);
        _viewers = new Viewers(table, new CatchUp(log, options), _companions, _displayed);
    }

    /// <summary>May be read from any thread.</summary>
    public ConcurrentDictionary<string, Channel> Channels { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc cref="Publishing.Stored"/>
    public long Stored => _publishing.Stored;

    /// <inheritdoc cref="Voices.SpeechesHeard"/>
    public long SpeechesHeard => _voices.SpeechesHeard;

    /// <inheritdoc cref="Voices.SpeechesStopped"/>
    public long SpeechesStopped => _voices.SpeechesStopped;

    /// <summary>Does the work in order. What has to be stored is stored in one go before.</summary>
    /// <param name="batch">The work.</param>
    /// <param name="broken">
    /// Gets the exception of a piece of work that failed by a bug of ours; the others are done all the same, because each belongs to
    /// another client. Null: the exception ends the batch.
    /// </param>
    public void Process(IReadOnlyList<Work> batch, Action<Exception>? broken = null)
    {
        var now = _clock.Now;
        var publications = Store(batch, now, broken);
        var next = 0;
        foreach (var work in batch)
        {
            try
            {
                if (work is not Work.Publish)
                    Do(work, now);
                else if (publications is not null)
                    _publishing.Publish(publications[next++], now);
            }
            catch (Exception e) when (broken is not null)
            {
                broken(e);
            }
        }

        try
        {
            _displayed.Flush();
        }
        catch (Exception e) when (broken is not null)
        {
            broken(e);
        }
    }

    /// <summary>What time brings: ends, progress and tidying up. To be called about four times a second.</summary>
    public void Tick()
    {
        var now = _clock.Now;
        foreach (var channel in Channels.Values)
            channel.Tick(now);
        _sounds.EndSilent(now);
        _avatars.Tick(now);

        // Tidying up also finds out whether a failed disk works again.
        if (now - _trimmedAt < (_log.Failure is null ? TrimInterval : ProbeInterval))
            return;
        _trimmedAt = _log.Trim(now, Channels.ContainsKey) ? now - TrimInterval : now;
    }

    /// <summary>The newest replies of a channel below a number, oldest first.</summary>
    /// <inheritdoc cref="IMessageLog.History"/>
    public IReadOnlyList<LogEntry> History(string channel, int most, long before, long mostBytes) =>
        _log.History(channel, most, before, mostBytes);

    /// <summary>Where a channel stands, or null when it was never used.</summary>
    public LogPosition? Position(string channel) => _log.Peek(channel);

    /// <summary>What became of a message: how far it came, or only whether it is stored. Null: unknown.</summary>
    public (LogEntry Entry, Delivery? Delivery, bool Expired)? Find(string channel, string id)
    {
        if (_log.Find(channel, id) is not { } entry)
            return null;
        var delivery = Channels.TryGetValue(channel, out var live) ? live.Deliveries.GetValueOrDefault(entry.Seq) : null;
        return (entry, delivery, entry.ExpiresAt <= _clock.Now);
    }

    /// <returns>What was prepared; null when nothing of the batch could be stored, which its publishers are told.</returns>
    private Submission[]? Store(IReadOnlyList<Work> batch, long now, Action<Exception>? broken)
    {
        try
        {
            return _publishing.Store(batch, now);
        }
        catch (Exception e) when (broken is not null)
        {
            broken(e);
            foreach (var work in batch.OfType<Work.Publish>())
                work.OnReceipt(Publishing.Unstored(work.Message));
            return null;
        }
    }

    private void Do(Work work, long now)
    {
        if (work.ForAlone is { IsClosed: true })
            return;
        switch (work)
        {
            case Work.Join join:
                _viewers.Join(join, now);
                break;
            case Work.Resume(var viewer, var resume):
                _viewers.Resume(viewer, resume, now);
                break;
            case Work.Continue(var viewer):
                _viewers.Continue(viewer, now);
                break;
            case Work.Acknowledge(var viewer, var ack):
                _viewers.Acknowledge(viewer, ack, now);
                break;
            case Work.Leave(var viewer, var isPublisher):
                _viewers.Leave(viewer);
                _touches.Remove(viewer);
                _sounds.EndOf(viewer);
                if (isPublisher && viewer.HasStreamed)
                    _publishing.Abandon(viewer);
                break;
            case Work.Report(var page, var report):
                _voices.Report(page, report);
                break;
            case Work.AddVoice(var voice):
                _voices.Add(voice);
                break;
            case Work.RemoveVoice(var voice):
                _voices.Remove(voice);
                break;
            case Work.VoiceOutput(var voice, var speech):
                _voices.Speak(voice, speech);
                break;
            case Work.AddCompanion(var companion):
                _companions.Add(companion);
                break;
            case Work.RemoveCompanion(var companion):
                _companions.Remove(companion);
                break;
            case Work.CompanionOutput(var companion, var output):
                _companions.Answer(companion, output);
                break;
            case Work.UserInput(var page, TouchMessage touch):
                _touches.Pass(page, touch);
                break;
            case Work.HearTouches(var client, var channels):
                _touches.Add(client, channels);
                break;
            case Work.UserInput(var page, var input):
                _companions.Pass(page, input, now);
                break;
            case Work.BringSound(var publisher, var sound):
                _sounds.Add(publisher, sound);
                break;
            case Work.Ask(var question):
                question(this);
                break;
        }
    }
}
