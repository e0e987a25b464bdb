using System.Text.RegularExpressions;

namespace Kotodama.Tests.Rules;

/// <summary>Where a type stands is what it is called: namespaces follow folders, and a folder of the voice that the companion may not use stays closed to it.</summary>
public sealed partial class NamespaceTests
{
    /// <summary>Namespaces of projects whose root is not their own name.</summary>
    private static readonly Dictionary<string, string> Roots = new(StringComparer.Ordinal) { ["Kotodama"] = "Kotodama.Cli" };

    /// <summary>Extension methods stand in the namespace of what they extend, where a user of that finds them without another using.</summary>
    private static readonly string[] Extended = ["Microsoft.AspNetCore.Builder", "Microsoft.Extensions.DependencyInjection"];

    /// <summary>What the companion may use of the voice: the ground that both stand on, and nothing of how a reply is spoken.</summary>
    private static readonly string[] CommonGround =
        ["Kotodama.Voice.Audio", "Kotodama.Voice.Engines.Http", "Kotodama.Voice.Engines.Processes", "Kotodama.Voice.Faults", "Kotodama.Voice.Settings", "Kotodama.Voice.Telemetry", "Kotodama.Voice.Text", "Kotodama.Voice.Text.Reasoning"];

    private static readonly string[] Projects = ["src", "tests"];

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var files = Projects.SelectMany(area => Directory.EnumerateDirectories(Repository.PathOf(area)).SelectMany(Sources)).ToArray();
        Assert.True(files.Length > 400, $"Only {files.Length} files were looked at.");
        Assert.DoesNotContain(files, f => f.Namespace is not null && f.Namespace != f.Expected && !Extended.Contains(f.Namespace, StringComparer.Ordinal));
    }

    [Fact]
    public void The_companion_knows_nothing_of_how_replies_are_spoken()
    {
        var uses = Sources(Repository.PathOf("src", "Kotodama.Companion"))
            .SelectMany(f => Names().Matches(File.ReadAllText(f.File)).Select(m => (f.File, Name: m.Value)))
            .ToArray();
        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, u => !CommonGround.Contains(u.Name, StringComparer.Ordinal));
    }

    private static IEnumerable<(string File, string? Namespace, string Expected)> Sources(string project)
    {
        var name = Path.GetFileName(project);
        var root = Roots.GetValueOrDefault(name, name);
        foreach (var file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(Path.GetRelativePath(project, file))!.Replace(Path.DirectorySeparatorChar, '.');

            // The records of the wire are one vocabulary: a user of the protocol needs one using for all of it.
            if (name == "Kotodama.Protocol" && folder == "Messages")
                folder = "";
            var space = Declaration().Match(File.ReadAllText(file));
            yield return (file, space.Success ? space.Groups["name"].Value : null, folder.Length == 0 ? root : $"{root}.{folder}");
        }
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bKotodama\.Voice(\.[A-Z]\w+)*(?=;)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();
}
