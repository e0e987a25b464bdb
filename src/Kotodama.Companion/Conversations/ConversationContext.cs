namespace Kotodama.Companion.Conversations;

/// <summary>
/// What the parts of a <see cref="ConversationMachine"/> share while they process one event: the time, the commands, the number of the
/// exchange.
/// </summary>
/// <param name="options">How the conversation goes.</param>
/// <param name="newReply">Makes the id of a reply.</param>
/// <param name="exchanges">The number of the exchange before the first one.</param>
internal sealed class ConversationContext(ConversationOptions options, Func<string> newReply, long exchanges)
{
    private readonly List<ConversationCommand> _commands = [];
    private readonly long _exchangesBefore = exchanges;

    public ConversationOptions Options { get; } = options;

    /// <summary>The time of the event.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>The number of the latest exchange.</summary>
    public long Exchange { get; private set; } = exchanges;

    /// <summary>Whether there was an exchange yet.</summary>
    public bool HasExchange => Exchange > _exchangesBefore;

    /// <summary>Why the latest exchange did not go as the user would expect, to be shown once; null: it did.</summary>
    public string? Reason { get; set; }

    public void Begin(TimeSpan now)
    {
        _commands.Clear();
        Now = now;
    }

    public IReadOnlyList<ConversationCommand> End() => [.. _commands];

    public void Do(ConversationCommand command) => _commands.Add(command);

    /// <summary>Begins an exchange.</summary>
    /// <returns>Its number and the id of its reply.</returns>
    public (long Exchange, string Reply) NextExchange() => (++Exchange, NewReply());

    public string NewReply() => newReply();

    /// <summary>Tells what became of an exchange.</summary>
    /// <param name="exchange">Its number; null: what the user said did not become one.</param>
    /// <param name="outcome">What became of it.</param>
    public void EndExchange(long? exchange, ExchangeOutcome outcome) => Do(new ConversationCommand.EndExchange(exchange, outcome));
}
