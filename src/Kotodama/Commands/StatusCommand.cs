using System.CommandLine;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama status</c>: what the running hub is doing.</summary>
internal static class StatusCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "Print the report as JSON" };
        var command = new Command("status", "Show the running hub: pages, channels, uptime, versions.") { json };
        var hubs = HubOptions.Add(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var hub = new HubApi(await hubs.FindAsync(parsed, cancellationToken), hubs.Token(parsed));
            try
            {
                var status = await hub.StatusAsync(cancellationToken);
                if (parsed.GetValue(json))
                    Terminal.Json(status.GetRawText());
                else
                    Print(hub.Address, status);
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

    private static void Print(Uri address, JsonElement status)
    {
        var uptime = TimeSpan.FromSeconds(status.GetProperty("uptimeSeconds").GetDouble());
        Terminal.Line($"{Terminal.Bold("Kotodama")} {Text(status, "version")} at {Terminal.Accent(address.ToString())}");
        var up = $"{(int)uptime.TotalHours}:{uptime.Minutes:00}:{uptime.Seconds:00}";
        var process = $"pid {Number(status, "processId")}, {Text(status, "runtime")}, protocol {Number(status, "protocol")}";
        Terminal.Line($"  up         {up}  {Terminal.Dim(process)}");
        Terminal.Line($"  pages      {Number(status, "pages")}  {Terminal.Dim($"of {Number(status, "connections")} connections")}");
        if (Number(status, "queueDepth") is > 0 and var waiting)
            Terminal.Line($"  queue      {waiting}  {Terminal.Dim("messages and acknowledgements wait for the hub")}");
        Terminal.Line($"  messages   {Number(status, "published")}  {Terminal.Dim($"and {Number(status, "refused")} refused")}");
        if (Number(status, "rateLimited") is > 0 and var limited)
        {
            var why = Terminal.Dim("messages came faster than Kotodama:Limits:PublishRate or FrameRate");
            Terminal.Line($"  too fast   {Terminal.Warn($"{limited}")}  {why}");
        }

        Terminal.Line($"  storage    {Storage(status)}");
        Terminal.Line("  channels");
        foreach (var channel in status.GetProperty("channels").EnumerateArray())
            Terminal.Line($"    {Text(channel, "name"),-16} {Count(channel, "pages", "page")}{Position(channel)}{Speech(channel)}");
        foreach (var client in status.GetProperty("clients").EnumerateArray())
        {
            var name = client.TryGetProperty("client", out var given) ? Terminal.Plain(given.GetString() ?? "") : "(no name)";
            var channels = string.Join(", ", client.GetProperty("channels").EnumerateArray());
            var since = client.GetProperty("since").GetDateTimeOffset().ToLocalTime();
            var more = Terminal.Dim($"on {channels}, since {since:HH:mm:ss}");
            Terminal.Line($"  {Text(client, "role"),-10} {name} {more}{Slowed(client)}");
        }
    }

    private static string Storage(JsonElement status)
    {
        if (status.TryGetProperty("failure", out var failure))
            return $"{Terminal.Bad("degraded")}: in memory only, because the disk fails ({Terminal.Plain(failure.GetString() ?? "")})";
        return status.GetProperty("durable").GetBoolean() ? "on disk" : "in memory only";
    }

    private static string Position(JsonElement channel) => Number(channel, "seq") is > 0 and var seq
        ? $", at number {seq} {Terminal.Dim($"of epoch {Text(channel, "epoch")}")}"
        : "";

    /// <summary>Who wonders why there is nothing to hear has a page open.</summary>
    private static string Speech(JsonElement channel)
    {
        if (Number(channel, "pages") == 0)
            return "";
        if (!channel.GetProperty("voice").GetBoolean())
            return ", no voice";
        var sound = channel.TryGetProperty("sound", out var state) ? state.GetString() : null;
        return sound switch
        {
            "on" => $", spoken {Terminal.Dim($"by page {Text(channel, "speaker")}")}",
            "blocked" => $", {Terminal.Warn("not heard")} {Terminal.Dim($"until the user clicks into page {Text(channel, "speaker")}")}",
            _ => $", {Terminal.Warn("not heard")} {Terminal.Dim("because no page has its sound on")}",
        };
    }

    private static string Slowed(JsonElement client) =>
        client.TryGetProperty("slowed", out var slowed) ? Terminal.Warn($" slowed down for {slowed.GetInt64()} messages") : "";

    private static string Count(JsonElement json, string name, string thing) =>
        Number(json, name) is var n && n == 1 ? $"1 {thing}" : $"{n} {thing}s";

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
