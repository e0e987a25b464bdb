using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Server;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama chat</c>: a conversation in the terminal with the companion of the running hub.</summary>
internal static class ChatCommand
{
    public const string Name = "chat";

    private static readonly TimeSpan WaitForCompanion = TimeSpan.FromSeconds(2);

    /// <summary>What the companion is doing comes right behind what it is.</summary>
    private static readonly TimeSpan WaitForTurn = TimeSpan.FromMilliseconds(100);

    public static Command Build()
    {
        var text = SharedOptions.Text("What to say. Without it each line of standard input is a question");
        var channel = SharedOptions.Channel();
        var command = new Command(Name, "Talk with the character in the terminal. Ctrl+C ends its answer, and again the chat.")
        {
            text, channel,
        };
        var hubs = HubOptions.Add(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var hub = await hubs.FindAsync(parsed, cancellationToken);
            return await ChatAsync(hub, hubs.Token(parsed), parsed.GetValue(channel)!, parsed.GetValue(text));
        });
        return command;
    }

    private static async Task<int> ChatAsync(Uri hub, string? token, string channel, string? text)
    {
        Console.OutputEncoding = Encoding.UTF8;
        using var ending = new CancellationTokenSource();
        Chat? chat = null;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            if (chat?.Cancel() != true)
                ending.Cancel();
        });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            ending.Cancel();
        });
        try
        {
            var options = new KotodamaClientOptions
            {
                Role = PeerRole.Viewer,
                Token = token,
                Channels = [channel],
                Name = $"kotodama-chat/{KotodamaVersion.Text}",
            };

            // A person reads it here, and the character answers only whom it reaches.
            options.Capabilities.Add(HelloMessage.DisplayCapability);
            await using var client = await KotodamaClient.ConnectAsync(new Uri(hub, "ws"), options, ending.Token);
            var (found, turn) = await FindCompanionAsync(client, ending.Token);
            if (found is not { } companion)
            {
                Terminal.Error(Terminal.Bad(
                    $"No companion answers on the channel {channel} of {hub}. Start the hub without --llm off, connect a companion, "
                    + "or name another channel with --channel. kotodama status says what is connected."));
                return ExitCode.Failed;
            }

            Terminal.Error(Terminal.Dim(Describe(companion)));
            client.ConnectionChanged += (_, change) =>
            {
                if (change.State == ConnectionState.Connected)
                    Terminal.Error(Terminal.Good("Connected again."));
                else if (change.State != ConnectionState.Closed)
                    Terminal.Error(Terminal.Warn($"Not connected: {change.Reason}"));
            };
            chat = new Chat(client, channel, companion.Name ?? "character", turn);
            var listening = chat.ListenAsync(ending.Token);
            var code = text is not null
                ? await chat.AskAsync(text, untilOver: true, ending.Token)
                : await ChatLinesAsync(chat, ending.Token);
            await ending.CancelAsync();
            await listening;
            return code;
        }
        catch (KotodamaException e)
        {
            Terminal.Error(Terminal.Bad(e.Message));
            return e.Code == KotodamaException.NotConnected ? ExitCode.NoHub : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return chat?.IsAsking == true ? ExitCode.Failed : ExitCode.Done;
        }
    }

    private static async Task<int> ChatLinesAsync(Chat chat, CancellationToken cancellationToken)
    {
        var isPerson = !Console.IsInputRedirected;
        if (isPerson)
            Terminal.Error(Terminal.Dim("Each line is said. Ctrl+D (Windows: Ctrl+Z) ends."));
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var worst = ExitCode.Done;
        try
        {
            while (true)
            {
                if (isPerson)
                    Terminal.Prompt(Terminal.Accent("you> "));

                // A read of the console cannot be cancelled: Ctrl+C leaves it behind, and it ends with the process.
                if (await input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken) is not { } line)
                    return isPerson ? ExitCode.Done : worst;

                // A person may cut in on what is still being spoken.
                if (!string.IsNullOrWhiteSpace(line))
                    worst = Math.Max(worst, await chat.AskAsync(line, untilOver: !isPerson, cancellationToken));
            }
        }
        finally
        {
            // What the shell says next has a line of its own.
            if (isPerson)
                Terminal.Error();
        }
    }

    /// <summary>
    /// The companion that answers, and what it is doing; null: there is none. The details come a moment after the first word of it.
    /// </summary>
    private static async Task<(CompanionMessage? Companion, TurnMessage? Turn)> FindCompanionAsync(
        KotodamaClient client,
        CancellationToken cancellationToken)
    {
        CompanionMessage? found = null;
        TurnMessage? turn = null;
        using var limit = new CancellationTokenSource(WaitForCompanion, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (found?.Name is null || turn is null)
            {
                var message = await client.Incoming.ReadAsync(either.Token);
                turn = message as TurnMessage ?? turn;
                if (message is not CompanionMessage companion)
                    continue;
                found = companion.On ? companion : null;
                if (found?.Name is not null)
                    limit.CancelAfter(WaitForTurn);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One that does not introduce itself answers all the same, and one that was asked nothing yet is doing nothing.
        }

        return (found, turn);
    }

    private static string Describe(CompanionMessage companion)
    {
        var name = Terminal.Plain(companion.Name ?? "The character");
        return companion.Demo == true
            ? $"{name} answers: the built-in demo, no language model is connected (kotodama --llm URL)."
            : $"{name} answers{(companion.Model is { } model ? $" with {Terminal.Plain(model)}" : "")}.";
    }
}
