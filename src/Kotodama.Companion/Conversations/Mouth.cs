using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Text;
using Kotodama.Protocol;

namespace Kotodama.Companion.Conversations;

/// <summary>
/// What the character says: one answer at a time, and the one before it until it is known how much of it was played.
/// <code>
/// (nothing) -> thinking [held back while the user may go on] -> speaking -> played
///                 '------------ interrupted, cancelled, failed -----------'
/// </code>
/// </summary>
/// <param name="context">What the parts of the conversation share.</param>
/// <param name="ear">What the user says; it is only read here.</param>
/// <param name="attendance">Which pages are there.</param>
/// <param name="progress">What the user has of an answer.</param>
internal sealed class Mouth(ConversationContext context, Ear ear, Attendance attendance, AnswerProgress progress)
{
    /// <summary>What is shown in the place of words that were withdrawn; a reply must have some.</summary>
    internal const string Withdrawn = "…";

    /// <summary>The language model has its own limits; this one is for what they forget.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>A page reports each second while it speaks; other speeches may come first.</summary>
    private static readonly TimeSpan SpokenWithin = TimeSpan.FromMinutes(2);

    /// <summary>A browser's recognizer tells the first words of an utterance so long after they were said.</summary>
    private static readonly TimeSpan RecognizedWithin = TimeSpan.FromSeconds(1);

    /// <summary>A page tells within this how much it had played of what it was told to stop.</summary>
    private static readonly TimeSpan ToldWithin = TimeSpan.FromMilliseconds(500);

    /// <summary>The answer that was cut off, until a page tells how much of it was played.</summary>
    private Answer? _ending;

    /// <summary>What is spoken of a reply that no longer counts, until it is silent: its words were withdrawn, for example.</summary>
    private (string Reply, TimeSpan Since)? _silencing;

    /// <summary>What was spoken last, until when.</summary>
    private (Answer Answer, TimeSpan Until)? _spoken;

    private readonly Ducking _ducking = new(context);
    private readonly ReplyWriter _writer = new(context);

    /// <summary>The answer that is being thought of or spoken; null: none.</summary>
    public Answer? Current { get; private set; }

    /// <summary>The answer that is being spoken.</summary>
    public Answer? Aloud => Current is { IsSpeaking: true } ? Current : null;

    public bool IsAloud => Aloud is not null;

    /// <summary>The answer that was spoken a moment ago.</summary>
    public Answer? JustSpoken => _spoken is var (answer, until) && context.Now - until < RecognizedWithin ? answer : null;

    public bool IsHeld => _ducking.IsHeld;

    /// <summary>Whether no answer is on its way to the user.</summary>
    public bool IsFree => Current is null || Current.IsHeldBack;

    /// <summary>Whether an answer that was cut off is not settled yet.</summary>
    public bool IsSettling => _ending is not null;

    /// <summary>Whether user and character are silent.</summary>
    public bool IsQuiet => ear.IsQuiet && Current is null && _ending is null;

    /// <summary>Whether nothing goes on.</summary>
    public bool IsIdle => IsQuiet && _silencing is null;

    /// <summary>The character says these words of its own accord.</summary>
    public void Greet(string text)
    {
        var (exchange, reply) = context.NextExchange();
        var answer = new Answer(exchange, reply, heldBack: false) { BeganAt = context.Now };
        Current = answer;
        var tags = new ReplyTags();
        foreach (var part in (IEnumerable<ReplyPart>)[.. tags.Append(text), .. tags.End()])
            _writer.Add(answer, part.Text, part.Emotion);
        _writer.Complete(answer);
    }

    /// <summary>Asks the language model.</summary>
    /// <param name="text">What the user said; null: the character speaks of its own accord.</param>
    /// <param name="heldBack">Whether the user may go on, so that no page may see the answer yet.</param>
    /// <param name="prompt">What the language model is told when the user said nothing; null: as after a silence.</param>
    public void Ask(string? text, bool heldBack, string? prompt = null)
    {
        var (exchange, reply) = context.NextExchange();
        var began = text is null ? context.Now : ear.PausedAt;
        var answer = new Answer(exchange, reply, heldBack) { BeganAt = began, NewsAt = context.Now };
        Current = answer;
        if (ear.TakeRecognizedAt() is { } recognized)
            answer.Marks = answer.Marks with { Transcript = answer.Since(recognized) };
        context.Do(new ConversationCommand.Ask(exchange, text, ear.Language, ear.Emotion) { Prompt = prompt });
    }

    /// <summary>The user has ended: an answer that was held back goes out.</summary>
    public void SendHeldBack()
    {
        if (Current is not { } answer)
            return;
        answer.Marks = answer.Marks with { EndOfSpeech = answer.Since(context.Now) };
        if (answer.IsHeldBack)
            _writer.SendHeldBack(answer);
    }

    /// <summary>The language model gave a piece of its answer.</summary>
    public void Add(Answer answer, string text, string? emotion) => _writer.Add(answer, text, emotion);

    /// <summary>What the language model gave so far was its reasoning. The answer begins now, as another reply.</summary>
    public void Withdraw(Answer answer)
    {
        if (answer.Parts > 0)
        {
            context.Do(new ConversationCommand.StopSpeech());
            context.Do(new ConversationCommand.Close(answer.Reply, Withdrawn, []));
            if (answer.IsSpeaking)
                _silencing = (answer.Reply, context.Now);
        }

        progress.Forget(answer);
        var marks = new TurnMarks { EndOfSpeech = answer.Marks.EndOfSpeech, Transcript = answer.Marks.Transcript };
        Current = new Answer(answer.Exchange, context.NewReply(), answer.IsHeldBack)
        {
            BeganAt = answer.BeganAt,
            NewsAt = context.Now,
            Marks = marks,
        };
    }

    /// <summary>The language model has ended.</summary>
    public void End(Answer answer)
    {
        if (string.IsNullOrWhiteSpace(answer.Text))
            Fail(answer, TurnReason.LlmFailed);
        else
            _writer.Complete(answer);
    }

    /// <summary>There is no answer, or not all of it.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="code">Why, one of <see cref="TurnReason"/>.</param>
    public void Fail(Answer answer, string code)
    {
        if (!string.IsNullOrWhiteSpace(answer.Text) && !answer.IsHeldBack)
        {
            answer.Outcome = ExchangeOutcome.Failed;
            _writer.Truncate(answer);
            return;
        }

        // What was held back is asked again when the user has ended.
        if (!answer.IsHeldBack)
            context.Reason = code;
        if (answer.Parts > 0)
            _writer.Close(answer);
        Current = null;
        context.EndExchange(answer.Exchange, answer.IsHeldBack ? ExchangeOutcome.Discarded : ExchangeOutcome.Failed);
        BecomeQuiet();
    }

    /// <summary>The speech of the answer begins.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="engine">How long the engine took for its first sound; null: unknown.</param>
    public void BeginSpeech(Answer answer, TimeSpan? engine)
    {
        (answer.IsSpeaking, answer.NewsAt) = (true, context.Now);
        answer.HasListener |= attendance.IsAudible;
        var audio = answer.Since(context.Now);
        double? clause = engine is { } took ? Math.Max(0, audio - took.TotalMilliseconds) : null;
        answer.Marks = answer.Marks with { FirstAudio = audio, FirstClause = clause };
        context.Do(new ConversationCommand.ShowMarks(answer.Exchange, answer.Marks));
        if (context.Options.BargeIn && ear.IsConfirmed)
            Hold();
    }

    /// <summary>A page has played an answer up to a place.</summary>
    public void Played(string reply, int chars)
    {
        if (Find(reply) is not { } answer)
            return;
        (answer.NewsAt, answer.HasListener) = (context.Now, true);
        answer.PlayedTo(chars);
        if (answer.Marks.FirstSound is not null)
            return;
        answer.Marks = answer.Marks with { FirstSound = answer.Since(context.Now) };
        context.Do(new ConversationCommand.ShowMarks(answer.Exchange, answer.Marks));
    }

    /// <summary>The speech of a reply has ended.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="cut">Whether it was cut off.</param>
    public void EndSpeech(string reply, bool cut)
    {
        if (Find(reply) is not { } answer)
        {
            if (_silencing?.Reply == reply)
                Silenced();
        }
        else if (answer == _ending)
        {
            Settle();
        }
        else if (cut || progress.IsDeserted(answer))
        {
            Stop(TurnReason.Interrupted);
            Settle();
        }
        else if (answer.IsClosed)
        {
            Finish(answer);
        }
    }

    /// <summary>A page came, left, or became audible or silent.</summary>
    public void PagesChanged()
    {
        if (Aloud is { } aloud)
            aloud.HasListener |= attendance.IsAudible;
    }

    /// <summary>Makes the speech quieter.</summary>
    public void Duck(double gain) => _ducking.Duck(gain);

    /// <summary>Holds the speech where it is.</summary>
    public void Hold() => _ducking.Hold();

    /// <summary>Holds a held speech again before its page releases it.</summary>
    public void RenewHold() => _ducking.Renew();

    /// <summary>Lets a held speech resume.</summary>
    public void Release() => _ducking.Release(isStopping: _ending is not null || _silencing is not null);

    /// <summary>Discards an answer without a trace.</summary>
    public void Discard(Answer answer)
    {
        if (!answer.IsComplete)
            context.Do(new ConversationCommand.CancelAsk(answer.Exchange));
        Current = null;
        if (answer.IsHeldBack)
            context.EndExchange(answer.Exchange, ExchangeOutcome.Discarded);
    }

    /// <summary>Stops the answer: the user does not want it any more.</summary>
    /// <param name="reason">Why, one of <see cref="TurnReason"/>.</param>
    /// <param name="remember">Whether what was played of it is to be remembered.</param>
    public void Stop(string reason, bool remember = true)
    {
        if (Current is not { } answer)
            return;
        Discard(answer);
        if (answer.IsHeldBack)
            return;
        context.Reason = reason;
        answer.Outcome = reason == TurnReason.Cancelled ? ExchangeOutcome.Cancelled : ExchangeOutcome.Interrupted;
        if (answer.Parts == 0)
        {
            context.EndExchange(answer.Exchange, answer.Outcome);
            BecomeQuiet();
            return;
        }

        // What came before is certain by now.
        Settle();
        context.Do(new ConversationCommand.StopSpeech());
        if (!answer.IsClosed)
            _writer.Close(answer);
        (_ending, answer.NewsAt) = (answer, context.Now);
        _ducking.Stopped();
        if (!answer.IsSpeaking)
            Settle(remember);
    }

    /// <summary>Another conversation begins: what belongs to this one is settled at once, with what is known.</summary>
    /// <param name="remember">Whether this one is still there to remember it.</param>
    public void Leave(bool remember)
    {
        SettleNow(remember);
        Stop(TurnReason.Cancelled, remember);
        SettleNow(remember);
    }

    /// <summary>Does what is due by now.</summary>
    public void PassTime()
    {
        if (_ending is { } ending && context.Now - ending.NewsAt >= ToldWithin)
            Settle();
        if (_silencing is { } silencing && context.Now - silencing.Since >= ToldWithin)
            Silenced();
        if (Current is { } answer)
            PassTime(answer);
        if (attendance.UnaskedAt(IsIdle) <= context.Now)
        {
            attendance.SpokeUnasked();
            Ask(null, heldBack: false);
        }
    }

    /// <summary>When something is due next.</summary>
    public IEnumerable<TimeSpan?> Moments()
    {
        yield return _ducking.Moment;
        yield return _ending?.NewsAt + ToldWithin;
        yield return _silencing?.Since + ToldWithin;
        yield return attendance.UnaskedAt(IsIdle);
        if (Current is not { } answer)
            yield break;
        yield return answer.IsHeldBack ? null : attendance.DesertedAt;
        yield return ReplyWriter.KeepAliveAt(answer);
        yield return progress.Moment(answer);
        if (!answer.IsComplete)
            yield return answer.NewsAt + AnswerWithin;
        else if (answer.IsClosed)
            yield return answer.NewsAt + SpokenWithin;
    }

    private void PassTime(Answer answer)
    {
        var news = context.Now - answer.NewsAt;
        if (attendance.DesertedAt <= context.Now && !answer.IsHeldBack)
        {
            Stop(TurnReason.Interrupted);
            Settle();
        }
        else if (!answer.IsComplete && news >= AnswerWithin)
        {
            context.Do(new ConversationCommand.CancelAsk(answer.Exchange));
            Fail(answer, TurnReason.LlmTimeout);
        }
        else if (answer.IsClosed && news >= SpokenWithin)
        {
            Finish(answer);
        }

        _writer.KeepAlive(answer);
    }

    private Answer? Find(string reply)
    {
        if (Current?.Reply == reply)
            return Current;
        return _ending?.Reply == reply ? _ending : null;
    }

    /// <summary>It was played, or read, to its end.</summary>
    private void Finish(Answer answer)
    {
        Current = null;
        if (!answer.IsSpeaking)
            context.Do(new ConversationCommand.ShowMarks(answer.Exchange, answer.Marks));
        context.Do(new ConversationCommand.StoreAssistant(answer.Exchange, answer.Text.Trim(), answer.IsTruncated));
        context.EndExchange(answer.Exchange, answer.Outcome);
        answer.PlayedTo(answer.Text.Length);
        BecomeQuiet(answer);
    }

    /// <summary>It is known now, or will not be known any more, how much was played of an answer that was cut off.</summary>
    /// <param name="remember">Whether that is to be remembered.</param>
    private void Settle(bool remember = true)
    {
        if (_ending is not { } answer)
            return;
        _ending = null;
        var played = progress.Had(answer);
        var isCut = answer.IsTruncated || !answer.IsComplete || played.Length < answer.Text.Trim().Length;
        if (played.Length == 0)
            progress.Forget(answer);
        else if (remember)
            context.Do(new ConversationCommand.StoreAssistant(answer.Exchange, played, Interrupted: isCut));
        context.EndExchange(answer.Exchange, answer.Outcome);
        BecomeQuiet(answer);
    }

    private void SettleNow(bool remember)
    {
        if (_ending is { } answer)
            _silencing = (answer.Reply, context.Now);
        Settle(remember);
    }

    /// <summary>Nothing is spoken any more.</summary>
    private void BecomeQuiet(Answer? spoken = null)
    {
        attendance.BecomeQuiet();
        if (spoken is { IsSpeaking: true })
            _spoken = (spoken, context.Now);
        Release();
    }

    private void Silenced()
    {
        _silencing = null;

        // When the user speaks over what is spoken by now, it is released as soon as it is known what they say.
        if (!ear.HasUtterances || !IsAloud)
            Release();
    }
}
