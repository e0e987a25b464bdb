using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Text;
using Microsoft.Extensions.Logging;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// The speech of one channel: what waits to be said, and what is being said. Used by the speaker's loop only.
/// <code>
///             reply, or its first piece                    its turn            playback done, or its time is over
///  (nothing) --------------------------> waiting --------------------> speaking --------------------> (nothing)
///                  expired: forgotten ----^                                '-- stop, interrupt, abort, no listener
/// </code>
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="parts">What every channel shares.</param>
internal sealed partial class ChannelVoice(string channel, SpeakerParts parts) : IDisposable
{
    /// <summary>As many as wait on a page: what it has sent to its history is not spoken over another text.</summary>
    private const int MostWaiting = 16;

    /// <summary>Brought sound that waits: more than three of the largest files that a hub takes by default.</summary>
    private const long MostSoundWaiting = 32 * 1024 * 1024;

    /// <summary>A page reports every second while it plays; for so long it may say nothing before the speech is taken as over.</summary>
    private static readonly TimeSpan ReportWithin = TimeSpan.FromSeconds(4);

    /// <summary>A page that only lost its link, or is loaded anew, is back within this.</summary>
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromSeconds(1);

    private static readonly HashSet<(SpeechFormat, string?)> Audible =
        [(SpeechFormat.Pcm, null), (SpeechFormat.Encoded, null), (SpeechFormat.Browser, null)];

    private readonly List<Utterance> _waiting = [];
    private readonly Dictionary<uint, SoundBuffer> _sounds = [];
    private readonly HashSet<(SpeechFormat Format, string? Language)> _unplayable = [];

    /// <summary>Replies that were silenced while they were being written: their ends are not said either.</summary>
    private readonly List<string> _silenced = [];
    private Turn? _turn;
    private ITimer? _timer;
    private bool _sent;
    private int _pages;
    private bool _isHeard;

    /// <summary>The clause of the turn that a page said last to be heard.</summary>
    private int? _heard;

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsIdle => _turn is null && _waiting.Count == 0 && _pages == 0;

    /// <summary>Ends when nothing of what was said runs any more.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>What happens on the channel.</summary>
    public async ValueTask TakeAsync(SpeakerEvent what)
    {
        switch (what)
        {
            case SpeakerEvent.Heard(LlmResponseMessage reply):
                await TakeAsync(reply).ConfigureAwait(false);
                break;
            case SpeakerEvent.Heard(LlmDeltaMessage piece):
                Take(piece);
                break;
            case SpeakerEvent.Heard(LlmAbortMessage abort):
                await DropAsync(abort.Id).ConfigureAwait(false);
                break;
            case SpeakerEvent.Heard(StopMessage):
                _waiting.ForEach(Silence);
                _waiting.Clear();
                await EndAsync(SpeechStopReason.Stop).ConfigureAwait(false);
                break;
            case SpeakerEvent.Heard(AudienceMessage audience):
                Take(audience);
                break;
            case SpeakerEvent.Heard(PlaybackMessage playback) when playback.Turn == _turn?.Number:
                await TakeAsync(playback).ConfigureAwait(false);
                break;
            case SpeakerEvent.Sent(_, var turn, var problem) when turn == _turn:
                await SentAsync(problem).ConfigureAwait(false);
                break;
            case SpeakerEvent.Late(_, var turn) when turn == _turn:
                if (_pages == 0)
                    await EndAsync(SpeechStopReason.Failed).ConfigureAwait(false);
                else
                    Over();
                break;
        }

        Begin();
    }

    /// <summary>Sound that a sender brings for one of the replies.</summary>
    /// <returns>Whether it belongs here.</returns>
    public async ValueTask<bool> TakeAsync(AudioMessage sound)
    {
        if (!_sounds.TryGetValue(sound.Stream, out var buffer))
            return false;
        buffer.Add(sound);
        if (sound.Data.IsEmpty)
            _sounds.Remove(sound.Stream);
        while (Surplus() is { } oldest)
        {
            Forget(oldest);
            LogFailed(parts.Logger, oldest.Reply, $"more than {MostSoundWaiting} bytes of sound wait for their turn");
            await StopAsync(parts.NextTurn(), oldest.Reply, SpeechStopReason.Failed).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Falls silent.</summary>
    public void Dispose() => Over();

    private async ValueTask TakeAsync(LlmResponseMessage reply)
    {
        var id = reply.Id ?? "";
        if (!reply.Speak)
        {
            await DropAsync(id).ConfigureAwait(false);
            if (reply.Mode == ReplyMode.Interrupt)
                await EndAsync(SpeechStopReason.Replaced).ConfigureAwait(false);
            return;
        }

        if (_silenced.Remove(id))
            return;
        if (Find(id) is { Sound: null } begun && reply.AudioStream is null)
        {
            begun.Finish(reply);
            if (reply.Mode == ReplyMode.Interrupt && _waiting.Remove(begun))
                await CutInAsync(begun).ConfigureAwait(false);
            return;
        }

        var sound = reply.AudioStream is { } stream ? _sounds[(uint)stream] = new SoundBuffer() : null;
        var utterance = new Utterance(id, parts.Time) { Lang = reply.Lang, Sound = sound };
        utterance.Finish(reply);
        if (reply.Mode == ReplyMode.Interrupt)
            await CutInAsync(utterance).ConfigureAwait(false);
        else
            Wait(utterance);
    }

    private async ValueTask CutInAsync(Utterance utterance)
    {
        await EndAsync(SpeechStopReason.Replaced).ConfigureAwait(false);
        _waiting.Insert(0, utterance);
    }

    private void Take(LlmDeltaMessage piece)
    {
        var id = piece.Id ?? "";
        var utterance = Find(id);
        if (utterance is null)
        {
            // In the middle of a text whose beginning did not come here, only its end tells what it is.
            if (piece.Part != 0)
                return;
            _silenced.Remove(id);
            Wait(utterance = new Utterance(id, parts.Time));
        }

        utterance.Append(piece);
    }

    private void Take(AudienceMessage audience)
    {
        if (_pages == 0)
        {
            // A page that comes shows the newest of what is not over; the rest is history.
            _waiting.RemoveAll(u => u.ExpiresAt <= parts.Time.GetUtcNow());
            _waiting.RemoveRange(0, Math.Max(0, _waiting.Count - 1));
        }

        // Another page may play what the one before could not.
        if (audience.Pages != _pages)
            _unplayable.Clear();
        (_pages, _isHeard) = (audience.Pages, audience.Speaker);
        if (_turn is null)
            return;
        _turn.Unplayable = Unplayable();
        if (audience.Lost == _turn.Number && _turn.Utterance.Sound is null)
            SayAgainFrom(_heard ?? _turn.ClauseNow());
        else if (_pages == 0)
            Arm(ReturnWithin);
        else if (_sent)
            Arm(_turn.Left + ReportWithin);
        else
            _timer?.Dispose();
    }

    private async ValueTask TakeAsync(PlaybackMessage playback)
    {
        switch (playback.Event)
        {
            case PlaybackEvent.Done:
                Over();
                break;
            case PlaybackEvent.Stopped:
                await EndAsync(SpeechStopReason.Stop).ConfigureAwait(false);
                break;
            case PlaybackEvent.Underrun:
                LogUnderrun(parts.Logger, playback.Turn);
                break;
            case PlaybackEvent.Failed
                when _turn!.FormatOf(playback.Clause) is (not SpeechFormat.Silent, _) and var (format, language)
                && _turn.Utterance.Sound is null:
                LogUnplayable(parts.Logger, format, language);

                // A browser has voices for some languages; a file is decoded or not.
                _unplayable.Add((format, format is SpeechFormat.Browser ? language : null));
                SayAgainFrom(playback.Clause);
                break;
            case PlaybackEvent.Failed:
                const string Reason = "the page cannot play its sound; it may be a file that browsers do not decode";
                LogFailed(parts.Logger, _turn!.Utterance.Reply, Reason);
                await EndAsync(SpeechStopReason.Failed).ConfigureAwait(false);
                break;
            default:
                _heard = playback.Clause;
                if (_sent)
                    Arm(_turn!.Left + ReportWithin);
                break;
        }
    }

    /// <summary>Everything has been sent, or the rest cannot be spoken.</summary>
    private async ValueTask SentAsync(EngineException? problem)
    {
        _sent = true;
        if (problem is not null)
        {
            LogFailed(parts.Logger, _turn!.Utterance.Reply, problem.Message);
            await EndAsync(SpeechStopReason.Failed).ConfigureAwait(false);
        }
        else
        {
            // Without a page that reports, the clock says when it is over.
            Arm(_turn!.Left + (_isHeard ? ReportWithin : TimeSpan.Zero));
        }
    }

    private void Wait(Utterance utterance)
    {
        _waiting.Add(utterance);
        if (_waiting.Count > MostWaiting)
            Forget(_waiting[0]);
    }

    /// <summary>What has waited longest with its sound, when the sound of several is more than may wait.</summary>
    private Utterance? Surplus() =>
        _waiting.Sum(u => u.Sound?.Bytes ?? 0) > MostSoundWaiting && _waiting.FindAll(u => u.Sound is not null) is [var oldest, _, ..]
            ? oldest
            : null;

    /// <summary>It is not said, and what still comes of its sound is not kept.</summary>
    private void Forget(Utterance utterance)
    {
        _waiting.Remove(utterance);
        foreach (var (stream, _) in _sounds.Where(s => s.Value == utterance.Sound).ToArray())
            _sounds.Remove(stream);
    }

    private Utterance? Find(string id) => _turn?.Utterance is { ExpiresAt: null } speaking && speaking.Reply == id
        ? speaking
        : _waiting.Find(u => u.Reply == id && u.ExpiresAt is null);

    private async ValueTask DropAsync(string reply)
    {
        _waiting.RemoveAll(u => u.Reply == reply);
        if (_turn?.Utterance.Reply == reply)
            await EndAsync(SpeechStopReason.Failed).ConfigureAwait(false);
    }

    /// <summary>Begins what waits, when nothing is being said and a page listens.</summary>
    private void Begin()
    {
        if (_turn is not null || _pages == 0 || _waiting.Count == 0)
            return;
        var next = _waiting[0];
        _waiting.RemoveAt(0);

        _turn = new Turn(parts.NextTurn(), next, channel, parts) { Unplayable = Unplayable() };
        (_sent, _heard) = (false, null);
        Running = RunAsync(_turn, Running);
    }

    /// <summary>Where no page would play it the mouths move, and no engine works for nothing.</summary>
    private HashSet<(SpeechFormat Format, string? Language)> Unplayable() => _isHeard ? [.. _unplayable] : Audible;

    private async Task RunAsync(Turn turn, Task before)
    {
        EngineException? problem = null;
        try
        {
            // It was cut, and may read the same utterance.
            await before.ConfigureAwait(false);
            await turn.RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (EngineException e)
        {
            problem = e;
        }
#pragma warning disable CA1031 // The edge of a task of our own: a bug in an engine must not silence the channel for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogBroken(parts.Logger, e);
            problem = new EngineException("the voice has a bug; its log says more", innerException: e);
        }
        finally
        {
            turn.Dispose();
        }

        await TellAsync(new SpeakerEvent.Sent(channel, turn, problem)).ConfigureAwait(false);
    }

    private void Over()
    {
        _timer?.Dispose();
        _turn?.Cut();
        _turn = null;
    }

    /// <summary>Another turn says the reply from a clause of this one on.</summary>
    private void SayAgainFrom(int clause)
    {
        var turn = _turn!;
        turn.Utterance.SayAgainFrom(turn.ClauseOfReply(clause));
        Over();
        _waiting.Insert(0, turn.Utterance);
    }

    private void Silence(Utterance utterance)
    {
        if (utterance.ExpiresAt is not null)
            return;
        _silenced.Add(utterance.Reply);
        if (_silenced.Count > MostWaiting)
            _silenced.RemoveAt(0);
    }

    private async ValueTask EndAsync(SpeechStopReason reason)
    {
        if (_turn is not { } turn)
            return;
        Silence(turn.Utterance);
        Over();
        await StopAsync(turn.Number, turn.Utterance.Reply, reason).ConfigureAwait(false);
    }

    private ValueTask StopAsync(uint turn, string reply, SpeechStopReason reason) =>
        parts.Hub.SendAsync(new SpeechStopMessage { Channel = channel, Turn = turn, Reply = reply, Reason = reason });

    private void Arm(TimeSpan wait)
    {
        _timer?.Dispose();
        var turn = _turn!;
        _timer = parts.Time.CreateTimer(_ => _ = TellAsync(new SpeakerEvent.Late(channel, turn)), null, wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for room in the loop's queue: what is told happens once.</summary>
    private async Task TellAsync(SpeakerEvent what)
    {
        try
        {
            await parts.Events.WriteAsync(what).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The speaker has ended.
        }
    }

    [LoggerMessage(100, LogLevel.Warning, "Reply {Reply} could not be spoken: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reply, string reason);

    [LoggerMessage(103, LogLevel.Error, "Speaking failed. This is a bug; please report it.")]
    private static partial void LogBroken(ILogger logger, Exception exception);

    [LoggerMessage(101, LogLevel.Debug, "Sound of turn {Turn} came too late for the page.")]
    private static partial void LogUnderrun(ILogger logger, long turn);

    [LoggerMessage(102, LogLevel.Information, "The page cannot play {Format} in the language {Language}; another way to speak is used.")]
    private static partial void LogUnplayable(ILogger logger, SpeechFormat format, string? language);
}
