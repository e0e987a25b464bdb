using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama history</c>: what the character said.</summary>
internal static class HistoryCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "Print the answer as JSON" };
        var limit = SharedOptions.Number("--limit", "How many replies, 1 to 1000", "N", 1, 1000, 20);
        var channel = SharedOptions.Channel();
        var command = new Command("history", "Show the newest replies, also those of before a restart.")
        {
            json, limit, channel,
        };
        var hubs = HubOptions.Add(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Console.OutputEncoding = Encoding.UTF8;
            using var hub = new HubApi(await hubs.FindAsync(parsed, cancellationToken), hubs.Token(parsed));
            try
            {
                var history = await hub.HistoryAsync(parsed.GetValue(channel)!, parsed.GetRequiredValue(limit)!.Value, cancellationToken);
                if (parsed.GetValue(json))
                    Terminal.Json(history.GetRawText());
                else
                    Print(history);
                return ExitCode.Done;
            }
            catch (KotodamaException e)
            {
                Terminal.Error(Terminal.Bad(e.Message));
                return e.Code == KotodamaException.NotConnected ? ExitCode.NoHub : ExitCode.Failed;
            }
        });
        return command;
    }

    private static void Print(JsonElement history)
    {
        foreach (var reply in history.GetProperty("replies").EnumerateArray())
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(reply.GetProperty("ts").GetInt64()).ToLocalTime();
            var time = Terminal.Dim(at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            var number = Terminal.Dim($"#{reply.GetProperty("seq").GetInt64()}");
            var isSealed = reply.TryGetProperty("sealed", out var sealedPart) && sealedPart.ValueKind == JsonValueKind.Object;
            var content = isSealed ? Terminal.Dim("(encrypted)") : Terminal.Plain(reply.GetProperty("content").GetString()!);
            Terminal.Line($"{time} {number,-6} {content}");
        }

        if (history.GetProperty("replies").GetArrayLength() == 0)
            Terminal.Error(Terminal.Dim($"Nothing was said on channel {history.GetProperty("channel").GetString()} yet."));
    }
}
