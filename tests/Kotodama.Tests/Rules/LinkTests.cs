using System.Globalization;
using System.Text.RegularExpressions;

namespace Kotodama.Tests.Rules;

/// <summary>A link within the repository leads somewhere: its file is there, and so is the heading that it names.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] Foreign = ["http:", "https:", "mailto:", "ws:", "wss:"];

    public static TheoryData<string> Pages() =>
        [.. Prose.Files(".md", ".").Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page)
    {
        var broken = Links(page).Where(link => !LeadsSomewhere(page, link)).ToArray();
        Assert.True(broken.Length == 0, $"{page} links to what is not there: {string.Join(", ", broken)}");
    }

    [Fact]
    public void Links_are_found() => Assert.True(Pages().Sum(page => Links(page).Count()) > 50);

    [Theory]
    [InlineData("## What leaves the machine", "what-leaves-the-machine")]
    [InlineData("# `messages.db`, and *more*: it's 2", "messagesdb-and-more-its-2")]
    [InlineData("## [Voice](voice.md) – 声音", "voice--声音")]
    public void Headings_have_the_anchors_that_github_gives_them(string heading, string anchor) =>
        Assert.Equal(anchor, Anchors([heading]).Single());

    [Fact]
    public void The_same_heading_twice_has_two_anchors() => Assert.Equal(["a", "a-1"], Anchors(["# A", "text", "## A"]));

    private static bool LeadsSomewhere(string page, string link)
    {
        if (Foreign.Any(f => link.StartsWith(f, StringComparison.OrdinalIgnoreCase)))
            return true;
        var (path, anchor) = link.Split('#', 2) is [var p, var a] ? (p, Uri.UnescapeDataString(a)) : (link, null);
        var folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        var target = path.Length == 0 ? Repository.PathOf(page) : Path.GetFullPath(Uri.UnescapeDataString(path), folder);
        if (Directory.Exists(target))
            return anchor is null;
        return File.Exists(target) && (anchor is null || Anchors(File.ReadAllLines(target)).Contains(anchor, StringComparer.Ordinal));
    }

    private static IEnumerable<string> Links(string page)
    {
        var text = string.Join('\n', WithoutCode(File.ReadAllLines(Repository.PathOf(page))));
        return Link().Matches(InlineCode().Replace(text, "")).Select(m => m.Groups["target"].Value);
    }

    private static IEnumerable<string> WithoutCode(IEnumerable<string> lines)
    {
        var fenced = false;
        foreach (var line in lines)
        {
            var fence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (!fence && !fenced)
                yield return line;
            fenced ^= fence;
        }
    }

    private static IEnumerable<string> Anchors(IEnumerable<string> lines)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var heading in WithoutCode(lines).Select(l => Heading().Match(l)).Where(m => m.Success))
        {
            var text = LinkText().Replace(heading.Groups["text"].Value, "${text}").Trim();
            var kept = text.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_');
            var anchor = string.Concat(kept).Replace(' ', '-');
            var count = seen[anchor] = seen.GetValueOrDefault(anchor) + 1;
            yield return count == 1 ? anchor : string.Create(CultureInfo.InvariantCulture, $"{anchor}-{count - 1}");
        }
    }

    [GeneratedRegex(
        """\]\(\s*<?(?<target>[^)\s>]+)>?(\s+"[^"]*")?\s*\)|(href|src)="(?<target>[^"]+)"|^\[[^\]]+\]:\s+(?<target>\S+)""",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<ticks>`+)[^`]*?\k<ticks>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkText();
}
