using System.Buffers;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Kotodama.Tests.Support;

/// <summary>
/// Reads every line that the hubs of a test run log, and that the programs which it starts print, and keeps those that hold a secret. Tests
/// plant secrets that begin with one of its marks wherever a user would have one: no test needs to look for them in the logs itself.
/// </summary>
internal sealed partial class SecretWatch
{
    /// <summary>A key for a server, or a password. It stands in no line at all.</summary>
    public const string Key = "sk-sesame", PlantedKey = "planted-key-";

    /// <summary>What users and publishers say. It stands in no line above the level Trace.</summary>
    public const string Words = "zqSecret", Sentence = "the secret sentence", PlantedWords = "planted-words-";

    private static readonly SearchValues<string> Marks = SearchValues.Create([Key, PlantedKey, Words, Sentence, PlantedWords, "kt_"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Keys = SearchValues.Create([Key, PlantedKey], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Said = SearchValues.Create([Words, Sentence, PlantedWords], StringComparison.OrdinalIgnoreCase);

    private readonly ConcurrentQueue<string> _found = new();
    private long _lines;

    /// <summary>The one for all hubs and programs of this run; at its end <see cref="SecretFixture"/> asks what it found.</summary>
    public static SecretWatch OfThisRun { get; } = new();

    /// <summary>The lines with a secret.</summary>
    public IReadOnlyCollection<string> Found => _found;

    /// <summary>How many lines were looked at.</summary>
    public long Lines => Volatile.Read(ref _lines);

    /// <summary>Looks at a line of a log or of what a program prints.</summary>
    /// <param name="source">Where it stands.</param>
    /// <param name="line">The line.</param>
    /// <param name="mayHaveWords">Whether it may repeat what was said: at the level Trace only.</param>
    /// <param name="mayHaveTokens">Whether it may show a token: only where a user asks for one.</param>
    public void See(string source, ReadOnlySpan<char> line, bool mayHaveWords = false, bool mayHaveTokens = false)
    {
        Interlocked.Increment(ref _lines);
        if (!line.ContainsAny(Marks))
            return;
        var isKey = line.ContainsAny(Keys);
        var isWord = !mayHaveWords && line.ContainsAny(Said);
        var isToken = !mayHaveTokens && Token().IsMatch(line);
        if (isKey || isWord || isToken)
            _found.Enqueue($"{source} shows {(isKey ? "a key" : isWord ? "what was said" : "a token")}: {line}");
    }

    /// <summary>A whole token: its id alone is shown where tokens are listed.</summary>
    [GeneratedRegex("kt_[a-z0-9]{8}_[0-9A-Za-z_-]{20,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
