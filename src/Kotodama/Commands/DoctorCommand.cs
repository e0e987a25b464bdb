using System.CommandLine;
using System.Text;
using System.Text.Json;
using Kotodama.Cli.Lan;
using Kotodama.Cli.Security;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Server.Models;

namespace Kotodama.Cli.Commands;

/// <summary>
/// <c>kotodama doctor</c>: finds out why nothing is shown, with cause and cure; with <c>--security</c>, what is exposed to whom.
/// </summary>
internal static class DoctorCommand
{
    private const string NotReported =
        "Bring the page to the front: a hidden tab shows nothing. A page of your own that says no hello cannot report. "
        + "Else look for red lines in the browser's console (F12).";

    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(3);

    public static Command Build()
    {
        var message = new Option<string?>("--message")
        {
            Description = "Also check whether this JSON is a message that the hub takes",
            HelpName = "JSON",
        };
        var channel = SharedOptions.Channel();
        var security = new Option<bool>("--security")
        {
            Description = "Instead show what is exposed to whom, the worst first, and what to do about it; fails when there is a danger",
        };
        var config = SharedOptions.Config();
        config.Description = "With --security: a file of settings that the hub is started with, too (KOTODAMA_CONFIG)";
        var command = new Command("doctor", "Find out why nothing is shown: port, pages, page, message format; or what is open to whom.")
        {
            message, channel, security, config,
        };
        var hubs = HubOptions.Add(command);
        command.Validators.Add(result =>
        {
            var isSecurity = result.GetValue(security);
            foreach (var option in isSecurity ? command.Options.Where(o => o.Name is "--message" or "--channel" or "--url") : [config])
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError(isSecurity
                        ? $"{option.Name} has no use with --security, which looks at this machine's data folder and settings"
                        : $"{option.Name} has no use without --security");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Console.OutputEncoding = Encoding.UTF8;
            if (parsed.GetValue(security))
            {
                var (file, named, usual) = (parsed.GetValue(config), hubs.NamedFolder(parsed), SharedOptions.DataFolder(null));
                var check = new SecurityCheck(file, named, usual, TimeProvider.System);
                return SecurityReport.Print(await check.RunAsync(cancellationToken));
            }

            using var hub = new HubApi(hubs.Find(parsed), hubs.Token(parsed));
            var checkup = new Checkup();
            await ExamineAsync(checkup, hub, parsed.GetValue(channel)!, parsed.GetValue(message), cancellationToken);
            Models(checkup, new ModelFolder(hubs.Folder(parsed)));
            await PhonesAsync(checkup, hubs.Folder(parsed), cancellationToken);
            Terminal.Line();
            var need = checkup.Failed == 1 ? "thing needs" : "things need";
            Terminal.Line(checkup.Failed == 0
                ? Terminal.Good("All is well.")
                : Terminal.Bad($"{checkup.Failed} {need} a hand, see above."));
            return checkup.Failed == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task ExamineAsync(
        Checkup checkup,
        HubApi hub,
        string channel,
        string? message,
        CancellationToken cancellationToken)
    {
        Terminal.Line(Terminal.Bold("1. Connection"));
        if (await HubAsync(checkup, hub, cancellationToken) is { } status)
        {
            await SocketAsync(checkup, hub, cancellationToken);
            Terminal.Line(Terminal.Bold("2. Sending"));
            var pages = Pages(checkup, status, hub.Address, channel);
            Terminal.Line(Terminal.Bold("3. Showing"));
            if (pages)
                await ShowAsync(checkup, hub, channel, cancellationToken);
            else
                Checkup.Note("Not tried, because there is no page to show anything.", "Run this again with a page open.");

            Terminal.Line(Terminal.Bold("4. Message format"));
            Refusals(status);
        }
        else
        {
            Terminal.Line(Terminal.Bold("2. Sending, 3. Showing"));
            Checkup.Note("Not tried, because there is no hub.", "Run this again with a hub running.");
            Terminal.Line(Terminal.Bold("4. Message format"));
        }

        Format(checkup, message);
    }

    private static async Task<JsonElement?> HubAsync(Checkup checkup, HubApi hub, CancellationToken cancellationToken)
    {
        try
        {
            var status = await hub.StatusAsync(cancellationToken);
            var version = status.GetProperty("version").GetString();
            var process = status.GetProperty("processId").GetInt32();
            Checkup.Good($"A hub answers at {hub.Address} (version {version}, pid {process}).");
            return status;
        }
        catch (KotodamaException e)
        {
            var port = hub.Address.Port;
            if (hub.Address.IsLoopback && !PortOwner.IsFree([System.Net.IPAddress.Loopback], port))
            {
                var owner = await PortOwner.DescribeAsync(port, cancellationToken);
                checkup.Bad(
                    $"Port {port} is taken by {owner}, which is not a hub.", "Stop it, or run Kotodama elsewhere: kotodama --port 9000");
            }
            else
            {
                checkup.Bad($"No hub answers at {hub.Address}.", Terminal.Sentences(e.Hint));
            }

            return null;
        }
    }

    private static async Task SocketAsync(Checkup checkup, HubApi hub, CancellationToken cancellationToken)
    {
        try
        {
            var options = new KotodamaClientOptions { Name = "kotodama-doctor", Token = hub.Token };
            await using var client = await KotodamaClient.ConnectAsync(new Uri(hub.Address, "ws"), options, cancellationToken);
            Checkup.Good("Its WebSocket lets programs in.");
        }
        catch (KotodamaException e)
        {
            checkup.Bad($"Its WebSocket does not: {e.Message}", "A proxy that does not pass WebSockets is the usual cause.");
        }
    }

    private static bool Pages(Checkup checkup, JsonElement status, Uri address, string channel)
    {
        var pages = status.GetProperty("channels").EnumerateArray()
            .Where(c => c.GetProperty("name").ValueEquals(channel)).Sum(c => c.GetProperty("pages").GetInt32());
        if (pages > 0)
        {
            Checkup.Good($"{(pages == 1 ? "1 page is" : $"{pages} pages are")} connected on channel {channel}.");
            return true;
        }

        var others = status.GetProperty("channels").EnumerateArray()
            .Where(c => c.GetProperty("pages").GetInt32() > 0).Select(c => c.GetProperty("name").GetString()).ToArray();
        var query = channel == ChannelName.Default ? "" : $"?channel={channel}";
        var cure = others.Length > 0
            ? $"There are pages on {string.Join(", ", others)}: send to that channel."
            : $"Open {address}{query} in a browser and leave it open.";
        checkup.Bad($"No page is connected on channel {channel}.", cure);
        return false;
    }

    private static async Task ShowAsync(Checkup checkup, HubApi hub, string channel, CancellationToken cancellationToken)
    {
        try
        {
            var status = new StatusMessage { Content = "kotodama doctor ✓", Channel = channel };
            var answer = await hub.PublishAsync(status, PageLimit, cancellationToken);
            if (answer.GetProperty("displayed").GetBoolean())
                Checkup.Good("A page has put a test status on the screen and said so.");
            else
                checkup.Bad($"No page reported a test status as shown within {PageLimit.TotalSeconds:0} s.", NotReported);
        }
        catch (KotodamaException e)
        {
            checkup.Bad($"The hub refused a test status: {e.Message}", "Is the channel name right?");
        }
    }

    private static void Refusals(JsonElement status)
    {
        var refusals = status.GetProperty("recentRefusals").EnumerateArray().ToArray();
        if (refusals.Length == 0)
        {
            Checkup.Good("The hub has refused nothing since it started.");
            return;
        }

        var last = refusals[^1];
        var count = status.GetProperty("refused").GetInt64();
        var at = last.GetProperty("at").GetDateTimeOffset().ToLocalTime();
        var reason = Terminal.Plain(last.GetProperty("message").GetString()!);
        Checkup.Note(
            $"The hub has refused {count} messages or connections since it started. The last, at {at:HH:mm:ss}: {reason}.",
            Terminal.Plain(last.GetProperty("hint").GetString()!));
    }

    private static void Format(Checkup checkup, string? message)
    {
        if (message is null)
        {
            Checkup.Note(
                "A message looks like this: {\"type\":\"llm_response\",\"content\":\"Hello\",\"duration\":8000}",
                "kotodama doctor --message '…' checks one of yours.");
            return;
        }

        var (read, error) = MessageCodec.Read(Encoding.UTF8.GetBytes(message));
        if (error is not null)
            checkup.Bad($"The message is refused ({error.Code}): {error.Message}.", error.Hint);
        else if (read is Publication)
            Checkup.Good($"The message is a good {read.Type}.");
        else
            checkup.Bad($"{read!.Type} is not a message of a backend.", "See docs/protocol.md, section 4.");
    }

    /// <summary>Most hubs have no models, and then there is nothing to say.</summary>
    private static void Models(Checkup checkup, ModelFolder folder)
    {
        var models = folder.List();
        if (models.Count == 0)
            return;
        Terminal.Line(Terminal.Bold("5. Live2D models"));
        foreach (var model in models.Where(m => !m.IsGood))
        {
            var first = model.Findings.First(f => f.Severity == FindingSeverity.Error).Text["en"];
            checkup.Bad(Terminal.Plain($"{model.Name}: {first}"), "kotodama models check says all that is wrong.");
        }

        if (models.All(m => m.IsGood))
            Checkup.Good(models.Count == 1 ? "The model can be shown." : $"All {models.Count} models can be shown.");
        if (folder.Cores.Core is null && models.Any(m => m.Manifest?.Kind == ModelManifest.Cubism))
            checkup.Bad("Live2D's Core is missing, so no model can be drawn.", "kotodama models core says how to bring it.");
    }

    /// <summary>Most hubs serve this machine alone, and then there is nothing to say.</summary>
    private static async Task PhonesAsync(Checkup checkup, string folder, CancellationToken cancellationToken)
    {
        if (HubAddress.Read(folder, out _)?.Lan is not { } address || !Uri.TryCreate(address, UriKind.Absolute, out var page))
            return;
        Terminal.Line(Terminal.Bold("6. Phones"));
        var check = await LanCheck.RunAsync(page, TimeProvider.System, cancellationToken);
        if (check.IsGood)
            Checkup.Good(check.Text, check.More);
        else
            checkup.Bad(check.Text, check.More);
    }

    private sealed class Checkup
    {
        public int Failed { get; private set; }

        public static void Good(string text, string? more = null)
        {
            Terminal.Line($"  {Terminal.Good("ok")}    {text}");
            if (more is not null)
                Terminal.Line($"        {Terminal.Dim(more)}");
        }

        public static void Note(string text, string more)
        {
            Terminal.Line($"  {Terminal.Warn("note")}  {text}");
            Terminal.Line($"        {Terminal.Dim(more)}");
        }

        public void Bad(string cause, string cure)
        {
            Failed++;
            Terminal.Line($"  {Terminal.Bad("FAIL")}  {cause}");
            Terminal.Line($"        {cure}");
        }
    }
}
