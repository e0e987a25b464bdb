using Kotodama.Companion.Conversations;
using Kotodama.Protocol;
using Kotodama.Tests.Simulation;
using Kotodama.Voice.Speaking;
using Command = Kotodama.Companion.Conversations.ConversationCommand;
using Event = Kotodama.Companion.Conversations.ConversationEvent;

namespace Kotodama.Tests.Companion.Conversations;

/// <summary>A <see cref="ConversationMachine"/> on a clock that a test moves.</summary>
internal sealed class TestConversation
{
    private readonly ConversationMachine _machine;
    private TimeSpan _now;

    public TestConversation(Action<ConversationOptions>? configure = null)
    {
        var options = new ConversationOptions();
        configure?.Invoke(options);
        var replies = 0;
        _machine = new ConversationMachine(options, () => $"r{++replies}");
        Take(new Event.Audience(1, true));
    }

    /// <summary>Everything it ever wanted.</summary>
    public List<Command> All { get; } = [];

    /// <summary>Sees each event, what it led to, and when.</summary>
    public Action<Event, IReadOnlyList<Command>, TimeSpan>? Watch { get; set; }

    public TurnState State { get; private set; }

    public string? Reason { get; private set; }

    public bool IsIdle => _machine.IsIdle;

    public long Turns => _machine.Exchanges;

    public TimeSpan? Deadline => _machine.Deadline;

    public TimeSpan Now => _now;

    /// <summary>What is remembered, one line for each entry.</summary>
    public IEnumerable<string> History => All.Select(c => c switch
    {
        Command.StoreUser user => $"user: {user.Text}",
        Command.StoreAssistant assistant => $"assistant: {assistant.Text}{(assistant.Interrupted ? " (interrupted)" : "")}",
        _ => null,
    }).OfType<string>();

    public IReadOnlyList<Command> Take(Event what)
    {
        var commands = _machine.Process(what, _now);
        All.AddRange(commands);
        Watch?.Invoke(what, commands, _now);
        foreach (var show in commands.OfType<Command.Show>())
            (State, Reason) = (show.State, show.Reason);
        return commands;
    }

    /// <summary>Lets time pass, with a tick whenever the machine wants one.</summary>
    public IReadOnlyList<Command> Wait(double milliseconds)
    {
        var commands = new List<Command>();
        var end = _now + TimeSpan.FromMilliseconds(milliseconds);
        while (_machine.Deadline is { } deadline && deadline <= end)
        {
            if (deadline > _now)
                _now = deadline;
            commands.AddRange(Take(new Event.Tick()));
            Assert.False(_machine.Deadline <= _now, "A deadline that has passed must not stay.");
        }

        _now = end;
        return commands;
    }

    /// <summary>The user says something, and it is recognized.</summary>
    public void Say(string text, long utterance = 1, bool pressed = false)
    {
        Take(new Event.SpeechStarted(utterance, pressed));
        Wait(150);
        Take(new Event.SpeechConfirmed(utterance));
        Wait(800);
        Take(new Event.SpeechEnded(utterance));
        Wait(100);
        Take(new Event.Recognized(utterance, text, null, null));
    }

    /// <summary>The question that is being answered.</summary>
    public Command.Ask Asked => All.OfType<Command.Ask>().Last();

    /// <summary>The language model answers, and the answer begins to be spoken.</summary>
    public string Answer(string text, bool complete = true)
    {
        var turn = Asked.Exchange;
        Take(new Event.Answered(turn, text, null));
        if (complete)
            Take(new Event.AnswerEnded(turn));
        var reply = All.OfType<Command.Say>().Last().Reply;
        Take(new Event.SpeechBegan(reply, TimeSpan.FromMilliseconds(5)));
        Take(new Event.Played(reply, 0));
        return reply;
    }
}
