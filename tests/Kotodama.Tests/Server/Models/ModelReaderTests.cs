using System.Text;
using Kotodama.Server.Models;

namespace Kotodama.Tests.Server.Models;

public sealed class ModelReaderTests
{
    [Fact]
    public void A_model_in_good_order_is_read_as_it_stands_and_nothing_is_found()
    {
        var report = ModelRig.Read(ModelRig.Good());
        Assert.Empty(report.Findings);
        var model = report.Manifest!;
        Assert.Equal(("it", "it", "cubism", "models/it/"), (model.Name, model.Title, model.Kind, model.Base));
        Assert.Equal(("a.moc3", "a.1024/texture_00.png"), (model.Moc, model.Textures.Single()));
        Assert.Equal(new ModelExpression("Smile", "exp/Smile.exp3.json"), model.Expressions.Single());
        Assert.Equal(
            [new ModelMotion("idle", "Idle", "motions/idle.motion3.json", 0.5, null, null), new ModelMotion("tap", "TapBody", "motions/tap.motion3.json", null, null, "tap.wav")],
            model.Motions);
        Assert.Equal(["idle"], model.Idle);
        Assert.Equal(["ParamEyeLOpen", "ParamEyeROpen"], model.EyeBlink);
        Assert.Equal(["ParamMouthOpenY"], model.LipSync);
        Assert.Equal(new ModelHitArea("Body", "HitArea"), model.HitAreas.Single());
        Assert.Equal((0.5, 2.0), (model.Layout!["CenterX"], model.Layout["Width"]));
        Assert.Equal(["Smile"], model.Emotions["joy"].Expressions!);
        Assert.Equal("tap", model.Touches["Body"].Motion);
        Assert.Null(model.Placement);
    }

    /// <summary>A list has a limit, and so have many lists.</summary>
    [Fact]
    public void Motions_of_all_groups_together_are_limited_and_have_names_of_their_own()
    {
        var entry = """{"File":"motions/tap.motion3.json","FadeInTime":NUMBER}""";
        var groups = Enumerable.Range(0, 20).Select(g => $"\"g{g}\":[{string.Join(',', Enumerable.Range(0, 1_000)
            .Select(i => entry.Replace("NUMBER", $"{(g * 1_000) + i}", StringComparison.Ordinal)))}]");
        var report = ModelRig.ReadGoodBut(("a.model3.json", """
            {"Version":3,"FileReferences":{"Moc":"a.moc3","Textures":["a.1024/texture_00.png"],"Motions":{GROUPS}}}
            """.Replace("GROUPS", string.Join(',', groups), StringComparison.Ordinal)));
        var named = report.Manifest!.Motions.Where(m => m.Group is not null).Select(m => m.Name).ToArray();
        Assert.Equal(4_096, named.Length);
        Assert.Equal(("tap", "tap-2", "tap-4096"), (named[0], named[1], named[^1]));
        Assert.Equal(named.Length, named.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    /// <summary>Pitfall 21: bought models list their expressions nowhere, or only where VTube Studio looks.</summary>
    [Fact]
    public void Expressions_and_motions_that_only_lie_in_the_folder_are_there_and_hotkeys_too()
    {
        var report = ModelRig.ReadGoodBut(
            ("toggles/星星眼.exp3.json", ModelRig.Expression),
            ("toggles/生气.EXP3.JSON", ModelRig.Expression),
            ("anim/wave.motion3.json", ModelRig.Motion),
            ("anim/sleep loop.motion3.json", ModelRig.Motion),
            ("a.vtube.json", """
                {"Name":"Aiko","FileReferences":{"Model":"a.model3.json","IdleAnimation":"sleep loop.motion3.json"},
                 "SavedModelPosition":{"Position":{"x":0,"y":-20,"z":0},"Scale":{"x":1,"y":1,"z":1}},
                 "Hotkeys":[
                  {"Name":"Stars","Action":"ToggleExpression","File":"星星眼.exp3.json","Triggers":{"Trigger1":"LeftControl","Trigger2":"N1","Trigger3":""}},
                  {"Name":"Hi","Action":"TriggerAnimation","File":"wave.motion3.json","Triggers":{}},
                  {"Name":"Off","Action":"RemoveAllExpressions","File":"","Triggers":{"Trigger1":"N0"}},
                  {"Name":"Lost","Action":"ToggleExpression","File":"gone.exp3.json"},
                  {"Name":"Hat","Action":"ToggleItemScene","File":"hat.json"}]}
                """));
        var model = report.Manifest!;
        Assert.Equal("Aiko", model.Title);
        Assert.Equal(["Smile", "星星眼", "生气"], model.Expressions.Select(e => e.Name));
        Assert.Equal("toggles/%E6%98%9F%E6%98%9F%E7%9C%BC.exp3.json", model.Expressions[1].File);
        Assert.Equal(["idle", "tap", "sleep loop", "wave"], model.Motions.Select(m => m.Name));
        Assert.Equal("anim/sleep%20loop.motion3.json", model.Motions[2].File);
        Assert.Null(model.Motions[3].Group);
        Assert.Equal(["sleep loop"], model.Idle);
        Assert.Equal(["生气"], model.Emotions["angry"].Expressions!);
        Assert.Equal("wave", model.Gestures["wave"].Motion);
        Assert.Equal([("Stars", "expression", "星星眼"), ("Hi", "motion", "wave"), ("Off", "clear", null)], model.Hotkeys.Select(h => (h.Name, h.Action, h.Target)));
        Assert.Equal(["LeftControl", "N1"], model.Hotkeys[0].Keys);
        Assert.Equal(
            ["hotkey_missing", "hotkeys_unsupported", "expressions_found", "motions_found"],
            report.Findings.Where(f => f.Code != "path_mended").Select(f => f.Code));
        Assert.Equal("2", report.Findings.Single(f => f.Code == "motions_found").Arguments["count"]);
    }

    /// <summary>Pitfall 22: names in another case, escaped, with backslashes, with marks of macOS, or in another folder.</summary>
    [Theory]
    [InlineData("A.MOC3", "a.moc3")]
    [InlineData(@"sub\a.moc3", "sub/a.moc3")]
    [InlineData("%E3%81%82%20b.moc3", "あ b.moc3")]
    [InlineData("がぱ.moc3", "か\u3099は\u309a.moc3")]
    [InlineData("./x/../a.moc3", "a.moc3")]
    [InlineData("C:/Users/me/model/a.moc3", "runtime/a.moc3")]
    [InlineData("../../a.moc3", "a.moc3")]
    public void A_reference_finds_its_file_however_it_is_spelled(string reference, string file)
    {
        var files = ModelRig.Good();
        files.Remove("a.moc3");
        files[file] = ModelRig.Moc();
        files["other.moc3"] = ModelRig.Moc();
        files["a.model3.json"] = ModelRig.Utf8(Encoding.UTF8.GetString(files["a.model3.json"]).Replace("\"a.moc3\"", $"\"{reference.Replace("\\", "\\\\", StringComparison.Ordinal)}\"", StringComparison.Ordinal));
        var report = ModelRig.Read(files);
        Assert.Equal(string.Join('/', file.Split('/').Select(Uri.EscapeDataString)), report.Manifest!.Moc);
        Assert.True(report.IsGood);
        Assert.All(report.Findings, f => Assert.Equal("path_mended", f.Code));
    }

    /// <summary>Pitfall 23: models whose author named no parameters for eyes and mouth.</summary>
    [Theory]
    [InlineData(null, "ParamEyeLOpen ParamEyeROpen PARAM_EYE_L_OPEN PARAM_EYE_R_OPEN", "ParamMouthOpenY PARAM_MOUTH_OPEN_Y")]
    [InlineData("ParamEyeLOpen ParamEyeROpen ParamMouthOpenY", "ParamEyeLOpen ParamEyeROpen", "ParamMouthOpenY")]
    [InlineData("PARAM_EYE_L_OPEN PARAM_MOUTH_OPEN_Y", "PARAM_EYE_L_OPEN", "PARAM_MOUTH_OPEN_Y")]
    [InlineData("ParamAngleX", "", "")]
    public void Missing_groups_are_made_of_the_standard_parameters_that_the_model_has(string? known, string eyes, string mouth)
    {
        var changes = new List<(string, string?)>
        {
            ("a.model3.json", """{"FileReferences":{"Moc":"a.moc3","Textures":["a.1024/texture_00.png"]},"Groups":[{"Name":"LipSync","Ids":[]}]}"""),
        };
        if (known is not null)
            changes.Add(("a.cdi3.json", $$"""{"Parameters":[{{string.Join(',', known.Split(' ').Select(id => $$"""{"Id":"{{id}}","Name":"名 {{id}}"}"""))}}]}"""));
        var report = ModelRig.ReadGoodBut([.. changes]);
        Assert.Equal(eyes, string.Join(' ', report.Manifest!.EyeBlink));
        Assert.Equal(mouth, string.Join(' ', report.Manifest.LipSync));
        Assert.Equal(eyes.Length > 0 ? 2 : 0, report.Findings.Count(f => f.Code == "group_missing"));
        Assert.Equal(known?.Split(' ').Length ?? 0, report.Manifest.Names.Parameters.Count);
    }

    [Fact]
    public void A_folder_with_only_a_moc_is_put_together()
    {
        var report = ModelRig.Read(new Dictionary<string, byte[]>
        {
            ["deep/down/x.moc3"] = ModelRig.Moc(),
            ["deep/down/tex/texture_10.png"] = ModelRig.Png(),
            ["deep/down/tex/texture_2.png"] = ModelRig.Png(),
            ["icon.png"] = ModelRig.Png(),
            ["x.physics3.json"] = ModelRig.Utf8("{}"),
            ["x.userdata3.json"] = ModelRig.Utf8("""{"UserData":[{"Target":"ArtMesh","Id":"Mesh1","Value":"hair"}]}"""),
        });
        var model = report.Manifest!;
        Assert.Equal(("deep/down/x.moc3", "x.physics3.json"), (model.Moc, model.Physics));
        Assert.Equal(["deep/down/tex/texture_2.png", "deep/down/tex/texture_10.png"], model.Textures);
        Assert.Equal("hair", model.Notes["Mesh1"]);
        Assert.True(report.IsGood);
        Assert.Equal(["definition_missing", "group_missing", "part_found", "textures_found"], report.Findings.Select(f => f.Code).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Definitions_are_read_with_comments_commas_and_a_mark_at_their_beginning()
    {
        var text = Encoding.UTF8.GetString(ModelRig.Good()["a.model3.json"]);
        var report = ModelRig.ReadGoodBut(("a.model3.json", "\uFEFF// made by hand\n" + text.TrimEnd()[..^1] + ",}"));
        Assert.Empty(report.Findings);
        Assert.Equal("Smile", report.Manifest!.Expressions.Single().Name);
    }

    [Fact]
    public void Files_of_old_encodings_are_read_and_said()
    {
        var files = ModelRig.Good();
        var japanese = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        files["a.cdi3.json"] = japanese.GetBytes("""{"Parameters":[{"Id":"ParamAngleX","Name":"角度 ひだり"}]}""");
        var report = ModelRig.Read(files);
        Assert.Equal("角度 ひだり", report.Manifest!.Names.Parameters["ParamAngleX"]);
        Assert.Contains(report.Findings, f => f is { Code: "encoding_mended", File: "a.cdi3.json" });
    }

    [Fact]
    public void Cubism_2_is_read()
    {
        var report = ModelRig.Read(new Dictionary<string, byte[]>
        {
            ["model.json"] = ModelRig.Utf8("""
                {"version":"1.0.0","model":"moc/x.moc","textures":["moc/x.1024/texture_00.png"],"physics":"x.physics.json",
                 "expressions":[{"name":"f01.exp.json","file":"exp/f01.exp.json"}],
                 "motions":{"idle":[{"file":"mtn/idle.mtn","fade_in":2000}],"tap_body":[{"file":"mtn/tap.mtn","sound":"snd/a.mp3"}],"flick_head":[{"file":"mtn/flick.mtn"}]},
                 "hit_areas":[{"name":"body","id":"D_REF.BODY"}],"layout":{"center_x":0,"width":2}}
                """),
            ["moc/x.moc"] = [.. "moc"u8, .. new byte[80]],
            ["moc/x.1024/texture_00.png"] = ModelRig.Png(),
            ["x.physics.json"] = ModelRig.Utf8("{}"),
            ["exp/f01.exp.json"] = ModelRig.Utf8("{}"),
            ["exp/smile.exp.json"] = ModelRig.Utf8("{}"),
            ["mtn/idle.mtn"] = [],
            ["mtn/tap.mtn"] = [],
            ["mtn/flick.mtn"] = [],
            ["mtn/lost.mtn"] = [],
            ["snd/a.mp3"] = [],
        });
        var model = report.Manifest!;
        Assert.Equal(("cubism2", "moc/x.moc", "x.physics.json"), (model.Kind, model.Moc, model.Physics));
        Assert.Equal(["f01", "smile"], model.Expressions.Select(e => e.Name));
        Assert.Equal(["idle", "tap", "flick", "lost"], model.Motions.Select(m => m.Name));
        Assert.Equal((2.0, "snd/a.mp3"), (model.Motions[0].FadeIn, model.Motions[1].Sound));
        Assert.Equal(["idle"], model.Idle);
        Assert.Equal(("tap", "flick"), (model.Touches["body"].Motion, model.Touches["head"].Motion));
        Assert.Equal(["joy"], model.Emotions.Keys);
        Assert.Equal(["PARAM_MOUTH_OPEN_Y"], model.LipSync);
        Assert.True(report.IsGood);
    }

    [Fact]
    public void Of_several_models_in_a_folder_one_is_used_and_keeps_what_is_its_own()
    {
        var other = """{"FileReferences":{"Moc":"b.moc3","Textures":["a.1024/texture_00.png"],"Expressions":[{"Name":"Theirs","File":"exp/theirs.exp3.json"}]}}""";
        (string, string?)[] changes = [("b.model3.json", other), ("exp/theirs.exp3.json", ModelRig.Expression), ("exp/lost.exp3.json", ModelRig.Expression)];
        var report = ModelRig.ReadGoodBut(changes);
        Assert.Equal("a.moc3", report.Manifest!.Moc);
        Assert.Equal(["Smile", "lost"], report.Manifest.Expressions.Select(e => e.Name));
        Assert.Contains(report.Findings, f => f is { Code: "several_models", File: "a.model3.json" });

        var chosen = ModelRig.ReadGoodBut([.. changes, ("b.moc3", "MOC3"), ("avatar.json", """{"model":"b.model3.json"}""")]);
        Assert.Equal("b.moc3", chosen.Manifest!.Moc);
        Assert.Equal(["Theirs", "lost"], chosen.Manifest.Expressions.Select(e => e.Name));
    }

    [Fact]
    public void Names_are_unique_whatever_their_case()
    {
        var report = ModelRig.ReadGoodBut(("x/SMILE.exp3.json", ModelRig.Expression), ("y/smile.exp3.json", ModelRig.Expression));
        Assert.Equal(["Smile", "SMILE-2", "smile-3"], report.Manifest!.Expressions.Select(e => e.Name));
    }

    [Fact]
    public void What_is_no_file_of_the_folder_is_never_read()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Links need a right there.");
        using var rig = new ModelRig();
        var outside = rig.Keep("secret.exp3.json", ModelRig.Utf8(ModelRig.Expression));
        var folder = rig.Put("it", ModelRig.Good());
        File.CreateSymbolicLink(Path.Combine(folder, "exp", "linked.exp3.json"), outside);
        Directory.CreateSymbolicLink(Path.Combine(folder, "linked"), rig.Data);
        Directory.CreateSymbolicLink(Path.Combine(rig.Data, "models", "linked"), rig.Data);
        var report = rig.Folder.List().Single();
        Assert.Equal(["Smile"], report.Manifest!.Expressions.Select(e => e.Name));
        Assert.Equal(["exp/linked.exp3.json", "linked"], report.Findings.Where(f => f.Code == "link_ignored").Select(f => f.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_read_is_kept_until_a_file_changes()
    {
        using var rig = new ModelRig();
        var folder = rig.Put("it", ModelRig.Good());
        var first = rig.Folder.Find("it");
        Assert.Same(first, rig.Folder.Find("it"));
        Assert.Same(first, rig.Folder.List().Single());
        File.WriteAllText(Path.Combine(folder, "new.exp3.json"), ModelRig.Expression);
        Assert.Equal(["Smile", "new"], rig.Folder.Find("it")!.Manifest!.Expressions.Select(e => e.Name));
        Assert.Null(rig.Folder.Find("IT/../it"));
    }

    [Fact]
    public void Fifty_models_that_were_read_before_are_listed_without_reading_them_again()
    {
        using var rig = new ModelRig();
        for (var i = 0; i < 50; i++)
        {
            rig.Put($"model {i:00}", ModelRig.Good());
            rig.Put($"model {i:00}", Enumerable.Range(0, 40).Select(n => KeyValuePair.Create($"more/{n}.exp3.json", ModelRig.Utf8(ModelRig.Expression))));
        }

        var first = rig.Folder.List();
        Assert.Equal(50, first.Count);
        Assert.All(first.Zip(rig.Folder.List()), pair => Assert.Same(pair.First, pair.Second));
    }
}
