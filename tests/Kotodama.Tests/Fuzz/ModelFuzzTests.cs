using System.Text;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Models;

namespace Kotodama.Tests.Fuzz;

/// <summary>Models come from anywhere: whatever their files hold, reading them ends with a report.</summary>
public sealed class ModelFuzzTests
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "1.5", "9223372036854775808", "\"\"", "\"a.moc3\"", "\"..\"", "\"../..\"", "\"/\"", "\"\\\\\"", "\"%\"", "\"%zz\"", "\"%2e%2e%2f\"", "\"\\ud800\"",
        "\"\\u0000\"", "\"C:\"", "\".\"", "{}", "[]", "[null]", "[[]]", "[{}]", "[\"\\udfff\"]", "{\"\\ud800\":1}", "{\"\":[{\"File\":\"x\"}]}", "{\"File\":\"a.moc3\"}", "[{\"Name\":5,\"File\":[]}]",
        "[0,0,1,1]", "[0,0,1e308,1,1]", new string('[', 70), "\"" + new string('x', 3_000) + "\"", "// c\n1", ",", "NaN",
    ];

    private static readonly string[] Names =
    [
        "FileReferences", "Moc", "Textures", "Expressions", "Motions", "Name", "File", "Groups", "Ids", "HitAreas", "Id", "Layout", "Sound", "FadeInTime", "Hotkeys", "Action", "Triggers", "Trigger1", "IdleAnimation",
        "Model", "Parameters", "Blend", "Curves", "Segments", "Meta", "CurveCount", "UserData", "model", "textures", "motions", "hit_areas", "layout", "emotions", "placement", "scale", "title", "joy", "expressions",
    ];

    private static readonly Dictionary<string, byte[]> Seeds = new(ModelRig.GoodBut(
        ("a.cdi3.json", """{"Parameters":[{"Id":"ParamAngleX","Name":"X"}],"Parts":[{"Id":"P","Name":"N"}]}"""),
        ("a.userdata3.json", """{"UserData":[{"Target":"ArtMesh","Id":"M","Value":"v"}]}"""),
        ("a.vtube.json", """{"Name":"A","FileReferences":{"Model":"a.model3.json","IdleAnimation":"idle.motion3.json"},"Hotkeys":[{"Name":"h","Action":"ToggleExpression","File":"Smile.exp3.json","Triggers":{"Trigger1":"A"}}]}"""),
        ("avatar.json", """{"title":"T","emotions":{"joy":{"expressions":["Smile"],"parameters":{"a":1}}},"placement":{"x":0,"scale":2},"names":{"parameters":{"a":"b"}}}"""),
        ("old/model.json", """{"model":"x.moc","textures":["t.png"],"motions":{"idle":[{"file":"i.mtn","fade_in":5}]},"hit_areas":[{"name":"a","id":"b"}],"layout":{"width":2}}""")));

    [Fact]
    public Task No_file_of_a_model_makes_the_reader_throw_or_hang() => Inputs.RunAsync(
        Inputs.Share(200),
        random => (Files: Change(random), Core: random.Next(3) == 0 ? random.Next(7) : (int?)null),
        input => Encoding.UTF8.GetBytes(string.Join('\n', input.Files.Select(f => $"{f.Key}: {Convert.ToBase64String(f.Value)}"))),
        TimeSpan.FromSeconds(2),
        input =>
        {
            using var rig = new ModelRig(new ModelLimits { Files = 200 });
            var folder = rig.Put("it", input.Files);
            var report = ModelReader.Read("it", ModelTree.Scan(folder, 200), rig.Limits, input.Core);
            foreach (var finding in report.Findings)
                Assert.All(finding.Text.Values, text => Assert.False(string.IsNullOrWhiteSpace(text)));
            if (report.Manifest is not { } model)
            {
                Assert.Contains(report.Findings, f => f.Severity == FindingSeverity.Error);
                return Task.CompletedTask;
            }

            string?[] files =
                [model.Moc, model.Physics, model.Pose, .. model.Textures, .. model.Expressions.Select(e => e.File), .. model.Motions.SelectMany(m => new[] { m.File, m.Sound })];
            foreach (var file in files.OfType<string>())
                Assert.DoesNotContain(file.Split('/'), step => step is "" or "." or ".." || Uri.UnescapeDataString(step).Contains('/', StringComparison.Ordinal));
            Assert.Equal(model.Expressions.Count, model.Expressions.Select(e => e.Name.ToLowerInvariant()).Distinct().Count());
            Assert.Equal(model.Motions.Count, model.Motions.Select(m => m.Name.ToLowerInvariant()).Distinct().Count());
            Assert.All(model.Idle, name => Assert.Contains(model.Motions, m => m.Name == name));
            return Task.CompletedTask;
        });

    [Fact]
    public Task No_zip_makes_the_intake_throw_hang_or_write_elsewhere()
    {
        var good = ModelRig.Zip(ModelRig.Good());
        return Inputs.RunAsync(
            Inputs.Share(400),
            random => Damage(random, good),
            bytes => bytes,
            TimeSpan.FromSeconds(3),
            async bytes =>
            {
                using var rig = new ModelRig(new ModelLimits { ModelBytes = 1_000_000 });
                var zip = rig.Keep("x.zip", bytes);
                try
                {
                    var added = await rig.Folder.AddAsync([zip]);
                    Assert.NotEmpty(added.Models);
                }
                catch (ModelException e)
                {
                    Assert.Contains(e.Code, new[] { ErrorCode.BadModel, ErrorCode.TooBig });
                    Assert.Empty(Directory.EnumerateFileSystemEntries(rig.Folder.FullPath!));
                }

                Assert.Equal(["models", "x.zip"], Directory.EnumerateFileSystemEntries(rig.Data).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
            });
    }

    [Fact]
    public Task No_picture_head_or_name_makes_its_reader_throw() => Inputs.RunAsync(
        Inputs.Share(10),
        random =>
        {
            byte[] starts = random.Next(4) switch
            {
                0 => ModelRig.Png(),
                1 => [0xFF, 0xD8, 0xFF, (byte)random.Next(0xC0, 0xFF), 0, (byte)random.Next(20)],
                2 => [.. "RIFF----WEBPVP8"u8, (byte)" XL"[random.Next(3)]],
                _ => [],
            };
            var rest = new byte[random.Next(60)];
            random.NextBytes(rest);
            return (byte[])[.. starts, .. rest];
        },
        bytes => bytes,
        Inputs.Longest,
        bytes =>
        {
            if (PictureHead.Read(bytes) is var (width, height))
                Assert.True(width > 0 && height > 0);
            var text = OldEncodings.Decode(bytes);
            NameGuess.Emotion(text);
            NameGuess.TouchedArea(text, []);
            Assert.True(AvatarName.IsValid(ModelName.From(text)));
            return Task.CompletedTask;
        });

    private static Dictionary<string, byte[]> Change(Random random)
    {
        var files = new Dictionary<string, byte[]>(Seeds, StringComparer.Ordinal);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var path = files.Keys.ElementAt(random.Next(files.Count));
            if (random.Next(8) == 0)
                files.Remove(path);
            else
                files[path] = ChangeFile(random, files[path]);
        }

        return files;
    }

    private static byte[] ChangeFile(Random random, byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var at = random.Next(text.Length + 1);
        var value = Values[random.Next(Values.Length)];
        var changed = random.Next(6) switch
        {
            0 => text[..at],
            1 => text.Insert(at, value),
            2 => text.Replace($"\"{Names[random.Next(Names.Length)]}\":", $"\"{Names[random.Next(Names.Length)]}\":", StringComparison.Ordinal),
            3 => text.Replace($"\"{Names[random.Next(Names.Length)]}\":", $"\"x\":{value},\"{Names[random.Next(Names.Length)]}\":", StringComparison.Ordinal),
            4 => ReplaceValue(random, text, value),
            _ => text[..at] + (char)random.Next(256) + text[Math.Min(text.Length, at + 1)..],
        };
        return Encoding.Latin1.GetBytes(changed);
    }

    /// <summary>Puts a value in the place of the one behind a name.</summary>
    private static string ReplaceValue(Random random, string text, string value)
    {
        var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':').ToArray();
        if (colons.Length == 0)
            return text + value;
        var start = colons[random.Next(colons.Length)] + 1;
        var (end, depth) = (start, 0);
        for (; end < text.Length && (depth > 0 || text[end] is not (',' or '}' or ']')); end++)
            depth += text[end] is '{' or '[' ? 1 : text[end] is '}' or ']' ? -1 : 0;
        return text[..start] + value + text[end..];
    }

    private static byte[] Damage(Random random, byte[] zip)
    {
        var bytes = zip.ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            // Names, sizes and signs are in the directory at the end; changes there hurt most.
            var at = random.Next(2) == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 600));
            bytes[at] = random.Next(3) == 0 ? (byte)"./\\:\u0001a"[random.Next(6)] : (byte)random.Next(256);
        }

        return random.Next(5) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
