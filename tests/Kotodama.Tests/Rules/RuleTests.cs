using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kotodama.Client;
using Kotodama.Companion.Channels;
using Kotodama.Hosting;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Voice.Speaking;

namespace Kotodama.Tests.Rules;

/// <summary>Promises about the code itself.</summary>
public sealed partial class RuleTests
{
    private static readonly Dictionary<string, string[]> MayReferTo = new(StringComparer.Ordinal)
    {
        ["Kotodama.Protocol"] = [],
        ["Kotodama.Client"] = ["Kotodama.Protocol"],
        ["Kotodama.Server"] = ["Kotodama.Protocol"],
        ["Kotodama.Voice"] = ["Kotodama.Protocol"],
        ["Kotodama.Companion"] = ["Kotodama.Protocol", "Kotodama.Voice"],
        ["Kotodama.Hosting"] = ["Kotodama.Companion", "Kotodama.Protocol", "Kotodama.Server", "Kotodama.Voice"],
        ["Kotodama.Testing"] = ["Kotodama.Companion", "Kotodama.Protocol", "Kotodama.Voice"],
        ["Kotodama"] = ["Kotodama.Client", "Kotodama.Companion", "Kotodama.Hosting", "Kotodama.Protocol", "Kotodama.Server", "Kotodama.Voice"],
    };

    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Kotodama.Protocol"] = [],
        ["Kotodama.Client"] = [],
        ["Kotodama.Server"] = ["Microsoft.Data.Sqlite"],
        ["Kotodama.Voice"] = ["Microsoft.Extensions.Logging.Abstractions"],
        ["Kotodama.Companion"] = ["Microsoft.Data.Sqlite", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Logging.Abstractions"],
        ["Kotodama.Hosting"] = [],
        ["Kotodama.Testing"] = ["xunit.v3.assert", "xunit.v3.extensibility.core"],
        ["Kotodama"] = ["QRCoder", "System.CommandLine"],
    };

    [Fact]
    public void Projects_depend_on_what_the_architecture_allows_and_nothing_else()
    {
        var projects = Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(f => Path.GetFileNameWithoutExtension(f), XDocument.Load, StringComparer.Ordinal);
        Assert.Equal(MayReferTo.Keys.Order(StringComparer.Ordinal), projects.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, project) in projects)
        {
            Assert.Equal(MayReferTo[name], project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).Order(StringComparer.Ordinal));
            Assert.Equal(MayUse[name], project.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>The types of the wire, made of docs/protocol/schema.json: looked up, not read.</summary>
    private const string Generated = "wire.ts";

    /// <summary>Tests have rows of data and are not held to it. Of the page only outlines of the drawing, numbers alone, may be longer.</summary>
    [Fact]
    public void No_line_of_the_product_is_longer_than_140_characters()
    {
        var files = Sources("src", ".cs").Concat(Sources("bench", ".cs")).Concat(Sources("samples", ".cs"))
            .Concat(Sources(Path.Combine("web", "src"), ".ts").Where(f => Path.GetFileName(f) != Generated));
        var longest = from file in files
                      from line in File.ReadLines(file).Select((text, i) => (Text: text, Number: i + 1))
                      where line.Text.Length > 140 && !Outline().IsMatch(line.Text)
                      select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number} has {line.Text.Length} characters";
        Assert.Empty(longest);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var files = Sources("src", ".cs").Concat(Sources("tests", ".cs")).Concat(Sources(Path.Combine("web", "src"), ".ts").Where(f => Path.GetFileName(f) != Generated));
        Assert.DoesNotContain(files.Select(f => (File: f, Lines: File.ReadLines(f).Count())), f => f.Lines > 400);
    }

    [Fact]
    public void Every_log_message_has_a_number_of_its_own()
    {
        var numbers = Sources("src", ".cs").SelectMany(f => LogNumber().Matches(File.ReadAllText(f))).Select(m => m.Groups["number"].Value).ToArray();
        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Length, numbers.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(typeof(Message))]
    [InlineData(typeof(KotodamaClient))]
    [InlineData(typeof(KotodamaServerOptions))]
    [InlineData(typeof(Speaker))]
    [InlineData(typeof(CompanionPeer))]
    [InlineData(typeof(CompanionHost))]
    [InlineData(typeof(SpeechSynthesizerSuite))]
    public void The_public_surface_is_the_one_that_was_agreed_on(Type anchor)
    {
        var name = anchor.Assembly.GetName().Name!;
        var file = Repository.PathOf("tests", "Kotodama.Tests", "Api", name + ".txt");
        var surface = Surface(anchor.Assembly);
        if (Environment.GetEnvironmentVariable("KOTODAMA_ACCEPT_API") == "1")
            File.WriteAllText(file, surface);
        Assert.True(File.ReadAllText(file) == surface, $"The public surface of {name} has changed. If that is meant, run the tests once with KOTODAMA_ACCEPT_API=1 and commit the file.\n{surface}");
    }

    [Fact]
    public void Every_message_type_has_an_example_and_a_place_in_the_protocol_document()
    {
        var document = File.ReadAllText(Repository.PathOf("docs", "protocol.md"));
        var examples = Directory.EnumerateFiles(Repository.PathOf("docs", "protocol", "examples")).Select(f => Path.GetFileName(f).Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var type in typeof(MessageType).GetFields().Select(f => (string)f.GetValue(null)!))
        {
            if (type != MessageType.Audio)
                Assert.Contains(type, examples);
            Assert.Contains($"`{type}`", document, StringComparison.Ordinal);
        }

        foreach (var code in typeof(CloseCode).GetFields().Select(f => (int)f.GetValue(null)!).Where(c => c != CloseCode.Normal))
            Assert.Contains($"| {code} |", document, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sources(string folder, string ending) =>
        Directory.EnumerateFiles(Repository.PathOf(folder), "*" + ending, SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}node_modules{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Surface(Assembly assembly)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var lines = new List<string>();
        // Blocks of extension members are types with a name of the compiler's own; their members stand in the class around them too.
        foreach (var type in assembly.GetExportedTypes().Where(t => !t.FullName!.Contains('<', StringComparison.Ordinal)).OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            lines.Add($"{type.FullName}{(type.BaseType is { } b && b != typeof(object) ? $" : {b.Name}" : "")}");
            lines.AddRange(type.GetMembers(Declared)
                .Where(m => m is not MethodInfo { IsSpecialName: true } && !m.Name.Contains('<', StringComparison.Ordinal) && m.Name is not ("Equals" or "GetHashCode" or "ToString" or "EqualityContract" or "Deconstruct"))
                .Select(m => $"  {m.MemberType} {m}").Order(StringComparer.Ordinal));
        }

        return string.Join('\n', lines) + "\n";
    }

    [GeneratedRegex(@"'[MmLlCcQqSsZzAaHhVvTt\d\s.,-]{60,}'", RegexOptions.NonBacktracking)]
    private static partial Regex Outline();

    [GeneratedRegex(@"\[LoggerMessage\((?<number>\d+),", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogNumber();
}
