using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Kotodama.Companion;
using Kotodama.Companion.Hearing;
using Kotodama.Hosting;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Faults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama listen</c>: what an engine understands of a recording, and how long it takes for it.</summary>
internal static class ListenCommand
{
    private const int Piece = 64 * 1024;

    // Of a minute at the highest rate that is read, in bytes of 16 bits.
    private const int MostBytes = 60 * 48_000 * 2;

    public static Command Build()
    {
        var file = new Argument<FileInfo>("file") { Description = "WAV file, of which the first minute is heard" };
        var (asr, config) = (SharedOptions.Asr(), SharedOptions.Config());
        var lang = new Option<string?>("--lang")
        {
            Description = "Language of the speech, e.g. zh, en, ja; auto: the engine finds out "
                + "[default: the setting Kotodama:Hearing:Language, else auto]",
            HelpName = "TAG",
        };
        var phrase = new Option<string[]>("--phrase")
        {
            Description = "Words that are likely, such as a name; may be repeated",
            HelpName = "WORDS",
        };
        var command = new Command("listen", "Try how well speech is recognized here: print what is said in a recording.")
        {
            file, asr, lang, phrase, config,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var request = new RecognitionRequest(Phrases: parsed.GetValue(phrase));
            var spoken = parsed.GetValue(lang) is { } tag ? [Language(tag)] : Array.Empty<KeyValuePair<string, string?>>();
            var settings = SharedOptions.Settings(ShortSettings.Asr(parsed.GetValue(asr)).Concat(spoken), parsed.GetValue(config));
            return ListenAsync(parsed.GetValue(file)!, settings.Configuration, request, cancellationToken);
        });
        return command;
    }

    private static KeyValuePair<string, string?> Language(string tag) =>
        new($"{HearingOptions.Section}:{nameof(HearingOptions.Language)}", tag);

    private static async Task<int> ListenAsync(
        FileInfo file,
        IConfiguration configuration,
        RecognitionRequest request,
        CancellationToken cancellationToken)
    {
        Console.OutputEncoding = Encoding.UTF8;
        HearingOptions options;
        try
        {
            options = KotodamaSettings.ReadCompanion(configuration).Hearing;
        }
        catch (OptionsValidationException e)
        {
            return SettingNames.Refuse(e, configuration);
        }

        var (sound, unreadable) = await ReadAsync(file, cancellationToken);
        if (sound is null)
        {
            Terminal.Error(Terminal.Bad(unreadable!));
            return ExitCode.Usage;
        }

        var engines = RecognizerEngines.BuiltIn;
        var named = options.Engines.Select(engine => engines.Missing(options, engine)).FirstOrDefault(missing => missing is not null);
        await using var chain = engines.Create(options, Environment.GetEnvironmentVariable, TimeProvider.System, NullLogger.Instance);
        if (chain is null)
        {
            Terminal.Error(Terminal.Bad(named ?? engines.Problem(options)!));
            return ExitCode.Failed;
        }

        return await HearAsync(chain, sound, request, cancellationToken);
    }

    private static async Task<int> HearAsync(
        RecognizerChain chain,
        short[] sound,
        RecognitionRequest request,
        CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        try
        {
            await using var recognition = await chain.StartAsync(request, cancellationToken);
            await recognition.WriteAsync(MemoryMarshal.AsBytes<short>(sound).ToArray(), cancellationToken);
            await recognition.EndAsync(cancellationToken);
            await foreach (var result in recognition.ReadAsync(cancellationToken))
            {
                if (!result.IsFinal)
                    continue;
                foreach (var state in chain.States.Where(s => s.Reason is not null))
                    Terminal.Error(Terminal.Warn($"{state.Engine}: {state.Reason}"));
                Terminal.Line(Terminal.Plain(result.Text));
                string?[] notes =
                [
                    result.Text.Length == 0 ? "nothing was said" : null,
                    $"{(double)sound.Length / RecordedSound.Rate:0.0} s of sound",
                    $"{time.GetElapsedTime(start).TotalSeconds:0.00} s of work",
                    result.Language,
                    result.Emotion,
                ];
                Terminal.Error(Terminal.Dim(string.Join(", ", notes.Where(n => n is not null))));
            }

            return ExitCode.Done;
        }
        catch (RecognitionException e)
        {
            Terminal.Error(Terminal.Bad(e.Message));
            if (e.Detail is { Length: > 0 } detail)
                Terminal.Error(Terminal.Plain(detail));
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Failed;
        }
    }

    private static async Task<(short[]? Sound, string? Problem)> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file.OpenRead();
            var wav = new WavReader();
            using var samples = new MemoryStream();
            var buffer = new byte[Piece];
            while (samples.Length < MostBytes && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                samples.Write(wav.Read(buffer.AsSpan(0, read)));
            samples.Write(wav.End());
            var heard = samples.GetBuffer().AsSpan(0, (int)samples.Length);
            return (Resampler.Convert(MemoryMarshal.Cast<byte, short>(heard), wav.Rate, RecordedSound.Rate), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EngineException)
        {
            return (null, $"{file.FullName} cannot be read: {e.Message}");
        }
    }
}
