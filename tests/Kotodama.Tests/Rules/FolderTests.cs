using System.Text.RegularExpressions;

namespace Kotodama.Tests.Rules;

/// <summary>
/// The folders of a project depend on each other in one direction. An arrow goes from a folder to another one of the same project when a file
/// names a type that is declared there and that it can see without qualification, or names its namespace. The empty name stands for the files
/// beside the project file.
/// </summary>
public sealed partial class FolderTests
{
    /// <summary>
    /// For each project the folders, and the folders that each of them uses: exactly these. To add an arrow here is a decision, and it may make
    /// no circle.
    /// </summary>
    private static readonly Dictionary<string, Dictionary<string, string[]>> Arrows = new(StringComparer.Ordinal)
    {
        ["Kotodama.Server"] = new(StringComparer.Ordinal)
        {
            [""] = [],
            ["Access"] = ["", "Log"],
            ["Log"] = [],
            ["Backups"] = ["", "Log"],
            ["Sockets"] = [],
            ["Channels"] = ["Sockets"],
            ["Gates"] = ["", "Access"],
            ["Models"] = [""],
            ["Rates"] = ["", "Sockets"],
            ["Hubs"] = ["", "Access", "Channels", "Gates", "Log", "Rates", "Sockets"],
            ["Http"] = ["", "Access", "Channels", "Gates", "Hubs", "Log", "Models", "Rates", "Sockets"],
            ["Page"] = ["Gates", "Http"],
            ["Hosting"] = ["", "Access", "Gates", "Http", "Hubs", "Models", "Page", "Rates"],
        },
    };

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateDirectories(Repository.PathOf("src")).Select(d => Path.GetFileName(d))];

    public static TheoryData<string> Tables => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Folders_use_the_folders_of_the_table_and_no_others(string project)
    {
        var found = Find(project);
        var expected = Arrows[project].SelectMany(folder => folder.Value.Select(used => $"{folder.Key} -> {used}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(arrow => $"{arrow.From} -> {arrow.To}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_form_no_circle(string project)
    {
        // Where no table says so, the files beside the project file are both ends: what all folders use, and what puts them together.
        var arrows = Find(project);
        if (!Arrows.ContainsKey(project))
            arrows.RemoveAll(a => a.From.Length == 0 || a.To.Length == 0);
        var open = arrows.Select(a => a.From).Concat(arrows.Select(a => a.To)).ToHashSet(StringComparer.Ordinal);

        // A folder that uses none of those left is no part of a circle.
        while (open.RemoveWhere(folder => !arrows.Any(a => a.From == folder && open.Contains(a.To))) > 0)
        {
        }

        var circle = arrows.Where(a => open.Contains(a.From) && open.Contains(a.To)).Select(a => $"{a.From} -> {a.To} ({a.Witness})");
        Assert.True(open.Count == 0, $"Folders of {project} form a circle:\n{string.Join('\n', circle)}");
    }

    [Fact]
    public void What_is_said_in_comments_and_texts_is_no_arrow()
    {
        var code = Code("a /* B */ c // D\n\"E\" + \"\"\"F \"G\" \"\"\" + $\"{h} I\" 'J' @\"K\"\"L\" m");
        Assert.Equal(["a", "c", "m"], Word().Matches(code).Select(m => m.Value));
    }

    /// <summary>The arrows between folders, each with one of the places that make it.</summary>
    private static List<Arrow> Find(string project)
    {
        var root = Repository.PathOf("src", project);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Select(path => SourceFile.Read(root, path)).ToArray();
        Assert.NotEmpty(files);
        var types = files.SelectMany(f => f.Types.Select(name => (name, f.Namespace, f.Folder))).ToLookup(t => t.name, StringComparer.Ordinal);
        var folders = files.Select(f => f.Namespace).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => files.Where(f => f.Namespace == name).Select(f => f.Folder).Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        var arrows = new Dictionary<(string From, string To), Arrow>();
        foreach (var file in files)
        {
            foreach (var word in file.Words)
                foreach (var (name, space, folder) in types[word])
                    if (file.Sees(space) && !file.Types.Contains(name))
                        Add(file, folder, name);
            foreach (var name in file.Namespaces.Where(n => folders.TryGetValue(n, out var own) && own.Length == 1))
                Add(file, folders[name][0], name);
        }

        return [.. arrows.Values];

        void Add(SourceFile file, string folder, string what)
        {
            if (folder != file.Folder)
                arrows.TryAdd((file.Folder, folder), new Arrow(file.Folder, folder, $"{file.Name} names {what}"));
        }
    }

    /// <summary>The code without comments and texts.</summary>
    private static string Code(string source) => CommentOrText().Replace(source, " ");

    private sealed record Arrow(string From, string To, string Witness);

    private sealed record SourceFile(string Name, string Folder, string Namespace, HashSet<string> Namespaces, HashSet<string> Types, HashSet<string> Words)
    {
        public static SourceFile Read(string root, string path)
        {
            var name = Path.GetRelativePath(root, path);
            var code = Code(File.ReadAllText(path));
            var folder = name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? name.Split(Path.DirectorySeparatorChar)[0] : "";
            return new SourceFile(
                name,
                folder,
                NamespaceLine().Match(code).Groups["name"].Value,
                Matches(UsingLine(), code),
                Matches(Declaration(), code),
                Matches(Word(), UsingLine().Replace(code, "")));
        }

        /// <summary>Whether the names of a namespace mean its types here.</summary>
        public bool Sees(string space) =>
            space == Namespace || Namespace.StartsWith(space + ".", StringComparison.Ordinal) || Namespaces.Contains(space);

        private static HashSet<string> Matches(Regex pattern, string code) =>
            pattern.Matches(code).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex("""/\*.*?\*/|//[^\n]*|\$*\"{3}.*?\"{3}|[@$]*@[@$]*"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (static )?(\w+ = )?(?<name>[\w.]+?)(<.*>)?;", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^(public |internal |file )[\w ]*?(class|struct|record|interface|enum) (?!struct|class)(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Declaration();

    /// <summary>A word that can be a type: not a member of something, and not a property that an initialiser sets.</summary>
    [GeneratedRegex(@"(?<![\w.])(?<name>\w+)(?!\w|\s*=[^=>]|\s*=$)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Word();
}
