using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Engines.Processes;
using Kotodama.Voice.Faults;

namespace Kotodama.Cli;

/// <summary>What is asked in the demo, and the sound of it.</summary>
internal static class DemoScript
{
    private const string Flite = "flite", Espeak = "espeak-ng";

    private static readonly TimeSpan SpeakWithin = TimeSpan.FromSeconds(10);

    /// <summary>The questions, in words that the recognizer knows, and what is a right answer.</summary>
    public static IReadOnlyList<(string Question, Regex Answer)> Turns { get; } =
    [
        ("good morning", Right("demo")),
        ("what is your name", Right("demo companion of Kotodama")),
        ("what time is it", Right(@"\d\d:\d\d")),
        ("count to five", Right("1, 2, 3, 4, 5")),
        ("tell me a story please", Right("Once there was a word")),
        ("thank you", Right("welcome|pleasure")),
        ("good night", Right("Goodbye|See you soon")),
    ];

    /// <summary>Writes a grammar of the questions, with which the recognizer is far surer.</summary>
    public static async Task<string> WriteGrammarAsync(string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "demo.jsgf");
        var questions = string.Join(" | ", Turns.Select(t => t.Question));
        var grammar = $"#JSGF V1.0;\ngrammar demo;\npublic <question> = {questions};\n";
        await File.WriteAllTextAsync(file, grammar, cancellationToken);
        return file;
    }

    /// <summary>The program that says the questions; null: none is installed.</summary>
    public static async Task<string?> FindSpeakerAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var program in new[] { Flite, Espeak })
            if (await RecordAsync(program, "yes", folder, cancellationToken) is { Length: > 0 })
                return program;
        return null;
    }

    /// <summary>Lets a program say a text.</summary>
    /// <returns>Samples as of a microphone; null: it cannot.</returns>
    public static async Task<short[]?> RecordAsync(string program, string text, string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "question.wav");
        string[] arguments = program == Flite ? ["-voice", "slt", "-t", text, "-o", file] : ["-v", "en-us", "-s", "150", "-w", file, text];
        if (ProgramPath.Find(program) is not { } installed)
            return null;
        var start = new ProcessStartInfo(installed, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                await process.WaitForExitAsync(cancellationToken).WaitAsync(SpeakWithin, TimeProvider.System, cancellationToken);
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }

            var wav = new WavReader();
            byte[] samples = [.. wav.Read(await File.ReadAllBytesAsync(file, cancellationToken)), .. wav.End()];
            return Resampler.Convert(MemoryMarshal.Cast<byte, short>(samples), wav.Rate, RecordedSound.Rate);
        }
        catch (Exception e) when (e is Win32Exception or IOException or EngineException or TimeoutException)
        {
            return null;
        }
    }

    private static Regex Right(string pattern) => new(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
