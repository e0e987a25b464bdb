using System.Globalization;
using System.Text.RegularExpressions;

namespace Kotodama.Tests.Rules;

/// <summary>
/// docs/reference/limits.md says what the code does: each of its rows names a constant or an option, and both have the same value.
/// </summary>
public sealed partial class LimitTests
{
    private static readonly string Document = Repository.PathOf("docs", "reference", "limits.md");

    public static TheoryData<string, string> Rows()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in Table())
            data.Add(row[1], row[2]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_limit_is_what_its_constant_says(string limit, string constant)
    {
        var name = Constant().Match(constant);
        Assert.True(name.Success, $"The row of the limit \"{limit}\" names no constant: its third cell is \"{constant}\".");
        var found = Constants.ValueOf(name.Groups["name"].Value) * Scale(name.Groups["scale"].Value);
        var documented = ValueOf(limit);
        var inCode = found.ToString(CultureInfo.InvariantCulture);
        Assert.True(documented.Equals(found), $"docs/reference/limits.md says {limit} for {constant}, which is {inCode} in the code.");
    }

    [Fact]
    public void Every_row_has_four_cells_and_a_constant_of_its_own()
    {
        var rows = Table();
        Assert.True(rows.Length > 100, $"Only {rows.Length} limits were found.");
        Assert.DoesNotContain(rows, row => row.Length != 4 || row.Any(cell => cell.Length == 0));
        Assert.Equal(rows.Length, rows.Select(row => row[2]).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>
    /// A new wait of the product gets its row: every time that is a constant, and every constant of the page that says within what.
    /// </summary>
    [Fact]
    public void Every_wait_has_a_row()
    {
        // Lengths of what is shown or heard, which nothing waits for, what settings may be, the pace of the demo, the patience of
        // the suites for engines, and the other side of a wait that has a row.
        string[] others =
        [
            "CommandMessages.MirrorTime", "EdgeSynthesizer.Tail", "Mouth.RecognizedWithin", "SpokenPart.Least", "Utterance.DefaultTtl",
            "EngineDefinition.LongestTime", "DemoCompanion.First", "DemoCompanion.PerCharacter", "DemoCompanion.Longest",
            "RecognizerRig.Longest", "RecognizerSuite.Longest", "SpeechSynthesizerSuite.Longest",
            "conversation.ts echoWithin", "conversation.ts sameWithin", "bubble.ts followWithin",
        ];
        var rows = Table().Select(row => Constant().Match(row[2]).Groups["name"].Value).ToArray();
        var missing = Constants.Times().Concat(TypeScriptNumber.Named("Within"))
            .Where(name => !others.Contains(name) && !rows.Any(row => IsSame(row, name)));
        Assert.Empty(missing);

        // A row may name more of a namespace or a path, where the end alone is not unique.
        static bool IsSame(string row, string name) =>
            row == name || row.EndsWith('.' + name, StringComparison.Ordinal) || row.EndsWith('/' + name, StringComparison.Ordinal);
    }

    /// <summary>
    /// Hub, page and voice wait for the next piece of a reply twice as long as a companion is ever silent, and the voice, which is told of
    /// an end by the hub, longer than the hub.
    /// </summary>
    [Fact]
    public void A_companion_that_is_alive_loses_no_reply()
    {
        var companion = Constants.ValueOf("ReplyWriter.KeepAliveAfter");
        var (hub, page) = (Constants.ValueOf("ReplyStreams.Silence"), Constants.ValueOf("replies.ts streamSilence"));
        Assert.InRange(2 * companion, 0, hub - Constants.ValueOf("Hub.TickInterval"));
        Assert.InRange(2 * companion, 0, page);
        Assert.InRange(hub, 0, Constants.ValueOf("Speaking.Utterance.PieceWithin"));
        foreach (var silence in new[] { "ToolLoop.Patience", "LlmOptions.FirstToken", "LlmOptions.Stall" })
            Assert.InRange(Constants.ValueOf(silence), 0, Constants.ValueOf("Mouth.AnswerWithin"));
    }

    [Theory]
    [InlineData("8 192", 8192)]
    [InlineData("16\u2009384", 16_384)]
    [InlineData("64 KiB", 65_536)]
    [InlineData("10 MiB", 10_485_760)]
    [InlineData("250 ms", 250)]
    [InlineData("2.5 s", 2_500)]
    [InlineData("10 min", 600_000)]
    [InlineData("1 day", 86_400_000)]
    public void Limits_are_read_with_their_units(string limit, double value) => Assert.Equal(value, ValueOf(limit));

    [Theory]
    [InlineData("16 * 2 ** 20", 16_777_216)]
    [InlineData("60 * (16_000 / 512)", 1_875)]
    [InlineData("2 + 3 * 4 - 1", 13)]
    [InlineData("-2 ** 2 + 8 / 4", -2)]
    [InlineData("10 - 4 - 3", 3)]
    public void Constants_of_the_page_are_computed(string expression, double value) =>
        Assert.Equal(value, TypeScriptNumber.Evaluate(expression, _ => null));

    /// <summary>The rows of all tables, without their heads.</summary>
    private static string[][] Table()
    {
        var lines = File.ReadAllLines(Document);
        return lines.Where((line, i) => line.StartsWith('|') && !IsRule(line) && !(i + 1 < lines.Length && IsRule(lines[i + 1])))
            .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToArray();
    }

    private static bool IsRule(string line) => line.StartsWith("|---", StringComparison.Ordinal);

    /// <summary>A limit as a plain number: milliseconds, bytes or a count.</summary>
    private static double ValueOf(string limit)
    {
        var match = Limit().Match(limit);
        Assert.True(match.Success, $"\"{limit}\" is not a number with a unit that the test knows.");
        var digits = string.Concat(match.Groups["number"].Value.Where(c => !char.IsWhiteSpace(c)));
        return double.Parse(digits, CultureInfo.InvariantCulture) * Scale(match.Groups["unit"].Value);
    }

    private static double Scale(string unit) => unit switch
    {
        "" or "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "day" => 86_400_000,
        "KiB" => 1024,
        "MiB" => 1024 * 1024,

        // The microphone's sound: 16 000 samples of two bytes a second, in blocks of 512 samples.
        "bytes of sound" => 1_000 / 32_000.0,
        "blocks" => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Not a unit of the limits."),
    };

    [GeneratedRegex(
        @"^(?<number>\d[\d\s]*(\.\d+)?)( (?<unit>ms|s|min|day|KiB|MiB))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Limit();

    [GeneratedRegex(
        "^`(?<name>[^`]+)`( in (?<scale>s|bytes of sound|blocks))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constant();
}
