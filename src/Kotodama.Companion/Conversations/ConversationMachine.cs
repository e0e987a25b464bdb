using Kotodama.Companion.Memory;
using Kotodama.Protocol;

namespace Kotodama.Companion.Conversations;

/// <summary>
/// One conversation, as a machine without threads: events go in, commands come out, time is an argument. Two things go on at once, what
/// the user says (<see cref="Ear"/>) and what the character answers (<see cref="Mouth"/>); the machine decides what one means for the
/// other. While the user speaks, the speech of the character is held, not stopped: only words stop it.
/// </summary>
internal sealed class ConversationMachine
{
    /// <summary>How loud the speech is while a sound may be the user's voice.</summary>
    private const double Quieter = 0.2;

    private readonly ConversationContext _context;
    private readonly Ear _ear;
    private readonly Attendance _attendance;
    private readonly AnswerProgress _progress;
    private readonly Mouth _mouth;
    private (TurnState State, string? Tool) _shown;

    /// <summary>Makes a conversation in which nothing was said yet.</summary>
    /// <param name="options">How it goes.</param>
    /// <param name="newReply">Makes the id of a reply.</param>
    /// <param name="exchanges">The number of the exchange before the first one.</param>
    public ConversationMachine(ConversationOptions options, Func<string> newReply, long exchanges = 0)
    {
        _context = new ConversationContext(options, newReply, exchanges);
        _ear = new Ear(_context);
        _attendance = new Attendance(_context);
        _progress = new AnswerProgress(_context, _attendance);
        _mouth = new Mouth(_context, _ear, _attendance, _progress);
    }

    /// <summary>When <see cref="ConversationEvent.Tick"/> is due; null: not by itself.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>The number of the latest exchange.</summary>
    public long Exchanges => _context.Exchange;

    /// <summary>Whether nothing goes on.</summary>
    public bool IsIdle => _mouth.IsIdle;

    private ConversationOptions Options => _context.Options;

    /// <summary>Processes one event.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="now">When, on any clock that does not run backwards.</param>
    /// <returns>What to do, in this order.</returns>
    public IReadOnlyList<ConversationCommand> Process(ConversationEvent what, TimeSpan now)
    {
        _context.Begin(now);
        Dispatch(what);
        PassTime();
        if (_mouth.Current is { } answer)
            _progress.Keep(answer);
        Show();
        Deadline = Moments().Min();
        return _context.End();
    }

    private void Dispatch(ConversationEvent what)
    {
        switch (what)
        {
            case ConversationEvent.OfUtterance speech:
                DispatchSpeech(speech);
                break;
            case ConversationEvent.OfExchange answer
                when _mouth.Current is { IsComplete: false } current && current.Exchange == answer.Exchange:
                DispatchAnswer(answer, current);
                break;
            case ConversationEvent.OfReply reply:
                DispatchPlayback(reply);
                break;
            case ConversationEvent.RecognitionMissing:
                _context.Reason = TurnReason.AsrMissing;
                break;
            case ConversationEvent.Typed(var text, var language):
                _mouth.Stop(TurnReason.Interrupted);
                Add(text, language, null);
                _ear.CompleteNow();
                break;
            case ConversationEvent.Greeted(var text) when _mouth.IsQuiet:
                _mouth.Greet(text);
                break;
            case ConversationEvent.Touched(var line, var prompt, var pause) when _mouth.IsQuiet && _attendance.MayAnswerTouch(pause):
                if (line is not null)
                    _mouth.Greet(line);
                else
                    _mouth.Ask(null, heldBack: false, prompt);
                break;
            case ConversationEvent.Cancelled:
                _ear.DiscardAll();
                _mouth.Stop(TurnReason.Cancelled);
                break;
            case ConversationEvent.Changed(var remembered):
                _ear.DiscardAll();
                _mouth.Leave(remembered);
                break;
            case ConversationEvent.Audience(var pages, var isAudible):
                _attendance.Count(pages, isAudible, IsIdle);
                _mouth.PagesChanged();
                break;
        }
    }

    private void DispatchSpeech(ConversationEvent.OfUtterance what)
    {
        if (what is ConversationEvent.SpeechStarted(var number, var pressed, var late))
        {
            Begin(number, pressed, late);
            return;
        }

        if (_ear.Find(what.Utterance) is not { } utterance)
            return;
        switch (what)
        {
            case ConversationEvent.SpeechConfirmed:
                Confirm(utterance);
                break;
            case ConversationEvent.SpeechEnded:
                End(utterance);
                break;
            case ConversationEvent.SpeechDropped:
                _context.Do(new ConversationCommand.DropListening(utterance.Number));
                Discard(utterance, null);
                break;
            case ConversationEvent.Partial(_, var text):
                RecognizePartly(utterance, text);
                break;
            case ConversationEvent.Recognized recognized:
                Recognize(utterance, recognized);
                break;
            case ConversationEvent.RecognitionFailed(_, var code):
                Discard(utterance, code);
                break;
        }
    }

    private void DispatchAnswer(ConversationEvent.OfExchange what, Answer answer)
    {
        switch (what)
        {
            case ConversationEvent.Answered(_, var text, var emotion):
                _mouth.Add(answer, text, emotion);
                break;
            case ConversationEvent.ToolUsed(_, var tool):
                (answer.Tool, answer.NewsAt) = (tool, _context.Now);
                break;
            case ConversationEvent.WasReasoning:
                _mouth.Withdraw(answer);
                break;
            case ConversationEvent.AnswerEnded:
                _mouth.End(answer);
                break;
            case ConversationEvent.AnswerFailed(_, var code):
                _mouth.Fail(answer, code);
                break;
        }
    }

    private void DispatchPlayback(ConversationEvent.OfReply what)
    {
        if (_mouth.IsIdle)
            _attendance.OtherSpeaks(isOver: what is ConversationEvent.SpeechOver);
        switch (what)
        {
            case ConversationEvent.SpeechBegan(var reply, var engine)
                when _mouth.Current is { IsSpeaking: false } answer && answer.Reply == reply:
                _mouth.BeginSpeech(answer, engine);
                break;
            case ConversationEvent.Played(var reply, var chars):
                _mouth.Played(reply, chars);
                break;
            case ConversationEvent.SpeechOver(var reply, var cut):
                _mouth.EndSpeech(reply, cut);
                break;
        }
    }

    private void Begin(long number, bool pressed, bool late)
    {
        if (_ear.Find(number) is not null)
            return;
        var over = _mouth.Aloud ?? (late ? _mouth.JustSpoken : null);
        _ear.Begin(new Utterance(number, pressed, bargeIn: _mouth.IsAloud)
        {
            BeganAt = _context.Now,
            IsLate = late,
            Over = over,
            OverFrom = over?.Played ?? 0,
        });
        if (_mouth.IsAloud && Options.BargeIn && !_mouth.IsHeld)
            _mouth.Duck(Quieter);
    }

    private void Confirm(Utterance utterance)
    {
        if (utterance.State != UtteranceState.Perhaps)
            return;
        utterance.State = UtteranceState.Speaking;
        _context.Reason = null;
        if (_mouth.Current is { IsHeldBack: true } early)
            _mouth.Discard(early);
        if (_mouth.IsAloud && Options.BargeIn)
            _mouth.Hold();
    }

    private void End(Utterance utterance)
    {
        if (utterance.State == UtteranceState.Recognizing)
            return;
        Confirm(utterance);
        _ear.End(utterance);
    }

    private void RecognizePartly(Utterance utterance, string partial)
    {
        if (partial.Length == 0 || EchoFilter.IsEcho(utterance, partial, isWhole: false, _mouth.Aloud))
            return;
        var isSubstantial = Utterances.IsSubstantial(partial);
        if (utterance.State == UtteranceState.Perhaps && isSubstantial)
            Confirm(utterance);
        utterance.Partial = partial;
        ShowTranscript(Utterances.Join(_ear.Said, partial), final: false);
        if (!_mouth.IsAloud)
            return;
        if (Utterances.IsStop(partial) || (Options.BargeIn && isSubstantial && !IsBackchannel(partial)))
            _mouth.Stop(TurnReason.Interrupted);
    }

    private void Recognize(Utterance utterance, ConversationEvent.Recognized recognized)
    {
        var text = recognized.Text.Trim();
        if (text.Length == 0 || EchoFilter.IsEcho(utterance, text, isWhole: true, _mouth.Aloud))
        {
            Discard(utterance, text.Length == 0 && utterance.IsPressed ? TurnReason.NotHeard : null);
            return;
        }

        // The text may come while the sound still does, when an engine finds the end by itself.
        if (utterance.State != UtteranceState.Recognizing)
            End(utterance);
        if ((utterance.IsBargeIn || _mouth.Current is { IsHeldBack: false }) && Utterances.IsStop(text))
        {
            _mouth.Stop(TurnReason.Interrupted);
            ShowTranscript(text, final: true);
            _ear.Remove(utterance);
            ResumeIfQuiet();
            return;
        }

        if (!utterance.IsPressed && IsBackchannel(text))
        {
            Discard(utterance, null);
            return;
        }

        if (Options.BargeIn)
            _mouth.Stop(TurnReason.Interrupted);
        if (recognized.Emotion is { } emotion)
            _context.Do(new ConversationCommand.Mirror(emotion));
        _ear.Remove(utterance);
        Add(text, recognized.Language, recognized.Emotion);
        ShowTranscript(_ear.Said, final: false);
        _ear.Recognized();
        AwaitEndpoint(Utterances.EndpointDelay(text, Options.EndpointDelay), utterance.IsPressed);
    }

    private bool IsBackchannel(string text) => EchoFilter.IsBackchannel(text, _mouth.Current, _attendance.IsAudible);

    private void Add(string text, string? language, string? emotion)
    {
        _ear.Add(text, language, emotion);
        _attendance.UserSpoke();
    }

    /// <summary>Waits whether the user goes on. The language model may be asked meanwhile, and its answer is held back.</summary>
    private void AwaitEndpoint(TimeSpan delay, bool pressed)
    {
        if (_ear.HasUtterances)
            return;
        _ear.CompleteAfter(delay, pressed);
        if (_ear.Endpoint > _context.Now && Options.Preemptive && _mouth.Current is null && !_mouth.IsSettling)
            _mouth.Ask(_ear.Said, heldBack: true);
    }

    /// <summary>The utterance was nothing, or could not be recognized: everything goes on as before.</summary>
    private void Discard(Utterance utterance, string? reason)
    {
        _ear.Remove(utterance);
        if (reason is not null)
            _context.Reason = reason;
        if (utterance.State != UtteranceState.Perhaps || reason is not null)
            _context.EndExchange(null, reason is null or TurnReason.NotHeard ? ExchangeOutcome.Nothing : ExchangeOutcome.Failed);
        if (utterance.Partial is not null)
            ShowTranscript(_ear.Said, final: false);
        ResumeIfQuiet();
    }

    private void ResumeIfQuiet()
    {
        if (_ear.HasUtterances)
            return;
        _mouth.Release();
        if (_ear.Said.Length > 0)
            AwaitEndpoint(Options.EndpointDelay, pressed: false);
    }

    private void PassTime()
    {
        foreach (var utterance in _ear.Overdue())
        {
            _context.Do(new ConversationCommand.DropListening(utterance.Number));
            Discard(utterance, TurnReason.AsrFailed);
        }

        _mouth.RenewHold();
        _mouth.PassTime();
        if (!MayAsk || _ear.Endpoint > _context.Now || _ear.Endpoint is null)
            return;
        AskWhatWasSaid();
        _mouth.PassTime();
    }

    private bool MayAsk => !_mouth.IsSettling && _mouth.IsFree;

    private void AskWhatWasSaid()
    {
        var (text, language) = (_ear.Said, _ear.Language);
        if (_mouth.Current is null)
            _mouth.Ask(text, heldBack: false);
        ShowTranscript(text, final: true);
        _ear.Clear();
        _context.Do(new ConversationCommand.StoreUser(_context.Exchange, text, language));
        _mouth.SendHeldBack();
    }

    private void ShowTranscript(string text, bool final) =>
        _context.Do(new ConversationCommand.ShowTranscript(_context.Exchange, text, final));

    private void Show()
    {
        var state = State();
        var tool = state == TurnState.Thinking ? _mouth.Current?.Tool : null;
        if (_shown == (state, tool) && _context.Reason is null)
            return;
        _shown = (state, tool);
        _context.Do(new ConversationCommand.Show(_context.Exchange, state, _context.Reason, tool));
        _context.Reason = null;
    }

    private TurnState State()
    {
        if (_ear.IsSpeaking)
            return TurnState.Listening;
        if (_ear.IsRecognizing || (_ear.Said.Length > 0 && _mouth.IsFree))
            return TurnState.Transcribing;
        if (_mouth.Current is not { } answer)
            return TurnState.Idle;
        return answer.IsSpeaking ? TurnState.Speaking : TurnState.Thinking;
    }

    private IEnumerable<TimeSpan?> Moments()
    {
        foreach (var moment in _ear.Moments())
            yield return moment;
        if (MayAsk)
            yield return _ear.Endpoint;
        foreach (var moment in _mouth.Moments())
            yield return moment;
    }
}
