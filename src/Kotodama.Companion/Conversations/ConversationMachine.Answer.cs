using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Text;
using Kotodama.Protocol;

namespace Kotodama.Companion.Conversations;

/// <content>The mouth: one answer at a time, and the one before it until it is known how much of it was heard.</content>
internal sealed partial class ConversationMachine
{
    /// <summary>What is shown in the place of words that were taken back; a reply must have some.</summary>
    internal const string TakenBack = "…";

    private const int MostEmotions = 64;

    /// <summary>Nobody answers any more whose last page has been gone for so long.</summary>
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromSeconds(10);

    /// <summary>The language model has its own limits; this one is for what they forget.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>A page reports each second while it speaks; other speeches may come first.</summary>
    private static readonly TimeSpan SpokenWithin = TimeSpan.FromMinutes(2);

    /// <summary>A browser that recognises speech tells the first words of it so long after they were said.</summary>
    private static readonly TimeSpan RecognisedWithin = TimeSpan.FromSeconds(1);

    private OneAnswer? _answer;
    private TimeSpan? _transcribedAt;
    private TimeSpan? _emptySince = TimeSpan.Zero;
    private TimeSpan _quietSince;
    private bool _hasSpokenAlone;
    private bool _isHeard;

    /// <summary>What was spoken last, until when.</summary>
    private (OneAnswer Answer, TimeSpan Until)? _spoken;

    private OneAnswer? JustSpoken => _spoken is var (answer, until) && _now - until < RecognisedWithin ? answer : null;

    /// <summary>What is being spoken.</summary>
    private OneAnswer? Aloud => _answer is { IsSpeaking: true } ? _answer : null;

    private bool IsAloud => Aloud is not null;

    private void Answer(ConversationEvent what)
    {
        switch (what)
        {
            case ConversationEvent.Greeted(var text) when IsQuiet:
                _answer = new OneAnswer(++_turn, newReply(), kept: false) { BeganAt = _now };
                foreach (var part in Tagged(text))
                    Add(_answer, part.Text, part.Emotion);
                Complete(_answer);
                break;
            case ConversationEvent.Answered(var turn, var text, var emotion) when _answer is { IsDone: false } answer && answer.Turn == turn:
                Add(answer, text, emotion);
                break;
            case ConversationEvent.ToolUsed(var turn, var tool) when _answer is { IsDone: false } answer && answer.Turn == turn:
                (answer.Tool, answer.NewsAt) = (tool, _now);
                break;
            case ConversationEvent.WasReasoning(var turn) when _answer is { IsDone: false } answer && answer.Turn == turn:
                TakeBack(answer);
                break;
            case ConversationEvent.AnswerEnded(var turn) when _answer is { IsDone: false } answer && answer.Turn == turn:
                if (string.IsNullOrWhiteSpace(answer.Text))
                    Fail(answer, TurnReason.LlmFailed);
                else
                    Complete(answer);
                break;
            case ConversationEvent.AnswerFailed(var turn, var code) when _answer is { IsDone: false } answer && answer.Turn == turn:
                Fail(answer, code);
                break;
            case ConversationEvent.SpeechBegan(var reply, var engine) when _answer is { IsSpeaking: false } answer && answer.Reply == reply:
                Begin(answer, engine);
                break;
            case ConversationEvent.Heard(var reply, var chars) when FindAnswer(reply) is { } answer:
                Hear(answer, chars);
                break;
            case ConversationEvent.SpeechOver(var reply, var cut) when FindAnswer(reply) is { } answer:
                Over(answer, cut);
                break;
            case ConversationEvent.SpeechOver(var reply, _) when _fading?.Reply == reply:
                Faded();
                break;
        }
    }

    private static IEnumerable<ReplyPart> Tagged(string text)
    {
        var tags = new ReplyTags();
        return [.. tags.Append(text), .. tags.End()];
    }

    private OneAnswer? FindAnswer(string reply) => _answer?.Reply == reply ? _answer : _ending?.Reply == reply ? _ending : null;

    private void Ask(string? text, bool keepBack)
    {
        _answer = new OneAnswer(++_turn, newReply(), keepBack) { BeganAt = text is null ? _now : _pausedAt, NewsAt = _now };
        if (_transcribedAt is { } transcribed)
            _answer.Marks = _answer.Marks with { Transcript = Since(_answer, transcribed) };
        _transcribedAt = null;
        _commands.Add(new ConversationCommand.Ask(_turn, text, _language, _emotion));
    }

    private void Transcribed() => _transcribedAt = _now;

    /// <summary>The person has ended: what was kept back comes out.</summary>
    private void LetOut()
    {
        if (_answer is not { } answer)
            return;
        answer.Marks = answer.Marks with { EndOfSpeech = Since(answer, _now) };
        if (!answer.Kept)
            return;
        answer.Kept = false;
        foreach (var (text, emotion) in answer.Waiting)
            Say(answer, text, emotion);
        answer.Waiting.Clear();
        if (answer.IsDone)
            Close(answer);
    }

    private void Add(OneAnswer answer, string text, string? emotion)
    {
        answer.NewsAt = _now;
        answer.Tool = null;
        answer.Emotion = emotion ?? answer.Emotion;
        if (text.Length == 0)
            return;
        answer.Marks = answer.Marks with { FirstToken = answer.Marks.FirstToken ?? Since(answer, _now) };
        var room = ProtocolLimits.Default.Content - answer.Text.Length;
        var piece = text.Length <= room ? text : text[..(char.IsHighSurrogate(text[room - 1]) ? room - 1 : room)];
        if (answer.Emotion is { } from && answer.Emotions.Count < MostEmotions)
            answer.Emotions.Add(new ReplyEmotion(answer.Text.Length, from));
        answer.Text += piece;
        if (answer.Kept)
            answer.Waiting.Add((piece, answer.Emotion));
        else
            Say(answer, piece, answer.Emotion);
        answer.Emotion = null;
        if (piece.Length == text.Length && answer.Text.Length < ProtocolLimits.Default.Content)
            return;
        _commands.Add(new ConversationCommand.CancelAsk(answer.Turn) { IsTooLong = true });
        Truncate(answer);
    }

    private void Say(OneAnswer answer, string text, string? emotion) => _commands.Add(new ConversationCommand.Say(answer.Reply, answer.Parts++, text, emotion));

    /// <summary>Nothing of it was meant to be said. The answer begins now, as another reply.</summary>
    private void TakeBack(OneAnswer answer)
    {
        if (answer.Parts > 0)
        {
            _commands.Add(new ConversationCommand.StopSpeech());
            _commands.Add(new ConversationCommand.Close(answer.Reply, TakenBack, []));
            if (answer.IsSpeaking)
                _fading = (answer.Reply, _now);
        }

        var marks = new TurnMarks { EndOfSpeech = answer.Marks.EndOfSpeech, Transcript = answer.Marks.Transcript };
        _answer = new OneAnswer(answer.Turn, newReply(), answer.Kept) { BeganAt = answer.BeganAt, NewsAt = _now, Marks = marks };
    }

    private void Fail(OneAnswer answer, string code)
    {
        if (string.IsNullOrWhiteSpace(answer.Text) || answer.Kept)
        {
            // What was kept back is asked again when the person has ended.
            if (!answer.Kept)
                _reason = code;
            if (answer.Parts > 0)
                Close(answer);
            _answer = null;
            TurnOver(answer.Turn, answer.Kept ? ExchangeOutcome.Discarded : ExchangeOutcome.Failed);
            Rest();
        }
        else
        {
            answer.Outcome = ExchangeOutcome.Failed;
            Truncate(answer);
        }
    }

    private void Truncate(OneAnswer answer)
    {
        _reason = TurnReason.Truncated;
        answer.BreakOff();
        Complete(answer);
    }

    private void Complete(OneAnswer answer)
    {
        (answer.IsDone, answer.NewsAt) = (true, _now);
        if (!answer.Kept)
            Close(answer);
    }

    private void Close(OneAnswer answer)
    {
        answer.IsClosed = true;
        _commands.Add(new ConversationCommand.Close(answer.Reply, answer.Text, answer.Emotions));
    }

    private void Begin(OneAnswer answer, TimeSpan? engine)
    {
        (answer.IsSpeaking, answer.NewsAt) = (true, _now);
        answer.HasListener |= _isHeard;
        var audio = Since(answer, _now);
        answer.Marks = answer.Marks with { FirstAudio = audio, FirstClause = engine is { } took ? Math.Max(0, audio - took.TotalMilliseconds) : null };
        _commands.Add(new ConversationCommand.ShowMarks(answer.Turn, answer.Marks));
        if (options.BargeIn && _utterances.Exists(u => u.State != UtteranceState.Perhaps))
            Hold();
    }

    private void Hear(OneAnswer answer, int chars)
    {
        (answer.NewsAt, answer.HasListener) = (_now, true);
        answer.Chars = Math.Clamp(chars, answer.Chars, Math.Max(answer.Chars, answer.Text.Length));
        if (answer.Marks.FirstSound is not null)
            return;
        answer.Marks = answer.Marks with { FirstSound = Since(answer, _now) };
        _commands.Add(new ConversationCommand.ShowMarks(answer.Turn, answer.Marks));
    }

    private void Over(OneAnswer answer, bool cut)
    {
        if (answer == _ending)
        {
            Settle();
        }
        else if (cut || IsDeserted(answer))
        {
            EndAnswer(TurnReason.Interrupted);
            Settle();
        }
        else if (answer.IsClosed)
        {
            Finish(answer);
        }
    }

    /// <summary>Who heard it left in the middle of it.</summary>
    private bool IsDeserted(OneAnswer answer) => answer is { IsSpeaking: true, Chars: > 0 } && answer.Chars < answer.Text.Length && !_isHeard;

    /// <summary>It was heard, or read, to its end.</summary>
    private void Finish(OneAnswer answer)
    {
        (_answer, answer.Chars) = (null, answer.Text.Length);
        if (!answer.IsSpeaking)
            _commands.Add(new ConversationCommand.ShowMarks(answer.Turn, answer.Marks));
        _commands.Add(new ConversationCommand.StoreAssistant(answer.Turn, answer.Text.Trim(), answer.IsBroken));
        TurnOver(answer.Turn, answer.Outcome);
        Rest(answer);
    }

    private void TurnOver(long? turn, ExchangeOutcome outcome) => _commands.Add(new ConversationCommand.Over(turn, outcome));

    private void Count(int pages, bool heard)
    {
        _isHeard = heard;
        if (Aloud is { } aloud)
            aloud.HasListener |= heard;
        _emptySince = pages > 0 ? null : _emptySince ?? _now;
        if (pages > 0 && IsIdle)
            _quietSince = _now;
    }

    private void PassTimeOfAnswer()
    {
        if (_ending is { } ending && _now - ending.NewsAt >= ToldWithin)
            Settle();
        if (_fading is { } fading && _now - fading.Since >= ToldWithin)
            Faded();
        if (_answer is { } answer)
        {
            if (_emptySince is { } empty && _now - empty >= ReturnWithin && !answer.Kept)
            {
                EndAnswer(TurnReason.Interrupted);
                Settle();
            }
            else if (!answer.IsDone && _now - answer.NewsAt >= AnswerWithin)
            {
                _commands.Add(new ConversationCommand.CancelAsk(answer.Turn));
                Fail(answer, TurnReason.LlmTimeout);
            }
            else if (answer.IsClosed && _now - answer.NewsAt >= SpokenWithin)
            {
                Finish(answer);
            }
        }

        if (IdleAt() is { } idle && _now >= idle)
        {
            _hasSpokenAlone = true;
            Ask(null, keepBack: false);
        }
    }

    private TimeSpan? IdleAt() =>
        options.IdleAfter > TimeSpan.Zero && IsIdle && !_hasSpokenAlone && _isHeard && _emptySince is null && _turn > _turnsBefore ? _quietSince + options.IdleAfter : null;

    private IEnumerable<TimeSpan?> MomentsOfAnswer()
    {
        yield return _ending?.NewsAt + ToldWithin;
        yield return _fading?.Since + ToldWithin;
        yield return IdleAt();
        if (_answer is not { } answer)
            yield break;
        if (!answer.Kept)
            yield return _emptySince + ReturnWithin;
        if (!answer.IsDone)
            yield return answer.NewsAt + AnswerWithin;
        else if (answer.IsClosed)
            yield return answer.NewsAt + SpokenWithin;
    }

    private static double Since(OneAnswer answer, TimeSpan at) => Math.Round(Math.Max(0, (at - answer.BeganAt).TotalMilliseconds), 1);
}
