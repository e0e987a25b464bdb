using System.CommandLine;
using System.Text;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Server;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama watch</c>: a live log of what backends say.</summary>
internal static class WatchCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "Print each message as one line of JSON" };
        var channels = SharedOptions.Channels();
        var command = new Command("watch", "Watch the messages of a channel as they come.") { json, channels };
        var hub = HubOptions.Add(command);
        var keys = KeyOption.Add(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var found = await hub.FindAsync(parsed, cancellationToken);
            return await WatchAsync(
                found, hub.Token(parsed), parsed.GetValue(channels) ?? [], parsed.GetValue(json), keys.Read(parsed), cancellationToken);
        });
        return command;
    }

    private static async Task<int> WatchAsync(
        Uri hub,
        string? token,
        string[] channels,
        bool json,
        MessageKey? key,
        CancellationToken cancellationToken)
    {
        Console.OutputEncoding = Encoding.UTF8;
        try
        {
            await using var client = await KotodamaClient.ConnectAsync(
                new Uri(hub, "ws"),
                new KotodamaClientOptions
                {
                    Role = PeerRole.Viewer,
                    Token = token,
                    Channels = channels,
                    EncryptionKey = key,
                    Capabilities = { HelloMessage.TouchCapability },
                    Name = $"kotodama-watch/{KotodamaVersion.Text}",
                },
                cancellationToken);
            Terminal.Error(Terminal.Dim($"Watching {string.Join(", ", channels)} at {hub}. Ctrl+C ends."));
            client.ConnectionChanged += (_, change) => Terminal.Error(change.State switch
            {
                ConnectionState.Connected => Terminal.Good("Connected again."),
                ConnectionState.Reconnecting => Terminal.Warn($"Not connected: {change.Reason}"),
                _ => Terminal.Dim($"Ended: {change.Reason}"),
            });
            await foreach (var message in client.Incoming.ReadAllAsync(cancellationToken))
                if (!(json ? Terminal.TryJson(Encoding.UTF8.GetString(MessageCodec.Write(message))) : Terminal.TryLine(Describe(message))))
                    return ExitCode.Done;
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
        catch (KotodamaException e)
        {
            Terminal.Error(Terminal.Bad(e.Message));
            return e.Code == KotodamaException.NotConnected ? ExitCode.NoHub : ExitCode.Failed;
        }
    }

    private static string Describe(Message message)
    {
        var time = Terminal.Dim($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff}");
        if (message is TouchMessage touch)
        {
            var where = $"{Terminal.Accent(touch.Type)} {Notes(touch)}{Terminal.Plain(touch.Area)}";
            return $"{time} {Terminal.Dim(touch.Channel ?? "")} {"",-5} {where}";
        }

        if (message is not Publication publication)
            return $"{time} {message.Type}";
        var what = publication switch
        {
            LlmResponseMessage reply => $"{Notes(reply)}{Terminal.Bold(Terminal.Plain(reply.Content))}",
            LlmDeltaMessage delta => $"+ {Terminal.Plain(delta.Content)}",
            StatusMessage status => Terminal.Plain(status.Content),
            ExpressionMessage expression => Terminal.Plain(expression.Name),
            MotionMessage motion => Terminal.Plain(motion.Name),
            AvatarMessage avatar => avatar.Name is { } name ? Terminal.Plain(name) : Terminal.Dim("(as the character says)"),
            EncMessage enc => Terminal.Dim($"(encrypted, key {Terminal.Plain(enc.Kid)})"),
            StopMessage stop => stop.What == StopTarget.All ? "all" : "speech",
            _ => "",
        };
        var number = publication.Seq is { } seq ? $"#{seq}" : "";
        return $"{time} {Terminal.Dim(publication.Channel ?? "")} {Terminal.Dim(number),-5} {Terminal.Accent(publication.Type)} {what}";
    }

    private static string Notes(TouchMessage touch)
    {
        var gesture = touch.Gesture == TouchGesture.Stroke ? "stroke" : "tap";
        return Terminal.Dim($"({string.Join(", ", new[] { gesture, touch.Avatar }.OfType<string>().Select(Terminal.Plain))}) ");
    }

    private static string Notes(LlmResponseMessage reply)
    {
        var notes = new[] { reply.Emotion, reply.Motion }.OfType<string>().Select(Terminal.Plain).Append($"{reply.Duration / 1000:0.#} s");
        return Terminal.Dim($"({string.Join(", ", notes)}) ");
    }
}
