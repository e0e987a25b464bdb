using System.Globalization;
using Kotodama.Companion.Conversations;
using Kotodama.Protocol;
using Kotodama.Tests.Simulation;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using Command = Kotodama.Companion.Conversations.ConversationCommand;
using Event = Kotodama.Companion.Conversations.ConversationEvent;

namespace Kotodama.Tests.Companion.Conversations;

/// <summary>
/// Random conversations: events in any order, late, twice and about things that are over. What the machine wants done is held to what it promises.
/// <c>KOTODAMA_SCHEDULES</c> and <c>KOTODAMA_SEED</c> run more.
/// </summary>
public sealed class ConversationSchedules
{
    private const int Usual = 10_000;

    [Fact]
    public void Whatever_happens_a_conversation_stays_in_order()
    {
        var schedules = Setting("KOTODAMA_SCHEDULES", Usual);
        var first = Setting("KOTODAMA_SEED", 1);
        for (var seed = first; seed < first + schedules; seed++)
        {
            var schedule = new Schedule(seed);
            try
            {
                schedule.Run();
            }
            catch (Exception e)
            {
                Assert.Fail($"KOTODAMA_SEED={seed}: {e.Message}\n{string.Join('\n', schedule.Steps)}");
            }
        }
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    private sealed class Schedule(int seed)
    {
        private static readonly string[] Words = ["hello", "what time is it?", "stop", "mhm", "", "再见。", "once upon a time", "and"];

        private readonly Random _random = new(seed);
        private readonly HashSet<long> _listening = [];
        private readonly HashSet<long> _asking = [];
        private readonly Dictionary<string, (string Text, bool Closed, long Turn)> _replies = new(StringComparer.Ordinal);
        private readonly HashSet<long> _remembered = [];
        private readonly HashSet<long> _asked = [];
        private readonly HashSet<long> _broken = [];
        private TestConversation _talk = null!;
        private string? _lastSaid;
        private bool _ducked;
        private bool _held;
        private long _newestUser, _utterance;

        public List<string> Steps { get; } = [];

        public void Run()
        {
            _talk = new TestConversation(o => (o.BargeIn, o.Preemptive, o.IdleAfter) = (_random.Next(4) > 0, _random.Next(4) > 0, _random.Next(3) == 0 ? TimeSpan.FromSeconds(20) : TimeSpan.Zero));
            for (var i = 0; i < 60; i++)
            {
                Do(Next());
                if (_random.Next(2) == 0)
                    Wait(_random.Next(5) switch { 0 => 5000, 1 => 700, _ => _random.Next(300) });
            }

            // The world comes to rest: what runs ends, and the user says nothing any more.
            Do(new Event.Audience(1, true));
            for (var i = 0; i < 20 && !_talk.IsIdle; i++)
            {
                foreach (var utterance in _listening.ToArray())
                    Do(new Event.RecognitionFailed(utterance, "asr_failed"));
                foreach (var turn in _asking.ToArray())
                    Do(new Event.AnswerEnded(turn));
                foreach (var reply in _replies.Keys.ToArray())
                    Do(new Event.SpeechOver(reply, false));
                Wait(30_000);
            }

            Check(_talk.IsIdle, "it does not come to rest");
            Check(!_ducked, "the speech stays quiet");
            Check(_listening.Count == 0, "an utterance is listened to for ever");
            Check(_asking.Count == 0, "the companion still waits for an answer");
            Check(_talk.State == TurnState.Idle, $"it says {_talk.State} while nothing happens");
            Check(_replies.Values.All(r => r.Closed), "an answer was begun and never closed");
        }

        private Event Next()
        {
            var utterance = Some(_listening, _utterance);
            var turn = _random.Next(10) == 0 ? _random.Next(5) : Some(_asking, 0);
            var reply = _replies.Count == 0 || _random.Next(10) == 0 ? "unknown" : _random.Next(3) > 0 && _lastSaid is { } last ? last : _replies.Keys.ElementAt(_random.Next(_replies.Count));
            return _random.Next(27) switch
            {
                0 or 1 => new Event.SpeechStarted(++_utterance, _random.Next(4) == 0, Late: _random.Next(4) == 0),
                2 or 3 => new Event.SpeechConfirmed(utterance),
                4 or 5 => new Event.SpeechEnded(utterance),
                6 => new Event.SpeechDropped(utterance),
                7 => new Event.Partial(utterance, Word()),
                8 or 9 => new Event.Recognized(utterance, Word(), null, _random.Next(5) == 0 ? "sadness" : null),
                10 => new Event.RecognitionFailed(utterance, "asr_failed"),
                11 => new Event.Typed("typed " + _random.Next(100), "en"),
                12 => new Event.Cancelled(),
                13 or 14 or 15 => new Event.Answered(turn, Word(), _random.Next(5) == 0 ? "joy" : null),
                16 => new Event.ToolUsed(turn, _random.Next(2) == 0 ? null : "current_time"),
                17 => new Event.AnswerEnded(turn),
                18 => new Event.AnswerFailed(turn, "llm_failed"),
                19 or 20 => new Event.SpeechBegan(reply, TimeSpan.FromMilliseconds(_random.Next(50))),
                21 => new Event.Played(reply, _random.Next(40)),
                23 => _random.Next(2) == 0 ? new Event.Changed(_random.Next(2) == 0) : new Event.Greeted("hello"),
                22 => new Event.SpeechOver(reply, _random.Next(3) == 0),
                24 => new Event.WasReasoning(turn),
                25 => new Event.Touched(_random.Next(2) == 0 ? "hey" : null, "(a touch)", TimeSpan.FromSeconds(5)),
                _ => new Event.Audience(_random.Next(3), _random.Next(2) == 0),
            };
        }

        private string Word() => Words[_random.Next(Words.Length)];

        private long Some(HashSet<long> of, long otherwise) => of.Count == 0 ? otherwise : of.ElementAt(_random.Next(of.Count));

        private void Do(Event what)
        {
            Steps.Add($"{_talk.Now.TotalMilliseconds}: {what}");
            if (what is Event.AnswerEnded(var ended))
                _asking.Remove(ended);
            if (what is Event.AnswerFailed(var failed, _))
            {
                _asking.Remove(failed);
                _broken.Add(failed);
            }

            if (what is Event.Recognized recognized)
                _listening.Remove(recognized.Utterance);
            if (what is Event.RecognitionFailed(var unheard, _))
                _listening.Remove(unheard);
            foreach (var command in _talk.Take(what))
                Look(command);
        }

        private void Wait(double milliseconds)
        {
            Steps.Add($"{_talk.Now.TotalMilliseconds}: wait {milliseconds}");
            foreach (var command in _talk.Wait(milliseconds))
                Look(command);
        }

        private void Look(Command command)
        {
            Steps.Add($"      {command}");
            switch (command)
            {
                case Command.Listen(var number):
                    Check(_listening.Add(number), "it listens twice");
                    break;
                case Command.DropListening(var number):
                    _listening.Remove(number);
                    break;
                case Command.Ask(var turn, var text, _, _):
                    Check(_asked.Add(turn), "a turn is asked twice");
                    Check(_asking.Count == 0, "two answers are wanted at once");
                    Check(text is null || text.Length > 0, "nothing is asked");
                    _asking.Add(turn);
                    break;
                case Command.CancelAsk(var turn):
                    Check(_asked.Contains(turn), "something is cancelled that was never asked");
                    _asking.Remove(turn);
                    _broken.Add(turn);
                    break;
                case Command.Say(var reply, var part, var text, _):
                    if (part == 0)
                        Check(_replies.TryAdd(reply, ("", false, _talk.Turns)), "an answer begins twice");
                    Check(!_replies[reply].Closed, "an answer goes on after its end");
                    Check(_replies.Where(r => r.Key != reply).All(r => r.Value.Closed), "two answers are said at once");
                    _replies[reply] = _replies[reply] with { Text = _replies[reply].Text + text };
                    _lastSaid = reply;
                    break;
                case Command.Close(var reply, var text, var emotions):
                    Check(!_replies[reply].Closed, "an answer ends twice");
                    Check(
                        _replies[reply].Text == text || text == Mouth.Withdrawn || (_broken.Contains(_replies[reply].Turn) && _replies[reply].Text.StartsWith(text, StringComparison.Ordinal)),
                        "an answer ends with another text than was said");
                    Check(emotions.All(e => e.At <= text.Length), "an emotion is outside of the text");
                    _replies[reply] = _replies[reply] with { Closed = true };
                    break;
                case Command.Duck(var gain):
                    Check(!_held || gain is 0 or 1, "a speech that is held goes on for a moment");
                    (_ducked, _held) = (gain < 1, gain == 0);
                    break;
                case Command.StoreUser(var turn, var text, _):
                    Check(text.Length > 0 && turn > _newestUser, "a person said nothing, or the same twice");
                    _newestUser = turn;
                    break;
                case Command.StoreProgress(var turn, var text):
                    Check(!_remembered.Contains(turn), "an answer goes on after it was remembered");
                    Check(_replies.Values.Any(r => r.Turn == turn && r.Text.Contains(text, StringComparison.Ordinal)), "something is kept that was not said");
                    break;
                case Command.StoreAssistant(var turn, var text, _):
                    Check(_remembered.Add(turn), "an answer is remembered twice");
                    Check(text.Length > 0 && _replies.Values.Any(r => r.Turn == turn && r.Text.Contains(text, StringComparison.Ordinal)), "something is remembered that was not said");
                    Check(turn >= _newestUser, "an answer is remembered after the next question");
                    break;
            }
        }

        private static void Check(bool holds, string otherwise)
        {
            if (!holds)
                throw new InvalidOperationException(otherwise);
        }
    }
}
