using Kotodama.Companion.Channels;
using Kotodama.Protocol;

namespace Kotodama.Companion.Conversations;

/// <summary>
/// One conversation, as a machine without threads: events go in, commands come out, time is an argument. Two things go on at once, what people
/// say and what the character answers:
/// <code>
/// ear    (nothing) -> perhaps -> speaking -> recognising -> said, until the person does not go on -> (asked)
///                        '----------- nothing after all: as before -----------'
/// mouth  (nothing) -> thinking [kept back while the person may go on] -> speaking -> heard
///                        '------------ interrupted, cancelled, failed -----------'
/// </code>
/// While a person speaks, the mouth is held, not stopped: only words stop it.
/// </summary>
/// <param name="options">How it goes.</param>
/// <param name="newReply">Makes the id of an answer.</param>
/// <param name="turns">The number of the turn before the first one.</param>
internal sealed partial class ConversationMachine(ConversationOptions options, Func<string> newReply, long turns = 0)
{
    /// <summary>Nobody speaks longer without a pause; a page that never says the end is not waited for.</summary>
    private static readonly TimeSpan LongestUtterance = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan HoldAgain = TimeSpan.FromSeconds(1.5);

    private readonly List<ConversationCommand> _commands = [];
    private readonly List<Utterance> _utterances = [];

    /// <summary>What was said and not asked yet.</summary>
    private string _said = "";
    private string? _language;
    private string? _emotion;

    /// <summary>When the person began to pause.</summary>
    private TimeSpan _pausedAt;

    /// <summary>When what was said counts as all; null: not while somebody speaks.</summary>
    private TimeSpan? _endpoint;
    private TimeSpan? _heldAt;
    private readonly long _turnsBefore = turns;
    private long _turn = turns;
    private (TurnState State, string? Tool) _shown;
    private string? _reason;
    private TimeSpan _now;

    /// <summary>When <see cref="ConversationEvent.Tick"/> is due; null: not by itself.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>The number of the last turn.</summary>
    public long Turns => _turn;

    /// <summary>Whether nothing goes on.</summary>
    public bool IsIdle => IsQuiet && _fading is null;

    private bool IsQuiet => _utterances.Count == 0 && _said.Length == 0 && _answer is null && _ending is null;

    /// <summary>Takes one event.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="now">When, on any clock that does not run backwards.</param>
    /// <returns>What to do, in this order.</returns>
    public IReadOnlyList<ConversationCommand> Take(ConversationEvent what, TimeSpan now)
    {
        _commands.Clear();
        _now = now;
        Do(what);
        PassTime();
        Show();
        Deadline = NextDeadline();
        return [.. _commands];
    }

    private void Do(ConversationEvent what)
    {
        switch (what)
        {
            case ConversationEvent.SpeechStarted(var number, var pressed, var late):
                Begin(number, pressed, late);
                break;
            case ConversationEvent.SpeechConfirmed(var number) when Find(number) is { } utterance:
                Confirm(utterance);
                break;
            case ConversationEvent.SpeechEnded(var number) when Find(number) is { } utterance:
                End(utterance);
                break;
            case ConversationEvent.SpeechDropped(var number) when Find(number) is { } utterance:
                _commands.Add(new ConversationCommand.DropListening(number));
                Forget(utterance, null);
                break;
            case ConversationEvent.Partial(var number, var text) when Find(number) is { } utterance:
                Hear(utterance, text);
                break;
            case ConversationEvent.Recognised recognised when Find(recognised.Utterance) is { } utterance:
                Hear(utterance, recognised);
                break;
            case ConversationEvent.RecognitionFailed(var number, var code) when Find(number) is { } utterance:
                Forget(utterance, code);
                break;
            case ConversationEvent.RecognitionMissing:
                _reason = TurnReason.AsrMissing;
                break;
            case ConversationEvent.Typed(var text, var language):
                Type(text, language);
                break;
            case ConversationEvent.Cancelled:
                DropSaid();
                EndAnswer(TurnReason.Cancelled);
                break;
            case ConversationEvent.Changed(var kept):
                Leave(kept);
                break;
            case ConversationEvent.Audience(var pages, var heard):
                Count(pages, heard);
                break;
            default:
                Answer(what);
                break;
        }
    }

    private Utterance? Find(long number) => _utterances.Find(u => u.Number == number);

    private void Begin(long number, bool pressed, bool late)
    {
        if (Find(number) is not null)
            return;
        var over = Aloud ?? (late ? JustSpoken : null);
        _utterances.Add(new Utterance(number, pressed, IsAloud) { BeganAt = _now, IsLate = late, Over = over, OverFrom = over?.Chars ?? 0 });
        _commands.Add(new ConversationCommand.Listen(number));
        _endpoint = null;
        if (IsAloud && options.BargeIn && _heldAt is null)
            Duck(0.2);
    }

    private void Confirm(Utterance utterance)
    {
        if (utterance.State != UtteranceState.Perhaps)
            return;
        utterance.State = UtteranceState.Speaking;
        _reason = null;
        if (_answer is { Kept: true } early)
            Discard(early);
        if (IsAloud && options.BargeIn)
            Hold();
    }

    private void End(Utterance utterance)
    {
        if (utterance.State == UtteranceState.Recognising)
            return;
        Confirm(utterance);
        (utterance.State, utterance.EndedAt) = (UtteranceState.Recognising, _now);
        _pausedAt = _now;
        _commands.Add(new ConversationCommand.EndListening(utterance.Number));
    }

    private void Hear(Utterance utterance, string partial)
    {
        if (partial.Length == 0 || IsOwnVoice(utterance, partial, isWhole: false))
            return;
        if (utterance.State == UtteranceState.Perhaps && Utterances.IsSubstantial(partial))
            Confirm(utterance);
        utterance.Partial = partial;
        _commands.Add(new ConversationCommand.ShowTranscript(_turn, Utterances.Join(_said, partial), Final: false));
        if (IsAloud && (Utterances.IsStop(partial) || (options.BargeIn && Utterances.IsSubstantial(partial) && !IsListening(partial))))
            EndAnswer(TurnReason.Interrupted);
    }

    private void Hear(Utterance utterance, ConversationEvent.Recognised recognised)
    {
        var text = recognised.Text.Trim();
        if (text.Length == 0 || IsOwnVoice(utterance, text, isWhole: true))
        {
            Forget(utterance, text.Length == 0 && utterance.Pressed ? TurnReason.NotHeard : null);
            return;
        }

        // It may come while the sound still does, when an engine finds the end by itself.
        if (utterance.State != UtteranceState.Recognising)
            End(utterance);
        if ((utterance.CutIn || _answer is { Kept: false }) && Utterances.IsStop(text))
        {
            EndAnswer(TurnReason.Interrupted);
            _commands.Add(new ConversationCommand.ShowTranscript(_turn, text, Final: true));
            _utterances.Remove(utterance);
            GoOn();
            return;
        }

        if (!utterance.Pressed && IsListening(text))
        {
            Forget(utterance, null);
            return;
        }

        if (options.BargeIn)
            EndAnswer(TurnReason.Interrupted);
        if (recognised.Emotion is { } emotion)
            _commands.Add(new ConversationCommand.Mirror(emotion));
        _utterances.Remove(utterance);
        Add(text, recognised.Language, recognised.Emotion);
        _commands.Add(new ConversationCommand.ShowTranscript(_turn, _said, Final: false));
        Transcribed();
        Await(Utterances.EndpointDelay(text, options.EndpointDelay), utterance.Pressed);
    }

    private void Type(string text, string? language)
    {
        EndAnswer(TurnReason.Interrupted);
        Add(text, language, null);
        (_pausedAt, _endpoint) = (_now, _now);
    }

    private void Add(string text, string? language, string? emotion)
    {
        _said = Utterances.Join(_said, text);
        (_language, _emotion, _hasSpokenAlone) = (language ?? _language, emotion ?? _emotion, false);
    }

    /// <summary>Waits whether the person goes on.</summary>
    private void Await(TimeSpan delay, bool pressed)
    {
        if (_utterances.Count > 0)
            return;
        var latest = _pausedAt + options.LongestEndpoint;
        var end = pressed ? _now : _pausedAt + delay;
        _endpoint = end < latest ? end : latest;
        if (_endpoint > _now && options.Preemptive && _answer is null && _ending is null)
            Ask(_said, keepBack: true);
    }

    /// <summary>It was nothing, or nobody knows what it was: everything goes on as before.</summary>
    private void Forget(Utterance utterance, string? reason)
    {
        _utterances.Remove(utterance);
        if (reason is not null)
            _reason = reason;
        if (utterance.State != UtteranceState.Perhaps || reason is not null)
            TurnOver(null, reason is null or TurnReason.NotHeard ? ExchangeOutcome.Nothing : ExchangeOutcome.Failed);
        if (utterance.Partial is not null)
            _commands.Add(new ConversationCommand.ShowTranscript(_turn, _said, Final: false));
        GoOn();
    }

    private void GoOn()
    {
        if (_utterances.Count > 0)
            return;
        LetGo();
        if (_said.Length > 0)
            Await(options.EndpointDelay, pressed: false);
    }

    private void DropSaid()
    {
        foreach (var utterance in _utterances)
            _commands.Add(new ConversationCommand.DropListening(utterance.Number));
        if (_said.Length > 0 || _utterances.Exists(u => u.Partial is not null))
            _commands.Add(new ConversationCommand.ShowTranscript(_turn, "", Final: true));
        if (_said.Length > 0 || _utterances.Exists(u => u.State != UtteranceState.Perhaps))
            TurnOver(null, ExchangeOutcome.Cancelled);
        _utterances.Clear();
        (_said, _language, _emotion, _endpoint) = ("", null, null, null);
    }

    private void Hold()
    {
        _heldAt = _now;
        Duck(0);
    }

    private void Duck(double gain)
    {
        _isDucked = true;
        _commands.Add(new ConversationCommand.Duck(gain));
    }

    private void PassTime()
    {
        foreach (var late in _utterances.Where(u => _now >= Limit(u)).ToArray())
        {
            _commands.Add(new ConversationCommand.DropListening(late.Number));
            Forget(late, TurnReason.AsrFailed);
        }

        // A page lets go by itself when it hears nothing for a while.
        if (_heldAt is { } held && _now - held >= HoldAgain)
            Hold();
        PassTimeOfAnswer();
        if (_endpoint is not { } end || _now < end || _ending is not null || !IsFree)
            return;
        AllSaid();
        PassTimeOfAnswer();
    }

    private bool IsFree => _answer is null || _answer.Kept;

    private void AllSaid()
    {
        var (text, language) = (_said, _language);
        if (_answer is null)
            Ask(text, keepBack: false);
        _commands.Add(new ConversationCommand.ShowTranscript(_turn, text, Final: true));
        (_said, _language, _emotion, _endpoint) = ("", null, null, null);
        _commands.Add(new ConversationCommand.StoreUser(_turn, text, language));
        LetOut();
    }

    private void Show()
    {
        var state = State();
        var tool = state == TurnState.Thinking ? _answer?.Tool : null;
        if (_shown == (state, tool) && _reason is null)
            return;
        _shown = (state, tool);
        _commands.Add(new ConversationCommand.Show(_turn, state, _reason, tool));
        _reason = null;
    }

    private TurnState State()
    {
        if (_utterances.Exists(u => u.State == UtteranceState.Speaking))
            return TurnState.Listening;
        if (_utterances.Exists(u => u.State == UtteranceState.Recognising) || (_said.Length > 0 && IsFree))
            return TurnState.Transcribing;
        if (_answer is null)
            return TurnState.Idle;
        return _answer.IsSpeaking ? TurnState.Speaking : TurnState.Thinking;
    }

    private TimeSpan Limit(Utterance utterance) => utterance.EndedAt + options.RecogniseWithin ?? utterance.BeganAt + LongestUtterance;

    private TimeSpan? NextDeadline()
    {
        TimeSpan? next = null;
        foreach (var moment in Moments())
            if (moment is { } at && (next is null || at < next))
                next = at;
        return next;
    }

    private IEnumerable<TimeSpan?> Moments()
    {
        foreach (var utterance in _utterances)
            yield return Limit(utterance);
        yield return _heldAt + HoldAgain;
        if (_ending is null && IsFree)
            yield return _endpoint;
        foreach (var moment in MomentsOfAnswer())
            yield return moment;
    }
}
