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
    /// <summary>A page reports every second while it plays; for so long it may say nothing before the speech is taken as over.</summary>
    private static readonly TimeSpan ReportWithin = TimeSpan.FromSeconds(4);

    /// <summary>A page that only lost its link, or is loaded anew, is back within this.</summary>
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromSeconds(1);

    /// <summary>What makes a sound.</summary>
    private static readonly HashSet<(SpeechFormat, string?)> AnySound =
        [(SpeechFormat.Pcm, null), (SpeechFormat.Encoded, null), (SpeechFormat.Browser, null)];

    private readonly ReplyQueue _queue = new(parts.Time);
    private readonly HashSet<(SpeechFormat Format, string? Language)> _unplayable = [];

    private Turn? _turn;
    private ITimer? _timer;

    /// <summary>The number of the timer: one that was withdrawn may stand in the loop's queue already.</summary>
    private long _timerNumber;
    private bool _sent;
    private int _pages;
    private bool _isAudible;

    /// <summary>The clause of the turn that the audible page reported last.</summary>
    private int? _playedClause;

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsIdle => _turn is null && _queue.IsEmpty && _pages == 0;

    /// <summary>Ends when nothing of what was said runs any more.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>What happens on the channel.</summary>
    public async ValueTask ProcessAsync(SpeakerEvent what)
    {
        switch (what)
        {
            case SpeakerEvent.FromHub(LlmResponseMessage reply):
                await QueueAsync(reply).ConfigureAwait(false);
                break;
            case SpeakerEvent.FromHub(LlmDeltaMessage piece):
                Append(piece);
                break;
            case SpeakerEvent.FromHub(LlmAbortMessage abort):
                await DropAsync(abort.Id).ConfigureAwait(false);
                break;
            case SpeakerEvent.FromHub(StopMessage):
                _queue.SilenceAll();
                await EndAsync(SpeechStopReason.Stop).ConfigureAwait(false);
                break;
            case SpeakerEvent.FromHub(AudienceMessage audience):
                Note(audience);
                break;
            case SpeakerEvent.FromHub(PlaybackMessage playback) when playback.Turn == _turn?.Number:
                await FollowAsync(playback).ConfigureAwait(false);
                break;
            case SpeakerEvent.Sent(_, var turn, var problem) when turn == _turn:
                await SentAsync(problem).ConfigureAwait(false);
                break;
            case SpeakerEvent.Late(_, var turn, var timer) when turn == _turn && timer == _timerNumber:
                if (_pages == 0)
                    await EndAsync(SpeechStopReason.Failed).ConfigureAwait(false);
                else
                    Over();
                break;
        }

        Begin();
    }

    /// <summary>A piece of the sound that a publisher brings for one of the replies.</summary>
    /// <returns>Whether it belongs here.</returns>
    public async ValueTask<bool> AddSoundAsync(AudioMessage piece)
    {
        if (!_queue.AddSound(piece))
            return false;
        while (_queue.ForgetSurplus() is var (oldest, reason))
        {
            LogFailed(parts.Logger, oldest.Reply, reason);
            await StopAsync(parts.NextTurn(), oldest.Reply, SpeechStopReason.Failed).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The hub gave the number of a sound anew: it was restarted, and of the sound that had the number nothing comes.</summary>
    public void EndSound(uint stream) => _queue.EndSound(stream);

    /// <summary>Falls silent.</summary>
    public void Dispose() => Over();

    private async ValueTask QueueAsync(LlmResponseMessage reply)
    {
        var id = reply.Id ?? "";
        if (!reply.Speak)
        {
            await DropAsync(id).ConfigureAwait(false);
            _queue.EndSilence(id);
            if (reply.Mode == ReplyMode.Interrupt)
                await EndAsync(SpeechStopReason.Replaced).ConfigureAwait(false);
            return;
        }

        if (_queue.EndSilence(id))
            return;
        if (Find(id) is { Sound: null } begun && reply.AudioStream is null)
        {
            begun.Finish(reply);
            if (reply.Mode == ReplyMode.Interrupt && _queue.TakeOut(begun))
                await CutInAsync(begun).ConfigureAwait(false);
            return;
        }

        var sound = reply.AudioStream is { } stream ? _queue.OpenSound((uint)stream) : null;
        var utterance = new Utterance(id, parts.Time) { Lang = reply.Lang, Sound = sound };
        utterance.Finish(reply);
        if (reply.Mode == ReplyMode.Interrupt)
            await CutInAsync(utterance).ConfigureAwait(false);
        else
            _queue.Add(utterance);
    }

    private async ValueTask CutInAsync(Utterance utterance)
    {
        await EndAsync(SpeechStopReason.Replaced).ConfigureAwait(false);
        _queue.AddFirst(utterance);
    }

    private void Append(LlmDeltaMessage piece)
    {
        var id = piece.Id ?? "";
        var utterance = Find(id);
        if (utterance is null)
        {
            // In the middle of a text whose beginning did not come here, only its end tells what it is.
            if (piece.Part != 0)
                return;
            _queue.EndSilence(id);
            _queue.Add(utterance = new Utterance(id, parts.Time));
        }

        utterance.Append(piece);
    }

    private void Note(AudienceMessage audience)
    {
        // A page that comes shows the newest of what is not over; the rest is history.
        if (_pages == 0)
            _queue.KeepNewest();

        // Another page may play what the one before could not.
        if (audience.Pages != _pages)
            _unplayable.Clear();
        (_pages, _isAudible) = (audience.Pages, audience.Speaker);
        if (_turn is null)
            return;
        _turn.Unplayable = Unplayable();
        if (audience.Lost == _turn.Number && _turn.Utterance.Sound is null)
            SayAgainFrom(_playedClause ?? _turn.ClauseNow());
        else if (_pages == 0)
            Arm(ReturnWithin);
        else if (_sent)
            ArmForEnd();
        else
            Disarm();
    }

    private async ValueTask FollowAsync(PlaybackMessage playback)
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
                _playedClause = playback.Clause;
                if (_sent)
                    ArmForEnd();
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
            return;
        }

        if (_turn!.Utterance.IsBroken)
            LogBrokenOff(parts.Logger, _turn.Utterance.Reply);
        ArmForEnd();
    }

    private Utterance? Find(string id) => _turn?.Utterance is { IsComplete: false } speaking && speaking.Reply == id
        ? speaking
        : _queue.FindGrowing(id);

    private async ValueTask DropAsync(string reply)
    {
        _queue.ForgetAll(u => u.Reply == reply);
        if (_turn?.Utterance.Reply == reply)
            await EndAsync(SpeechStopReason.Failed).ConfigureAwait(false);
    }

    /// <summary>Begins what waits, when nothing is being said and a page listens.</summary>
    private void Begin()
    {
        if (_turn is not null || _pages == 0 || _queue.TakeFirst() is not { } next)
            return;
        _turn = new Turn(parts.NextTurn(), next, channel, parts) { Unplayable = Unplayable() };
        (_sent, _playedClause) = (false, null);
        Running = RunAsync(_turn, Running);
    }

    /// <summary>Where no page would play it the mouths move, and no engine works for nothing.</summary>
    private HashSet<(SpeechFormat Format, string? Language)> Unplayable() => _isAudible ? [.. _unplayable] : AnySound;

    private async Task RunAsync(Turn turn, Task before)
    {
        EngineException? problem = null;
        try
        {
            // It was cut, and may read the same utterance.
            await before.ConfigureAwait(false);
            await turn.RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (turn.IsCut)
        {
            return;
        }
        catch (OperationCanceledException e)
        {
            // An engine on a client with a limit of its own, for example.
            problem = new EngineException("the engine gave the clause up before the voice did", innerException: e);
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

    /// <summary>The turn is over, and its reply with it: an end that comes later is not said anew.</summary>
    private void Over()
    {
        if (Cut() is { } turn)
            _queue.Silence(turn.Utterance);
    }

    private Turn? Cut()
    {
        Disarm();
        var turn = _turn;
        turn?.Cut();
        _turn = null;
        return turn;
    }

    /// <summary>Another turn says the reply from a clause of this one on.</summary>
    private void SayAgainFrom(int clause)
    {
        var turn = Cut()!;
        turn.Utterance.SayAgainFrom(turn.ClauseOfReply(clause));
        _queue.AddFirst(turn.Utterance);
    }

    private async ValueTask EndAsync(SpeechStopReason reason)
    {
        if (_turn is not { } turn)
            return;
        Over();
        await StopAsync(turn.Number, turn.Utterance.Reply, reason).ConfigureAwait(false);
    }

    private ValueTask StopAsync(uint turn, string reply, SpeechStopReason reason) =>
        parts.Hub.SendAsync(new SpeechStopMessage { Channel = channel, Turn = turn, Reply = reply, Reason = reason });

    /// <summary>All was sent: a page reports when it is over, and where none is audible the clock says it.</summary>
    private void ArmForEnd() => Arm(_turn!.Left + (_isAudible ? ReportWithin : TimeSpan.Zero));

    private void Arm(TimeSpan wait)
    {
        Disarm();
        var late = new SpeakerEvent.Late(channel, _turn!, _timerNumber);
        _timer = parts.Time.CreateTimer(_ => _ = TellAsync(late), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void Disarm()
    {
        _timer?.Dispose();
        _timerNumber++;
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
    private static partial void LogFailed(ILogger logger, PlainText reply, PlainText reason);

    [LoggerMessage(103, LogLevel.Error, "Speaking failed. This is a bug; please report it.")]
    private static partial void LogBroken(ILogger logger, Exception exception);

    [LoggerMessage(
        105,
        LogLevel.Warning,
        "The end of reply {Reply}, or of its sound, did not come; what came was spoken. The link to the hub broke, or a queue was full.")]
    private static partial void LogBrokenOff(ILogger logger, PlainText reply);

    [LoggerMessage(101, LogLevel.Debug, "Sound of turn {Turn} came too late for the page.")]
    private static partial void LogUnderrun(ILogger logger, long turn);

    [LoggerMessage(102, LogLevel.Information, "The page cannot play {Format} in the language {Language}; another way to speak is used.")]
    private static partial void LogUnplayable(ILogger logger, SpeechFormat format, PlainText language);
}
