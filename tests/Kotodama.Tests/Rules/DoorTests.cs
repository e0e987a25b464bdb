using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kotodama.Tests.Rules;

/// <summary>What contributors and users of the packages meet first is there, and says what is true.</summary>
public sealed partial class DoorTests
{
    [Fact]
    public void Continuous_integration_runs_the_script_that_contributors_run()
    {
        var workflow = Lines(".github", "workflows", "ci.yml");
        Assert.Contains("run: ./test.sh", workflow);
        Assert.Contains("CI: 'true'", workflow);
        Assert.Contains("global-json-file: global.json", workflow);
        Assert.Contains(workflow, line => line.StartsWith("timeout-minutes:", StringComparison.Ordinal));
        Assert.Contains("./test.sh", Text(".ci", "run"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_test_results_that_continuous_integration_keeps_are_where_the_script_puts_them()
    {
        Assert.Contains("path: artifacts/test-results/", Lines(".github", "workflows", "ci.yml"));
        Assert.Contains("--results-directory artifacts/test-results", Text("test.sh"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".github/workflows/ci.yml", "name", "on", "permissions", "concurrency", "jobs")]
    [InlineData(".github/dependabot.yml", "version", "updates")]
    [InlineData(".github/ISSUE_TEMPLATE/config.yml", "blank_issues_enabled")]
    [InlineData(".github/ISSUE_TEMPLATE/bug.yml", "name", "description", "labels", "body")]
    [InlineData(".github/ISSUE_TEMPLATE/feature.yml", "name", "description", "labels", "body")]
    [InlineData(".github/ISSUE_TEMPLATE/question.yml", "name", "description", "labels", "body")]
    public void A_file_for_the_forge_has_the_keys_it_needs_and_indents_by_two(string file, params string[] keys)
    {
        var lines = File.ReadAllLines(Repository.PathOf(file));
        var found = lines.Select(line => Key().Match(line)).Where(match => match.Success).Select(match => match.Groups["key"].Value);
        Assert.Equal(keys, found);
        Assert.DoesNotContain(lines, line => line.Contains('\t', StringComparison.Ordinal) || Indent(line) % 2 == 1);
    }

    [Fact]
    public void Every_field_of_a_form_has_a_name_of_its_own()
    {
        foreach (var form in new[] { "bug.yml", "feature.yml", "question.yml" })
        {
            var lines = Lines(".github", "ISSUE_TEMPLATE", form);
            var fields = lines.Count(line => line.StartsWith("- type: ", StringComparison.Ordinal) && line != "- type: markdown");
            var names = lines.Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).ToArray();
            Assert.Equal(fields, names.Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(fields, names.Length);
        }
    }

    [Fact]
    public void The_dev_container_has_the_tools_that_the_tests_look_for()
    {
        using var container = JsonDocument.Parse(Text(".devcontainer", "devcontainer.json"));
        var build = container.RootElement.GetProperty("build").GetProperty("dockerfile").GetString();
        var image = Text(".devcontainer", build!);
        var tools = Missing().Matches(Text("test.sh")).SelectMany(match => match.Groups["tools"].Value.Split(' ')).ToArray();
        Assert.Contains("chromium", tools);
        foreach (var tool in tools)
            Assert.Matches($@"\b{Regex.Escape(tool)}\b", image);
    }

    [Fact]
    public void Every_package_has_a_readme_an_icon_a_description_and_tags()
    {
        var shared = XDocument.Load(Repository.PathOf("src", "Directory.Build.props"));
        Assert.Equal("README.md", Value(shared, "PackageReadmeFile"));
        var packed = shared.Descendants("None").Select(item => item.Attribute("Include")!.Value).ToArray();
        Assert.Contains($"$(MSBuildThisFileDirectory)../docs/images/{Value(shared, "PackageIcon")}", packed);
        Assert.True(File.Exists(Repository.PathOf("docs", "images", Value(shared, "PackageIcon")!)));
        foreach (var project in Packages())
        {
            var xml = XDocument.Load(project);
            Assert.True(Value(xml, "Description") is { Length: > 30 }, $"{project} has no description.");
            Assert.StartsWith("$(PackageTags);", Value(xml, "PackageTags"), StringComparison.Ordinal);
            var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "README.md"));
            var name = Value(xml, "PackageId") ?? Path.GetFileNameWithoutExtension(project);
            Assert.StartsWith($"# {name}\n", readme, StringComparison.Ordinal);

            // A registry shows the readme without the repository around it.
            Assert.DoesNotMatch(@"\]\((?!https://)", readme);
        }
    }

    [Fact]
    public void No_package_promises_a_renderer_that_is_not_there()
    {
        foreach (var project in Packages())
            Assert.DoesNotContain("Live2D", Value(XDocument.Load(project), "Description")!, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Packages() => Directory
        .EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
        .Where(project => Value(XDocument.Load(project), "IsPackable") != "false");

    private static string? Value(XDocument project, string property) => project.Descendants(property).FirstOrDefault()?.Value;

    private static string Text(params string[] file) => File.ReadAllText(Repository.PathOf(file));

    private static string[] Lines(params string[] file) => [.. File.ReadLines(Repository.PathOf(file)).Select(line => line.Trim())];

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    [GeneratedRegex(@"^(?<key>[a-z_-]+):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"missing\+=\((?<tools>[^)]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Missing();
}
