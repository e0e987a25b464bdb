using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama say</c>: makes the character say a text, or each line of standard input.</summary>
internal static class SayCommand
{
    /// <summary>The longest that the hub waits for a page, in milliseconds.</summary>
    private const int LongestWait = 60_000;

    public static Command Build()
    {
        var text = SharedOptions.Text("What to say. Without it each line of standard input is said");
        var emotion = new Option<string?>("--emotion")
        {
            Description = "Emotion to show, e.g. joy, sad, angry, surprised, shy",
            HelpName = "NAME",
        };
        var motion = new Option<string?>("--motion") { Description = "Motion to play, e.g. wave, nod, shake", HelpName = "NAME" };
        var duration = new Option<double>("--duration")
        {
            Description = "Least time the bubble stays, in milliseconds",
            HelpName = "MS",
            DefaultValueFactory = _ => LlmResponseMessage.DefaultDuration,
            CustomParser = result =>
            {
                var written = result.Tokens[0].Value;
                if (double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                    return number;
                result.AddError($"--duration must be a number, for example 8000, got {written}");
                return 0;
            },
        };
        var voice = new Option<string?>("--voice")
        {
            Description = "Voice to speak with, e.g. espeak:en-us+f3 (see kotodama voices)",
            HelpName = "NAME",
        };
        var lang = new Option<string?>("--lang")
        {
            Description = "Language of the text, e.g. zh, en, ja [default: told by its script]",
            HelpName = "TAG",
        };
        var interrupt = new Option<bool>("--interrupt") { Description = "Cut in on what is being said" };
        var silent = new Option<bool>("--silent") { Description = "Show it only; do not speak it" };
        var audio = new Option<FileInfo?>("--audio")
        {
            Description = "Sound file to play as this text: WAV, MP3, Ogg, FLAC. Waits until it has been heard",
            HelpName = "FILE",
        };
        var wait = new Option<bool>("--wait") { Description = "Wait until a page has shown it" };
        var timeout = SharedOptions.Number(
            "--timeout",
            "How long --wait waits, in milliseconds, 100 to 60000 [default: 5000], or --audio, to 600000 [default: 600000]",
            "MS",
            100,
            600_000,
            null);
        var channel = SharedOptions.Channel();
        var command = new Command("say", "Make the character say something.")
        {
            text, emotion, motion, duration, voice, lang, interrupt, silent, audio, wait, timeout, channel,
        };
        var hubs = HubOptions.Add(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(timeout) is not { Implicit: false, Tokens: [{ Value: var written }] } || IsGiven(result.GetResult(audio)))
                return;
            if (!IsGiven(result.GetResult(wait)))
                result.AddError("--timeout says how long --wait waits, and there is no --wait");
            else if (int.TryParse(written, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > LongestWait)
                result.AddError($"--timeout must be 100 to {LongestWait} without --audio, got {written}");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var hub = new HubApi(await hubs.FindAsync(parsed, cancellationToken), hubs.Token(parsed));
            TimeSpan? limit = parsed.GetValue(wait) ? TimeSpan.FromMilliseconds(parsed.GetValue(timeout) ?? 5_000) : null;
            var reply = new LlmResponseMessage
            {
                Content = "",
                Duration = parsed.GetValue(duration),
                Emotion = parsed.GetValue(emotion),
                Motion = parsed.GetValue(motion),
                Channel = parsed.GetValue(channel),
                Voice = parsed.GetValue(voice),
                Lang = parsed.GetValue(lang),
                StatedMode = parsed.GetValue(interrupt) ? ReplyMode.Interrupt : null,
                Speak = !parsed.GetValue(silent),
            };
            try
            {
                if (parsed.GetValue(audio) is { } file)
                {
                    var patience = TimeSpan.FromMilliseconds(parsed.GetValue(timeout) ?? 600_000);
                    return await PlayAsync(hub, reply with { Content = parsed.GetValue(text) ?? "♪" }, file, patience, cancellationToken);
                }

                return parsed.GetValue(text) is { } single
                    ? await SayAsync(hub, reply with { Content = single }, limit, cancellationToken)
                    : await SayLinesAsync(hub, reply, limit, cancellationToken);
            }
            catch (KotodamaException e)
            {
                Terminal.Error(Terminal.Bad(e.Message));
                return e.Code == KotodamaException.NotConnected ? ExitCode.NoHub : ExitCode.Failed;
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static bool IsGiven(OptionResult? option) => option is { Implicit: false };

    private static async Task<int> SayLinesAsync(HubApi hub, LlmResponseMessage reply, TimeSpan? wait, CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected)
            Terminal.Error(Terminal.Dim("Each line is said. Ctrl+D (Windows: Ctrl+Z) ends."));
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var worst = ExitCode.Done;

        // A read of the console cannot be cancelled: Ctrl+C leaves it behind, and it ends with the process.
        while (await input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken) is { } line)
            if (!string.IsNullOrWhiteSpace(line))
                worst = Math.Max(worst, await SayAsync(hub, reply with { Content = line }, wait, cancellationToken));
        return worst;
    }

    private static async Task<int> PlayAsync(
        HubApi hub,
        LlmResponseMessage reply,
        FileInfo file,
        TimeSpan wait,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var sound = file.OpenRead();
            var answer = await hub.SpeakAsync(reply, sound, wait, cancellationToken);

            // Where no page is, it waits for one, as every text does.
            return Tell(answer, answer.GetProperty("pages").GetInt32() == 0 ? null : wait, "Heard");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Error(Terminal.Bad(Terminal.Sentences($"--audio {file} cannot be read: {e.Message}")));
            return ExitCode.Usage;
        }
    }

    private static async Task<int> SayAsync(HubApi hub, LlmResponseMessage reply, TimeSpan? wait, CancellationToken cancellationToken) =>
        Tell(await hub.PublishAsync(reply, wait, cancellationToken), wait);

    private static int Tell(JsonElement answer, TimeSpan? wait, string done = "Shown")
    {
        var pages = answer.GetProperty("pages").GetInt32();
        var count = pages == 1 ? "1 page" : $"{pages} pages";
        if (answer.TryGetProperty("hint", out var hint) && hint.ValueKind == JsonValueKind.String)
        {
            Terminal.Error(Terminal.Warn($"Sent to {count}. {hint.GetString()}"));
            return wait is null ? ExitCode.Done : ExitCode.Failed;
        }

        Terminal.Line(wait is null ? $"Sent to {count}." : Terminal.Good($"{done} on a page ({count} got it)."));
        return ExitCode.Done;
    }
}
