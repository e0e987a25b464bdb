using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Protocol;
using Kotodama.Voice.Telemetry;

namespace Kotodama.Companion.Channels;

/// <summary>
/// Measures the turns of one conversation by what its machine is told and what it wants. A turn is a trace of its own; what was
/// recognized, the question to the language model and the speech are its parts.
/// </summary>
internal sealed class ExchangeTelemetry(string channel)
{
    private readonly Dictionary<long, (TimeSpan At, DateTimeOffset Clock)> _listening = [];
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _recognized = [];
    private OneTurn? _turn;
    private (string Reply, TimeSpan At)? _stopping;

    /// <summary>The question that is being asked; what the language model's client traces belongs to it.</summary>
    public Activity? Asking => _turn?.Question;

    /// <summary>Takes what happened and what follows from it.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="commands">What the machine wants.</param>
    /// <param name="now">When, on the machine's clock.</param>
    /// <param name="clock">When, for people.</param>
    public void Take(ConversationEvent what, IReadOnlyList<ConversationCommand> commands, TimeSpan now, DateTimeOffset clock)
    {
        var before = Activity.Current;
        Note(what, now, clock);
        foreach (var command in commands)
            Note(command, what, now, clock);
        Activity.Current = before;
    }

    /// <summary>The conversation is over, and with it what goes on.</summary>
    public void End(DateTimeOffset clock)
    {
        var before = Activity.Current;
        if (_turn is { } turn)
            Over(turn.Number, ExchangeOutcome.Cancelled, clock);
        Activity.Current = before;
    }

    private void Note(ConversationEvent what, TimeSpan now, DateTimeOffset clock)
    {
        switch (what)
        {
            case ConversationEvent.Recognized(var utterance, _, _, _) when _listening.Remove(utterance, out var ended):
                VoiceTelemetry.Recognition.Record((now - ended.At).TotalMilliseconds);
                _recognized.Add((ended.Clock, clock));
                break;
            case ConversationEvent.RecognitionFailed(var utterance, _):
                _listening.Remove(utterance);
                break;
            case ConversationEvent.Answered(var number, { Length: > 0 }, _) when _turn is { HasText: false } turn && turn.Number == number:
                turn.HasText = true;
                VoiceTelemetry.FirstToken.Record((now - turn.AskedAt).TotalMilliseconds);
                turn.Question?.AddEvent(new ActivityEvent("first_token", clock));
                break;
            case ConversationEvent.AnswerEnded(var number) when _turn is { } turn && turn.Number == number:
                Stop(turn.Question, clock);
                break;
            case ConversationEvent.AnswerFailed(var number, var code) when _turn is { } turn && turn.Number == number:
                turn.Question?.SetStatus(ActivityStatusCode.Error, code);
                Stop(turn.Question, clock);
                break;
            case ConversationEvent.SpeechBegan(var reply, var engine) when _turn is { IsSpeaking: false } turn && turn.Reply == reply:
                turn.IsSpeaking = true;
                turn.Speech = Begin("speech", turn, clock);
                if (engine is { } took)
                    VoiceTelemetry.EngineSound.Record(took.TotalMilliseconds);
                break;
            case ConversationEvent.SpeechOver(var reply, _) when _stopping is { } stopping && stopping.Reply == reply:
                VoiceTelemetry.BargeInStop.Record((now - stopping.At).TotalMilliseconds);
                _stopping = null;
                break;
        }
    }

    private void Note(ConversationCommand command, ConversationEvent what, TimeSpan now, DateTimeOffset clock)
    {
        switch (command)
        {
            // An engine that finds the end by itself has its text before.
            case ConversationCommand.EndListening(var utterance) when what is not ConversationEvent.Recognized:
                _listening[utterance] = (now, clock);
                break;
            case ConversationCommand.DropListening(var utterance):
                _listening.Remove(utterance);
                break;
            case ConversationCommand.Ask(var number, _, _, _):
                Ask(number, now, clock);
                break;
            case ConversationCommand.CancelAsk(var number) when _turn is { } turn && turn.Number == number:
                Stop(turn.Question, clock);
                break;
            case ConversationCommand.StoreUser:
                _recognized.Clear();
                break;
            case ConversationCommand.Say(var reply, _, _, _) when _turn is { } turn:
                turn.Reply = reply;
                break;
            case ConversationCommand.StopSpeech when what is not ConversationEvent.SpeechOver:
                _stopping = _turn is { IsSpeaking: true, Reply: { } spoken } ? (spoken, now) : null;
                break;
            case ConversationCommand.ShowMarks(var number, var marks) when _turn is { } turn && turn.Number == number:
                Record(turn, marks, clock);
                break;
            case ConversationCommand.EndExchange(null, var outcome):
                Count(outcome);
                break;
            case ConversationCommand.EndExchange({ } number, var outcome):
                Over(number, outcome, clock);
                break;
        }
    }

    private void Ask(long number, TimeSpan now, DateTimeOffset clock)
    {
        // Whatever this process is doing besides, a turn is no part of it.
        Activity.Current = null;
        var begin = _recognized.Count > 0 ? _recognized[0].From : clock;
        KeyValuePair<string, object?>[] tags = [new("kotodama.channel", channel), new("kotodama.turn", number)];
        var trace = VoiceTelemetry.Source.StartActivity("turn", ActivityKind.Internal, default(ActivityContext), tags, startTime: begin);
        _turn = new OneTurn(number, now, trace);
        foreach (var (from, to) in _recognized)
            Stop(Begin("asr", _turn, from), to);
        _turn.Question = Begin("llm", _turn, clock);
    }

    private static Activity? Begin(string name, OneTurn turn, DateTimeOffset clock) =>
        turn.Trace is { } trace ? VoiceTelemetry.Source.StartActivity(name, ActivityKind.Internal, trace.Context, startTime: clock) : null;

    private static void Record(OneTurn turn, TurnMarks marks, DateTimeOffset clock)
    {
        var known = turn.Marks;
        turn.Marks = marks;
        if (marks.Transcript is not null)
            Record(VoiceTelemetry.EndOfUtterance, known.EndOfSpeech, marks.EndOfSpeech);
        Record(VoiceTelemetry.FirstClause, known.FirstClause, marks.FirstClause);
        Record(VoiceTelemetry.FirstAudio, known.FirstAudio, marks.FirstAudio);
        Record(VoiceTelemetry.FirstSound, known.FirstSound, marks.FirstSound);
        if (known.FirstSound is null && marks.FirstSound is not null)
            turn.Speech?.AddEvent(new ActivityEvent("first_sound", clock));
    }

    private static void Record(Histogram<double> histogram, double? known, double? value)
    {
        if (known is null && value is { } milliseconds)
            histogram.Record(milliseconds);
    }

    private void Over(long number, ExchangeOutcome outcome, DateTimeOffset clock)
    {
        if (_turn is not { } turn || turn.Number != number)
            return;
        _turn = null;
        if (outcome != ExchangeOutcome.Discarded)
            Count(outcome);
        Stop(turn.Question, clock);
        Stop(turn.Speech, clock);
        turn.Trace?.SetTag("kotodama.outcome", NameOf(outcome));
        if (outcome == ExchangeOutcome.Failed)
            turn.Trace?.SetStatus(ActivityStatusCode.Error);
        Stop(turn.Trace, clock);
    }

    private static void Count(ExchangeOutcome outcome) =>
        VoiceTelemetry.Turns.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));

    private static void Stop(Activity? activity, DateTimeOffset clock)
    {
        if (activity is null || activity.IsStopped)
            return;
        activity.SetEndTime(clock.UtcDateTime);
        activity.Stop();
    }

    private static string NameOf(ExchangeOutcome outcome) => outcome switch
    {
        ExchangeOutcome.Completed => "completed",
        ExchangeOutcome.Interrupted => "interrupted",
        ExchangeOutcome.Cancelled => "cancelled",
        ExchangeOutcome.Failed => "failed",
        ExchangeOutcome.Discarded => "discarded",
        _ => "nothing",
    };

    private sealed class OneTurn(long number, TimeSpan askedAt, Activity? trace)
    {
        public long Number { get; } = number;

        public TimeSpan AskedAt { get; } = askedAt;

        public Activity? Trace { get; } = trace;

        public Activity? Question { get; set; }

        public Activity? Speech { get; set; }

        public string? Reply { get; set; }

        public bool HasText { get; set; }

        public bool IsSpeaking { get; set; }

        public TurnMarks Marks { get; set; } = new();
    }
}
