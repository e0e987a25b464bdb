using System.CommandLine;
using System.Text;
using Kotodama.Client;
using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Memory;
using Kotodama.Hosting;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Voice;
using Kotodama.Voice.Speaking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama voice</c>: a voice and a companion for a hub that runs in another process, or elsewhere.</summary>
internal static class VoiceCommand
{
    private const string Tunnel = "ssh -N -L 8765:localhost:8765 HOST, and then kotodama voice --url ws://localhost:8765";

    public static Command Build()
    {
        var (llm, model) = (SharedOptions.Llm(), SharedOptions.Model());
        var (character, characters) = (SharedOptions.Character(), SharedOptions.Characters());
        var (asr, voice, channels) = (SharedOptions.Asr(), SharedOptions.Voice(), SharedOptions.Channels());
        var config = SharedOptions.Config();
        var command = new Command(
            "voice", "Speak and answer for a running hub, also from another machine: a voice and a companion in place of the hub's own.")
        {
            llm, model, asr, voice, character, characters, channels, config,
        };
        var hub = HubOptions.Add(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var given = ShortSettings.Voice(parsed.GetValue(voice)).Concat(ShortSettings.Asr(parsed.GetValue(asr)))
                .Concat(ShortSettings.Talk(parsed.GetValue(llm), parsed.GetValue(model), parsed.GetValue(character)));
            var folder = hub.Folder(parsed);
            var configuration = SharedOptions.Settings(given, parsed.GetValue(config), folder).Configuration;
            return RunAsync(
                () => new Uri(hub.Find(parsed), "ws"), hub.Token(parsed), () => hub.FindAsync(parsed, cancellationToken), configuration,
                folder,
                SharedOptions.CharactersFolder(parsed.GetValue(characters), folder), parsed.GetValue(channels) ?? [], cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Func<Uri> find,
        string? token,
        Func<Task> answers,
        IConfiguration configuration,
        string data,
        string characters,
        string[] channels,
        CancellationToken cancellationToken)
    {
        Console.OutputEncoding = Encoding.UTF8;
        try
        {
            var voice = KotodamaSettings.ReadVoice(configuration);
            var talk = KotodamaSettings.ReadCompanion(configuration);
            (talk.DataFolder, talk.CharactersFolder) = (data, characters);
            if (!voice.Enabled && talk.Llm.IsOff)
            {
                Terminal.Error("There is nothing to do with both --voice off and --llm off.");
                return ExitCode.Usage;
            }

            return KotodamaSettings.MissingCharacter(talk).ToArray() is { Length: > 0 } missing
                ? Terminal.Refuse(missing)
                : await RunAsync(find(), token, answers, voice, talk, channels, cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            return SettingNames.Refuse(e, configuration);
        }
    }

    private static async Task<int> RunAsync(
        Uri hub,
        string? token,
        Func<Task> answers,
        VoiceOptions voice,
        CompanionOptions talk,
        string[] channels,
        CancellationToken cancellationToken)
    {
        Task<KotodamaClient> JoinAsync(PeerRole role) => ConnectAsync(hub, token, role, channels, cancellationToken);
        using var loggers = LoggerFactory.Create(logging => logging
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
            .SetMinimumLevel(LogLevel.Warning));
        try
        {
            await answers();
            await using var speaker = voice.Enabled ? await JoinAsync(PeerRole.Voice) : null;
            await using var companion = talk.Llm.IsOff ? null : await JoinAsync(PeerRole.Companion);
            var logger = loggers.CreateLogger<Speaker>();
            await using var speech = SpeechEngines.BuiltIn.Create(voice, logger);
            await using var host = talk.Llm.IsOff
                ? null
                : new CompanionHost(
                    talk,
                    RecognizerEngines.BuiltIn,
                    new SpeakingEngines(voice, speech),
                    TimeProvider.System,
                    loggers.CreateLogger<CompanionPeer>());
            var address = new UriBuilder(hub) { Scheme = hub.Scheme == "https" ? "wss" : "ws" }.Uri;
            Terminal.Line($"At the hub {Terminal.Accent(address.ToString())}, on {string.Join(", ", channels)}. Ctrl+C ends.");
            if (voice.Enabled)
                Terminal.Line($"  Speaks   {Terminal.Dim(string.Join(", then ", SpeechEngines.BuiltIn.Ready(voice)))}");

            // One of them ends alone when the hub wants it to stay away.
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var saying = speaker is null ? null : new Speaker(speaker, speech, voice.Speed, TimeProvider.System, logger);
            Task[] running =
            [
                .. saying is null ? [] : new[] { saying.RunAsync(ending.Token) },
                .. companion is null ? [] : new[] { host!.RunAsync(companion, ending.Token) },
            ];
            var introducing = host is null ? Task.CompletedTask : ServeCommand.IntroduceAsync(host, talk.Llm, ending.Token);
            await Task.WhenAny(running);
            await ending.CancelAsync();
            await Task.WhenAll(running.Append(introducing));
            Terminal.Line("Stopped.");
            return cancellationToken.IsCancellationRequested ? ExitCode.Done : ExitCode.Failed;
        }
        catch (KotodamaException e)
        {
            var isRefused = e.Message.Contains("'403'", StringComparison.Ordinal);
            var isElsewhere = e.Code == KotodamaException.NotConnected && !hub.IsLoopback;
            Terminal.Error(Terminal.Bad(isRefused || isElsewhere ? WithoutHint(e) : e.Message));
            if (isRefused)
                Terminal.Error($"The hub lets in programs on its own machine only. From another one use a tunnel: {Tunnel}");
            else if (isElsewhere)
                Terminal.Error($"Is it running there, and does it let this machine in? A tunnel does: {Tunnel}");
            return e.Code == KotodamaException.NotConnected ? ExitCode.NoHub : ExitCode.Failed;
        }
        catch (ConversationException e)
        {
            Terminal.Error(Terminal.Sentences($"Cannot start: {e.Message}", e.Hint, "--llm off starts without conversations"));
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
    }

    private static string WithoutHint(KotodamaException e) =>
        e.Hint.Length > 0 ? e.Message.Replace($". {e.Hint}", ".", StringComparison.Ordinal) : e.Message;

    private static async Task<KotodamaClient> ConnectAsync(
        Uri hub,
        string? token,
        PeerRole role,
        string[] channels,
        CancellationToken cancellationToken)
    {
        var options = new KotodamaClientOptions
        {
            Role = role,
            Token = token,
            Channels = channels,
            IncomingCapacity = 8192,
            Name = $"kotodama-voice/{KotodamaVersion.Text}",
        };
        var client = await KotodamaClient.ConnectAsync(hub, options, cancellationToken);
        var name = role == PeerRole.Voice ? "voice" : "companion";
        client.ConnectionChanged += (_, change) =>
        {
            if (change.State == ConnectionState.Connected)
                Terminal.Error(Terminal.Good($"The {name} is connected again."));
            else if (change.State == ConnectionState.Reconnecting && change.Attempt == 0)
                Terminal.Error(Terminal.Warn($"The {name} has lost the hub and tries again until it is back: {change.Reason}"));
            else if (change.State == ConnectionState.Closed && change.Reason != "closed")
                Terminal.Error(Terminal.Bad($"The {name} ends: {change.Reason}"));
        };
        return client;
    }
}
