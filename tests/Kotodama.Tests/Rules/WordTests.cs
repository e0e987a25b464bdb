using System.Globalization;
using System.Text.RegularExpressions;

namespace Kotodama.Tests.Rules;

/// <summary>
/// Sentences name who acts: the user, a page, the hub (docs/glossary.md). words.txt lists the words that name no actor, and for each area
/// how many of them are left. That number may only fall, and is lowered with them.
/// </summary>
public sealed class WordTests
{
    private static readonly string Ledger = Repository.PathOf("tests", "Kotodama.Tests", "Rules", "words.txt");

    public static TheoryData<string> Areas() => [.. Numbers().Keys];

    [Theory]
    [MemberData(nameof(Areas))]
    public void Sentences_name_their_actors(string area)
    {
        var (most, words) = (Numbers()[area], Vague());
        var hits = Prose.Of(area).SelectMany(p => words.Matches(p.Text).Select(m => (p.File, p.Line, Word: m.Value))).ToArray();
        var where = string.Join('\n', hits.Select(h => $"{h.File}:{h.Line}: {h.Word}"));
        var count = $"{area} has {hits.Length} words that name no actor; words.txt says {most}.";
        Assert.True(hits.Length <= most, $"{count} Name the user, the page, the hub (docs/glossary.md).\n{where}");
        Assert.True(hits.Length == most, $"{count} Lower the number.");
    }

    [Fact]
    public void Every_area_is_counted() =>
        Assert.Equal(Prose.Areas.Order(StringComparer.Ordinal), Numbers().Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("var x = hub; // tell users", "tell users")]
    [InlineData("""Log("A page's \"friend\"", hub);""", "A page's \\\"friend\\\"")]
    [InlineData("a /* who\never */ = b;", "who|ever")]
    [InlineData("const s = `for ${pages}`;", "for ${pages}")]
    [InlineData("""var c = '"'; var hub = 1;""", "\"")]
    [InlineData(""""var r = """a "b" c""";"""", "a \"b\" c")]
    [InlineData("var u = @\"c:\\\"; // x", "c:\\|x")]
    public void Comments_and_strings_are_told_from_code(string code, string expected) =>
        Assert.Equal(expected.Split('|'), Prose.InCode("f", code.Split('\n')).Select(p => p.Text.Trim()).Where(t => t.Length > 0));

    private static Regex Vague() =>
        new($@"\b({Lines().First(l => l.StartsWith("words: ", StringComparison.Ordinal))["words: ".Length..].Replace(' ', '|')})\b",
            RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static Dictionary<string, int> Numbers() =>
        Lines().Where(l => !l.StartsWith("words: ", StringComparison.Ordinal)).Select(l => l.Split(": "))
            .ToDictionary(p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static IEnumerable<string> Lines() => File.ReadLines(Ledger).Where(l => l.Length > 0 && !l.StartsWith('#'));
}
