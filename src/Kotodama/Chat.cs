using System.Threading.Channels;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Cli;

/// <summary>Asks and prints the answers as they come, on standard output; everything else goes to standard error.</summary>
/// <param name="hub">The hub, with the role of a viewer.</param>
/// <param name="channel">The channel.</param>
/// <param name="name">The character's name.</param>
/// <param name="turn">What the companion was doing last; null: nothing is known.</param>
internal sealed class Chat(KotodamaClient hub, string channel, string name, TurnMessage? turn)
{
    /// <summary>Longer than any limit of a companion.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private Question? _question;

    /// <summary>The exchange that is under way, whichever page asked.</summary>
    private long? _running = Running(turn);
    private bool _isCancelled;
    private string? _refusal;
    private string _shown = "";

    private static bool ShowsState => IsTerminal && Terminal.MayEscape;

    private static bool IsTerminal => !Console.IsErrorRedirected && !Console.IsOutputRedirected;

    /// <summary>Whether an answer is waited for.</summary>
    public bool IsAsking => Volatile.Read(ref _question) is not null;

    /// <summary>Prints what comes, until it is cancelled or the connection is over.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in hub.Incoming.ReadAllAsync(cancellationToken))
            {
                var isAnswer = false;
                lock (_lock)
                {
                    Take(message);
                    isAnswer = message is LlmResponseMessage reply && _question?.IsAnswer(reply) == true;
                }

                // What other programs say is not shown here.
                if (isAnswer && message is LlmResponseMessage { Seq: { } seq, Epoch: { } epoch })
                    await hub.SendAsync(new AckMessage { Channel = channel, Epoch = epoch, Displayed = [seq] }, cancellationToken);
                _news.Writer.TryWrite(true);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The chat ends.
        }

        _news.Writer.TryComplete();
    }

    /// <summary>Says a text and prints the answer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="untilOver">Whether to wait until the answer has been spoken, too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> AskAsync(string text, bool untilOver, CancellationToken cancellationToken)
    {
        Question question;
        lock (_lock)
        {
            question = new Question(channel, text, hub.Welcome?.Session, _running);
            (_question, _isCancelled, _refusal) = (question, false, null);
        }

        await hub.SendAsync(new UserTextMessage { Channel = channel, Content = text }, cancellationToken);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (!IsDone(question, untilOver))
            {
                if (!await _news.Reader.WaitToReadAsync(either.Token))
                    _refusal = "the connection is over";
                while (_news.Reader.TryRead(out _))
                    limit.CancelAfter(Patience);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _refusal = $"nothing was heard for {Patience.TotalMinutes:0} minutes";
        }

        lock (_lock)
        {
            _question = null;
            return End(question);
        }
    }

    /// <summary>The person wants the answer to end. False: there is none, or it was wanted before.</summary>
    public bool Cancel()
    {
        lock (_lock)
        {
            if (_question is null || _isCancelled)
                return false;
            _isCancelled = true;
        }

        // The order does not matter, and a signal cannot wait.
        _ = hub.SendAsync(new CancelMessage { Channel = channel }).AsTask();
        return true;
    }

    private static long? Running(TurnMessage? turn) => turn is null or { State: TurnState.Idle } ? null : turn.Turn;

    private bool IsDone(Question question, bool untilOver)
    {
        lock (_lock)
            return _refusal is not null || question.IsOver || (question.IsAnswered && !untilOver && !_isCancelled);
    }

    private void Take(Message message)
    {
        if (message is TurnMessage news && news.Channel == channel)
            _running = Running(news);
        if (_question is not { } question)
            return;

        if (message is ErrorMessage error)
            _refusal = error.Message;
        var (tool, text) = (question.Tool, question.Take(message));
        if (text.Length > 0)
        {
            ShowState("");
            if (question.Answer.Length == text.Length && IsTerminal)
                Terminal.Part(Terminal.Accent($"{Terminal.Plain(name)}: "));
            Terminal.Part(text);
        }
        else if (question.Reply is null && message is TurnMessage)
        {
            var thinks = question.State == TurnState.Thinking ? "thinks…" : "";
            ShowState(question.Tool is { } used ? $"uses {Terminal.Plain(used)}…" : thinks);
        }

        if (!ShowsState && question.Tool is { } running && running != tool)
            Terminal.Error($"uses {Terminal.Plain(running)}…");
    }

    private int End(Question question)
    {
        ShowState("");
        if (question.Reply is not null)
            Terminal.Line();

        var reason = _refusal ?? (question.Reason is { } code ? Question.InWords(code) : null);
        if (reason is not null)
            Terminal.Error(Terminal.Warn($"({Terminal.Plain(reason)})"));
        return reason is null && question.IsAnswered ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>A line that is written over, on a terminal only.</summary>
    private void ShowState(string text)
    {
        if (!ShowsState || text == _shown)
            return;
        _shown = text;
        Terminal.Overwrite(Terminal.Dim(text));
    }
}
