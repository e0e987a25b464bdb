using System.Text.Json;
using System.Text.RegularExpressions;
using Kotodama.Protocol;
using Kotodama.Server.Models;

namespace Kotodama.Tests.Server.Models;

public sealed partial class AvatarFileTests
{
    [Fact]
    public void What_the_user_decided_takes_the_place_of_what_is_guessed()
    {
        var report = ModelRig.ReadGoodBut(
            ("exp/Cry.exp3.json", ModelRig.Expression),
            ("avatar.json", """
                {"$schema":"x","title":"愛子","credit":"by me","idle":["TAP"],
                 "emotions":{"开心":{"expressions":["cry","smile"],"motion":"Tap","parameters":{"ParamX":0.5}},"sad":null},
                 "gestures":{"wave":{"motion":"tap"}},"touches":{"Body":{"expressions":["Smile"]}},
                 "placement":{"x":-0.5,"scale":2},"names":{"parameters":{"ParamX":"Hat"},"parts":{"PartA":"Arm"}},
                 "eyeBlink":["E"],"lipSync":[]}
                """));
        var model = report.Manifest!;
        Assert.All(report.Findings, f => Assert.Equal(FindingSeverity.Mended, f.Severity));
        Assert.Equal(("愛子", "by me"), (model.Title, report.Credit));
        Assert.Equal(["tap"], model.Idle);
        var joy = model.Emotions["joy"];
        Assert.Equal(["Cry", "Smile"], joy.Expressions!);
        Assert.Equal(("tap", 0.5), (joy.Motion, joy.Parameters!["ParamX"]));
        Assert.Equal(["joy"], model.Emotions.Keys);
        Assert.Equal("tap", model.Gestures["wave"].Motion);
        Assert.Equal(["Smile"], model.Touches["Body"].Expressions!);
        Assert.Equal(new ModelPlacement(-0.5, 0, 2), model.Placement);
        Assert.Equal(("Hat", "Arm"), (model.Names.Parameters["ParamX"], model.Names.Parts["PartA"]));
        Assert.Equal(["E"], model.EyeBlink);
        Assert.Empty(model.LipSync);
    }

    [Fact]
    public void Of_thousands_of_mistakes_the_first_are_told()
    {
        var fields = string.Join(",\n", Enumerable.Range(0, 20_000).Select(i => $"\"f{i}\":0"));
        var (file, problems) = AvatarFile.Read(ModelRig.Utf8($"{{{fields}}}"));
        Assert.Null(file);
        Assert.Equal(50, problems.Count);
        Assert.Equal((1L, 50L), (problems[0].Line, problems[49].Line));
    }

    [Theory]
    [InlineData("[]", "line 1: the file must be a JSON object")]
    [InlineData("{\n\"title\":}", "line 2: the file must be a JSON object")]
    [InlineData("{\"colour\":1}", "line 1: colour must be one of $schema, model, title")]
    [InlineData("{\"title\":5}", "title must be a text of 1 to 64 characters without control characters, got 5")]
    [InlineData("{\"title\":\"\\u0007\"}", "got a control character")]
    [InlineData("{\"title\":\"\\ud800\"}", "got half a surrogate pair")]
    [InlineData("{\"idle\":\"x\"}", "idle must be a list of texts, got a text")]
    [InlineData("{\"idle\":[\"a\",1]}", "idle[1] must be a text of 1 to 512 characters")]
    [InlineData("{\"emotions\":{\"glee\":{}}}", "emotions must be an object with names of neutral, joy, sad")]
    [InlineData("{\"gestures\":{\" \":{}}}", "gestures must be an object with names of 1 to 64 characters")]
    [InlineData("{\n\"emotions\":{\n\"joy\":{\"motion\":[]}}}", "line 3: emotions.joy.motion must be a text")]
    [InlineData("{\"touches\":{\"x\":{\"sound\":\"a\"}}}", "touches.x must be an object with expressions, motion or parameters, got another field")]
    [InlineData("{\"touches\":{\"\":{}}}", "touches must be an object with names of 1 to 64 characters, got 0 characters")]
    [InlineData("{\"emotions\":{\"joy\":{\"parameters\":{\"A\":1e999}}}}", "emotions.joy.parameters.A must be a finite number, got 1e999")]
    [InlineData("{\"placement\":{\"scale\":0.05}}", "placement.scale must be a number from 0.1 to 10, got 0.05")]
    [InlineData("{\"placement\":{\"x\":11}}", "placement.x must be a number from -10 to 10, got 11")]
    [InlineData("{\"placement\":{\"z\":1}}", "placement must be an object with x, y and scale, got another field")]
    [InlineData("{\"names\":[]}", "names must be an object with parameters and parts, got a list")]
    public void A_mistake_is_named_with_field_limit_and_what_came(string json, string expected)
    {
        using var rig = new ModelRig();
        rig.Put("it", ModelRig.Good());
        var refused = Assert.Throws<ModelException>(() => rig.Folder.WriteAvatar("it", ModelRig.Utf8(json)));
        Assert.Equal(ErrorCode.BadValue, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Equal("{}"u8.ToArray(), rig.Folder.ReadAvatar("it"));
    }

    [Fact]
    public void A_text_is_never_repeated_in_an_error()
    {
        var (_, problems) = AvatarFile.Read(ModelRig.Utf8($$"""{"title":"{{new string('s', 70)}}","idle":"secret","emotions":{"secret":"secret"},"placement":"secret"}"""));
        Assert.Equal(4, problems.Count);
        Assert.DoesNotContain(problems, p => p.ToString().Contains("secret", StringComparison.Ordinal) || p.ToString().Contains("sss", StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_stored_whole_and_an_empty_one_takes_it_back()
    {
        using var rig = new ModelRig();
        var folder = rig.Put("it", ModelRig.Good());
        rig.Folder.WriteAvatar("it", ModelRig.Utf8("""{"title":"T"}"""));
        Assert.Equal("T", rig.Folder.Find("it")!.Manifest!.Title);
        Assert.Equal("""{"title":"T"}""", File.ReadAllText(Path.Combine(folder, "avatar.json")));
        rig.Folder.WriteAvatar("it", "{}"u8.ToArray());
        Assert.False(File.Exists(Path.Combine(folder, "avatar.json")));
        Assert.Equal(["a.moc3", "a.model3.json", "tap.wav"], Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<ModelException>(() => rig.Folder.WriteAvatar("other", "{}"u8.ToArray())).Code);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<ModelException>(() => rig.Folder.ReadAvatar("../models/it")).Code);
    }

    [Fact]
    public void The_schema_for_editors_says_the_same()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs", "protocol", "avatar.schema.json")));
        var (fields, defs) = (schema.RootElement.GetProperty("properties"), schema.RootElement.GetProperty("$defs"));
        Assert.Equal(AvatarFile.Fields, fields.EnumerateObject().Select(p => p.Name));
        Assert.Equal(AvatarFile.LongestTitle, fields.GetProperty("title").GetProperty("maxLength").GetInt32());
        Assert.Equal(AvatarFile.LongestCredit, fields.GetProperty("credit").GetProperty("maxLength").GetInt32());
        Assert.Equal(AvatarFile.LongestName, defs.GetProperty("name").GetProperty("maxLength").GetInt32());
        Assert.Equal(AvatarFile.LongestId, defs.GetProperty("id").GetProperty("maxLength").GetInt32());
        Assert.Equal(AvatarFile.MostOfAct, defs.GetProperty("names").GetProperty("maxItems").GetInt32());
        Assert.Equal(NameGuess.GestureNames, fields.GetProperty("gestures").GetProperty("propertyNames").GetProperty("examples").EnumerateArray().Select(e => e.GetString()!));
        var scale = fields.GetProperty("placement").GetProperty("properties").GetProperty("scale");
        Assert.Equal((AvatarFile.LeastScale, AvatarFile.MostScale), (scale.GetProperty("minimum").GetDouble(), scale.GetProperty("maximum").GetDouble()));
    }

    [Fact]
    public void Gestures_are_motions_that_the_page_knows()
    {
        string[] files = ["motions.ts", "reactions.ts"];
        var source = string.Concat(files.Select(file => File.ReadAllText(Repository.PathOf("web", "src", "avatar", file))));
        var known = MotionName().Matches(source).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.Subset(known, NameGuess.GestureNames.ToHashSet(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^  (?<name>\w+): \{$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex MotionName();
}
