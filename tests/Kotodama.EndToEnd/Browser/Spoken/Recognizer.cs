using System.Diagnostics;
using System.Text;
using Kotodama.Companion.Memory;

namespace Kotodama.EndToEnd.Browser.Spoken;

/// <summary>PocketSphinx, which writes down what it hears of some phrases, in any order and as often as they are said.</summary>
internal static class Recognizer
{
    private const int Rate = 16_000;

    /// <summary>Those after the first ten are never said: it has to tell them from the others.</summary>
    public const string Grammar = """
        #JSGF V1.0;
        grammar phrases;
        public <said> = <phrase>+;
        <phrase> = hello how are you today | what time is it | turn on the light | tell me a story please | good morning | yes | no thank you
          | what is your name | open the window and close the door | one two three four five
          | good evening | turn off the light | what is your story;
        """;

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pocketsphinx_continuous")));

    /// <summary>The words that were said, in small letters and without signs.</summary>
    public static Task<string> WordsAsync(Recording sound) => WordsAsync(sound, Grammar);

    /// <summary>How many words of a text were said, from its beginning on.</summary>
    public static async Task<int> WordsAsync(Recording sound, string[] text)
    {
        var rest = text.Aggregate((Said: new StringBuilder(), Open: 0), (grammar, word) => (grammar.Said.Append(grammar.Open == 0 ? "" : " [").Append(word), grammar.Open + 1));
        var words = await WordsAsync(sound, $"#JSGF V1.0;\ngrammar text;\npublic <said> = {rest.Said}{new string(']', rest.Open - 1)};\n");
        return words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    private static async Task<string> WordsAsync(Recording sound, string content)
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-heard-");
        try
        {
            var (wav, grammar) = (Path.Combine(folder.FullName, "heard.wav"), Path.Combine(folder.FullName, "phrases.jsgf"));
            var silence = new short[Rate * 3 / 10];
            await File.WriteAllBytesAsync(wav, Sounds.Wav([.. silence, .. sound.At(Rate), .. silence], Rate), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(grammar, content, TestContext.Current.CancellationToken);
            using var process = Process.Start(new ProcessStartInfo("pocketsphinx_continuous", ["-infile", wav, "-jsgf", grammar, "-logfn", "/dev/null"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var lines = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTime("the words");
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return string.Join(' ', lines.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
