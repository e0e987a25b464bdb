using System.Text.RegularExpressions;

namespace Kotodama.Tests.Rules;

/// <summary>
/// A reader finds what architecture.md and invariants.md name: every folder, file, type and member that stands there in code style exists.
/// </summary>
public sealed partial class NameTests
{
    private static readonly string[] Areas = ["src", "tests", "web/src", "web/test"];

    private static readonly Lazy<HashSet<string>> Names = new(() =>
        Areas.SelectMany(area => new[] { ".cs", ".ts" }.SelectMany(ending => Prose.Files(ending, area)))
            .Where(file => !file.EndsWith($"{nameof(NameTests)}.cs", StringComparison.Ordinal))
            .SelectMany(file => Identifier().Matches(File.ReadAllText(file)).Select(m => m.Value))
            .ToHashSet(StringComparer.Ordinal));

    private static readonly Lazy<string[]> Paths = new(() =>
        [.. Areas.SelectMany(a => Prose.Files("", a)).Select(f => $"/{Path.GetRelativePath(Repository.Root, f).Replace('\\', '/')}")]);

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/reference/invariants.md")]
    public void Every_name_is_there(string page)
    {
        var code = Code().Matches(File.ReadAllText(Repository.PathOf(page)));
        var names = code.Select(m => m.Groups["code"].Value).Distinct(StringComparer.Ordinal).ToArray();
        Assert.True(names.Length > 50, $"Only {names.Length} names were found.");
        var lost = names.Where(name => !IsThere(name)).ToArray();
        Assert.True(lost.Length == 0, $"{page} names what is not there: {string.Join(", ", lost)}. If it was renamed, rename it there.");
    }

    [Theory]
    [InlineData("web/src", true)]
    [InlineData("scene/rules.ts", true)]
    [InlineData("scene/nothing.ts", false)]
    [InlineData("Nowhere/", false)]
    [InlineData("HubCore.Process", true)]
    [InlineData("HubCore.ProcessesNothing", false)]
    [InlineData("playback", true)]
    public void A_name_is_looked_for_as_what_it_looks_like(string name, bool isThere) => Assert.Equal(isThere, IsThere(name));

    private static bool IsThere(string name)
    {
        if (Placeholder().Replace(name, "") is var path && path != name)
            return IsThere(path.TrimEnd('/'));
        if (name.EndsWith('/'))
            return Paths.Value.Any(p => p.Contains('/' + name, StringComparison.Ordinal));
        if (name.Contains('/', StringComparison.Ordinal) || name.EndsWith(".ts", StringComparison.Ordinal))
            return Path.Exists(Repository.PathOf(name)) || Paths.Value.Any(p => $"{p}/".Contains($"/{name}/", StringComparison.Ordinal));

        // What is no name of C#, such as a field of the wire or a file of the data folder, is for the protocol's tests.
        return !Type().IsMatch(name) || name.Split('.').All(Names.Value.Contains) || File.Exists(Repository.PathOf(name));
    }

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"<\w+>/?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[A-Z]\w+(\.[A-Z]\w+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Type();

    [GeneratedRegex(@"\b[A-Z]\w+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Identifier();
}
