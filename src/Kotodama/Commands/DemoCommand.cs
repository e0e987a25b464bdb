using System.CommandLine;
using System.Globalization;
using System.Text;
using Kotodama.Cli.Configuration;
using Kotodama.Client;
using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.Hosting;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Voice;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli.Commands;

/// <summary>
/// <c>kotodama demo</c>: plays a conversation through everything that there is, so that it can be seen and heard without a microphone or a
/// model.
/// </summary>
internal static class DemoCommand
{
    public static Command Build()
    {
        var port = SharedOptions.Number("--port", "Port of the page; 0: any free one", "N", 0, 65_535, 0);
        var open = new Option<string>("--open")
        {
            Description = "auto opens the page in a browser where there is a desktop",
            HelpName = "auto|never",
            DefaultValueFactory = _ => "auto",
        };
        var wait = SharedOptions.Number(
            "--wait",
            "How many seconds to wait for a page before it begins without one [default: 15 on a desktop, else 2]",
            "SECONDS",
            0,
            3_600,
            null);
        var loop = new Option<bool>("--loop") { Description = "Begin again when it is over, until Ctrl+C" };
        var (asr, voice, config) = (SharedOptions.Asr(), SharedOptions.Voice(), SharedOptions.Config());
        var command = new Command(
            "demo", "Play a conversation: recorded questions are recognized, answered by the built-in demo and spoken on a page.")
        {
            port, open, wait, loop, asr, voice, config,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var asked = parsed.GetRequiredValue(port)!.Value.ToString(CultureInfo.InvariantCulture);
            var given = ShortSettings.Voice(parsed.GetValue(voice)).Concat(ShortSettings.Asr(parsed.GetValue(asr)))
                .Append(ShortSettings.Setting(nameof(ServeSettings.Port), asked))
                .Append(ShortSettings.Setting(nameof(ServeSettings.PagePort), "0"))
                .Append(ShortSettings.Setting(nameof(ServeSettings.Open), parsed.GetValue(open)));
            TimeSpan? patience = parsed.GetValue(wait) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            return DemoAsync(given, parsed.GetValue(config), patience, parsed.GetValue(loop), cancellationToken);
        });
        return command;
    }

    private static async Task<int> DemoAsync(
        IEnumerable<KeyValuePair<string, string?>> given,
        string? config,
        TimeSpan? wait,
        bool loop,
        CancellationToken cancellationToken)
    {
        Console.OutputEncoding = Encoding.UTF8;
        var folder = Directory.CreateTempSubdirectory("kotodama-demo-").FullName;
        try
        {
            // The usual data folder says which engines there are; what the demo keeps goes elsewhere.
            var inFolder = given.Append(ShortSettings.Setting(nameof(ServeSettings.Data), folder));
            var read = SharedOptions.Settings(inFolder, config, SharedOptions.DataFolder(null));
            return await DemoAsync(read, folder, wait, loop, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> DemoAsync(Settings read, string folder, TimeSpan? wait, bool loop, CancellationToken cancellationToken)
    {
        var builder = HubBuilder.Create(read);
        try
        {
            var settings = ServeSettings.Read(builder.Configuration);
            var voice = KotodamaSettings.ReadVoice(builder.Configuration);
            var hearing = KotodamaSettings.ReadCompanion(builder.Configuration).Hearing;
            if (settings.Port != 0 && !PortOwner.IsFree(settings.Addresses, settings.Port))
                return await ServeCommand.PortTakenAsync(settings, cancellationToken);
            // The questions are in English, whatever is spoken here otherwise.
            hearing.Language = "en";
            hearing.PocketSphinx.Grammar ??= await DemoScript.WriteGrammarAsync(folder, cancellationToken);
            ServeCommand.Configure(builder, settings, 0).AddVoice();
            builder.Logging.AddFilter("Kotodama", LogLevel.Warning);
            await using var app = builder.Build();
            app.MapKotodama();
            await app.StartAsync(cancellationToken);
            var code = await PlayAsync(app, settings, Talk(hearing, settings.Data), voice, wait, loop, cancellationToken);
            await app.StopAsync(CancellationToken.None);
            return code;
        }
        catch (OptionsValidationException e)
        {
            return SettingNames.Refuse(e, builder.Configuration);
        }
        catch (KotodamaException e)
        {
            Terminal.Error(Terminal.Bad(e.Message));
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Terminal.Line("Stopped.");
            return ExitCode.Done;
        }
    }

    /// <summary>A companion that answers with the built-in demo and keeps nothing beyond it.</summary>
    private static CompanionOptions Talk(HearingOptions hearing, string folder) => new()
    {
        Llm = new LlmOptions { Server = LlmOptions.Demo },
        Hearing = hearing,
        DataFolder = folder,
        CharactersFolder = Path.Combine(folder, "characters"),
    };

    private static async Task<int> PlayAsync(
        WebApplication app,
        ServeSettings settings,
        CompanionOptions talk,
        VoiceOptions voice,
        TimeSpan? wait,
        bool loop,
        CancellationToken cancellationToken)
    {
        var url = new Uri(app.Urls.First());
        var page = $"http://{settings.Host}:{url.Port}/";
        Terminal.Line(
            $"{Terminal.Bold("Kotodama demo")}: a conversation of {DemoScript.Turns.Count} questions, "
            + "without a microphone, a key or a model.");
        Terminal.Line($"  Page      {Terminal.Accent(page)}");
        var speaker = await DemoScript.FindSpeakerAsync(settings.Data, cancellationToken);
        const string NoSpeaker = "no program: neither flite nor espeak-ng is installed, so the questions are put in as text";
        Terminal.Line($"  Asks      {speaker ?? NoSpeaker}");
        var deaf = talk.Hearing.Enabled ? RecognizerEngines.BuiltIn.Problem(talk.Hearing) : "--asr is off";
        var hears = deaf is null
            ? string.Join(", then ", RecognizerEngines.BuiltIn.Order(talk.Hearing))
            : $"no engine, so the questions are put in as text. {deaf}";
        Terminal.Line($"  Hears     {hears}");
        Terminal.Line("  Answers   the built-in demo: a few rules, no language model");
        var speaks = voice.Enabled ? string.Join(", then ", SpeechEngines.BuiltIn.Ready(voice)) : "no engine (--voice off)";
        Terminal.Line($"  Speaks    {speaks}");
        await InviteAsync(app, settings, page, wait, cancellationToken);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var speaking = app.Services.GetRequiredService<SpeakingEngines>();
        var logger = app.Services.GetRequiredService<ILogger<CompanionPeer>>();
        await using var host = new CompanionHost(talk, RecognizerEngines.BuiltIn, speaking, TimeProvider.System, logger);
        await using var end = await app.Services.ConnectKotodamaCompanionAsync(cancellationToken);
        var running = host.RunAsync(end, ending.Token);
        try
        {
            var options = new KotodamaClientOptions { Role = PeerRole.Viewer, Name = $"kotodama-demo/{KotodamaVersion.Text}" };
            options.Capabilities.Add(HelloMessage.DisplayCapability);
            await using var microphone = await KotodamaClient.ConnectAsync(url, options, cancellationToken);
            var talker = new DemoTalk(microphone, settings.Data, deaf is null ? speaker : null, TimeProvider.System);
            bool well;
            do
                well = await talker.PlayAsync(cancellationToken);
            while (loop);
            return well ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            await ending.CancelAsync();
            await running;
        }
    }

    private static async Task InviteAsync(
        WebApplication app,
        ServeSettings settings,
        string page,
        TimeSpan? wait,
        CancellationToken cancellationToken)
    {
        var opens = settings.Open != "never" && Browser.IsLikely && Browser.TryOpen(page);
        var patience = wait ?? TimeSpan.FromSeconds(opens ? 15 : 2);
        var invitation = opens
            ? "Opening it in your browser. Click on it once, so that it may make sound."
            : $"Open it in a browser and click on it to see and hear it; it begins in {patience.TotalSeconds:0} s at the latest.";
        Terminal.Line(Terminal.Dim(invitation));
        try
        {
            await app.Services.WaitForKotodamaPageAsync(cancellationToken).WaitAsync(patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            Terminal.Line(Terminal.Warn("No page is open: the conversation goes on without one, unheard."));
        }
    }
}
