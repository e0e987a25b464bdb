using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Kotodama.Tests.Rules;

/// <summary>
/// Each package and each published program carries the licence of every part that is in it. THIRD-PARTY-NOTICES.txt is made here of what
/// the packages themselves say, so that a part without a notice, or whose licence has changed, fails.
/// </summary>
public sealed class NoticeTests
{
    private const string File = "THIRD-PARTY-NOTICES.txt";

    private const string Rule = "------------------------------------------------------------------------";

    private const string Apache = "Apache License, Version 2.0. Its text stands in LICENSE, which comes with this file.";

    private const string Mit =
        """
        MIT License

        Permission is hereby granted, free of charge, to any person obtaining a copy
        of this software and associated documentation files (the "Software"), to deal
        in the Software without restriction, including without limitation the rights
        to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
        copies of the Software, and to permit persons to whom the Software is
        furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all
        copies or substantial portions of the Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
        IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
        FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
        AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
        LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
        OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
        SOFTWARE.
        """;

    /// <summary>What no list of packages names: the starter of the published program is a part of .NET.</summary>
    private static readonly Part Starter = new(
        ".NET (the program kotodama that starts kotodama.dll)", "Copyright (c) .NET Foundation and Contributors. All rights reserved.", Mit);

    [Fact]
    public void Every_part_that_is_shipped_has_its_notice()
    {
        var text = Compose([.. Packages(), Starter]);
        var file = Repository.PathOf(File);
        if (Environment.GetEnvironmentVariable("KOTODAMA_ACCEPT_API") == "1")
            System.IO.File.WriteAllText(file, text);
        var written = System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file) : "";
        Assert.True(
            written == text,
            $"{File} does not say what the packages say. Run the tests once with KOTODAMA_ACCEPT_API=1 and read the difference: is each licence one that we can ship?");
    }

    [Fact]
    public void The_parts_that_are_shipped_are_those_that_the_program_needs()
    {
        var names = Packages().Select(package => package.Name).ToArray();
        Assert.Contains("QRCoder", names);
        Assert.Contains("SQLite", names);
        Assert.Contains("System.CommandLine", names);
        Assert.DoesNotContain("Meziantou.Analyzer", names);
        Assert.DoesNotContain(names, name => name.StartsWith("Kotodama", StringComparison.Ordinal));
    }

    [Fact]
    public void A_licence_that_is_not_known_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => LicenceOf("Some.Package", "SSPL-1.0"));

    [Fact]
    public void Every_package_and_the_program_take_licence_and_notices_along()
    {
        var all = XDocument.Load(Repository.PathOf("src", "Directory.Build.props")).Descendants("None").Where(n => n.Attribute("Pack")?.Value == "true").ToArray();
        foreach (var name in new[] { "LICENSE", File })
        {
            Assert.Contains(all, item => item.Attribute("Include")!.Value.EndsWith("../" + name, StringComparison.Ordinal) && item.Attribute("PackagePath")!.Value == "/");
            Assert.True(System.IO.File.Exists(Path.Combine(Path.GetDirectoryName(Repository.Program)!, name)), $"{name} is not beside the program.");
        }
    }

    [Fact]
    public void The_page_shows_its_own_notices_and_the_packages_have_them_too()
    {
        var page = System.IO.File.ReadAllText(Repository.PathOf("web", "public", "third-party.txt"));
        Assert.Contains("Silero Team", page, StringComparison.Ordinal);
        Assert.Contains(page.Trim(), System.IO.File.ReadAllText(Repository.PathOf(File)), StringComparison.Ordinal);
    }

    /// <summary>The notices of all parts; parts with the same notice share it.</summary>
    private static string Compose(IReadOnlyList<Part> parts)
    {
        var text = new StringBuilder();
        text.Append(
            """
            THIRD-PARTY NOTICES

            Kotodama is under the Apache License, Version 2.0, see LICENSE. Its packages and programs hold the parts below, or need them, under
            licences of their own; not every package holds all of them. tests/Kotodama.Tests/Rules/NoticeTests.cs writes this file.

            """);
        foreach (var same in parts.GroupBy(part => (part.Copyright, part.Licence)).OrderBy(g => g.Min(p => p.Name), StringComparer.Ordinal))
        {
            text.Append($"\n{Rule}\n{string.Join('\n', same.Select(part => part.Name).Order(StringComparer.Ordinal))}\n\n");
            text.Append($"{same.Key.Copyright}\n\n{same.Key.Licence}\n");
        }

        var page = System.IO.File.ReadAllText(Repository.PathOf("web", "public", "third-party.txt")).Trim();
        return text.Append($"\n{Rule}\nThe page\n\n{page}\n").ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The packages whose files get into the program, by what NuGet has resolved for it.</summary>
    private static IEnumerable<Part> Packages()
    {
        using var assets = JsonDocument.Parse(System.IO.File.ReadAllBytes(Repository.PathOf("artifacts", "obj", "Kotodama", "project.assets.json")));
        var roots = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToArray();
        foreach (var library in assets.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            if (library.Value.GetProperty("type").ValueEquals("package") && IsShipped(library.Value))
            {
                var path = assets.RootElement.GetProperty("libraries").GetProperty(library.Name).GetProperty("path").GetString()!;
                yield return Read(library.Name.Split('/')[0], roots.Select(root => Path.Combine(root, path)).First(Directory.Exists));
            }
        }
    }

    private static bool IsShipped(JsonElement library) => new[] { "runtime", "runtimeTargets", "native", "resource" }.Any(kind =>
        library.TryGetProperty(kind, out var files) && files.EnumerateObject().Any(f => !f.Name.EndsWith("_._", StringComparison.Ordinal)));

    private static Part Read(string name, string folder)
    {
        var metadata = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        var licence = metadata.Elements().Single(e => e.Name.LocalName == "license");
        var copyright = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "copyright")?.Value.Trim();
        var own = Directory.GetFiles(folder).Where(f => Path.GetFileName(f).StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase)).ToArray();
        var text = own.Length > 0 ? Clean(own[0]) : LicenceOf(name, licence.Value);
        var notices = Directory.GetFiles(folder).FirstOrDefault(f => Path.GetFileName(f).StartsWith("THIRD-PARTY", StringComparison.OrdinalIgnoreCase));
        return new Part(name, copyright ?? "", notices is null ? text : $"{text}\n\n{Clean(notices)}");
    }

    private static string LicenceOf(string name, string expression) => expression switch
    {
        "MIT" => Mit,
        "Apache-2.0" => Apache,
        _ => throw new InvalidOperationException($"The licence {expression} of {name} is not known here: may it be shipped, and what has to come with it?"),
    };

    private static string Clean(string file) =>
        string.Join('\n', System.IO.File.ReadAllText(file).ReplaceLineEndings("\n").Trim().Split('\n').Select(line => line.TrimEnd()));

    private sealed record Part(string Name, string Copyright, string Licence);
}
