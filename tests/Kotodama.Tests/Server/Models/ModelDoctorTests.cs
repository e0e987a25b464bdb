using System.Text.RegularExpressions;
using Kotodama.Server.Models;

namespace Kotodama.Tests.Server.Models;

public sealed partial class ModelDoctorTests
{
    public static TheoryData<string, FindingSeverity, string?, string, string?> Faults() => new()
    {
        { "model_broken", FindingSeverity.Error, "a.model3.json", "a.model3.json", "{\"FileReferences\":\n  {\"Moc\" \"a.moc3\"}}" },
        { "moc_missing", FindingSeverity.Error, "a.model3.json", "a.moc3", null },
        { "moc_damaged", FindingSeverity.Error, "a.moc3", "a.moc3", "nothing" },
        { "texture_missing", FindingSeverity.Error, "a.model3.json", "a.1024/texture_00.png", null },
        { "texture_damaged", FindingSeverity.Error, "a.1024/texture_00.png", "a.1024/texture_00.png", "<html>" },
        { "reference_missing", FindingSeverity.Warning, "a.model3.json", "exp/Smile.exp3.json", null },
        { "file_broken", FindingSeverity.Warning, "exp/Smile.exp3.json", "exp/Smile.exp3.json", "{" },
        { "file_broken", FindingSeverity.Warning, "motions/tap.motion3.json", "motions/tap.motion3.json", "[]" },
        { "blend_unknown", FindingSeverity.Warning, "exp/Smile.exp3.json", "exp/Smile.exp3.json", """{"Parameters":[{"Id":"a","Blend":"Screen"}]}""" },
        { "sound_missing", FindingSeverity.Warning, "a.model3.json", "tap.wav", null },
        { "motion_damaged", FindingSeverity.Warning, "motions/tap.motion3.json", "motions/tap.motion3.json", """{"Curves":[{"Id":"a","Segments":[0,0,9,1,1]}]}""" },
        { "motion_counts", FindingSeverity.Mended, null, "motions/tap.motion3.json", """{"Meta":{"CurveCount":9},"Curves":[{"Id":"a","Segments":[0,0,1,1,1,2,2,3,3]}]}""" },
        { "motion_sync", FindingSeverity.Hint, "a.motionsync3.json", "a.motionsync3.json", "{}" },
        { "part_found", FindingSeverity.Mended, "a.pose3.json", "a.pose3.json", "{}" },
        { "avatar_bad", FindingSeverity.Error, "avatar.json", "avatar.json", "{\n\"placement\":{\"scale\":20}}" },
        { "avatar_unknown", FindingSeverity.Warning, "avatar.json", "avatar.json", """{"emotions":{"joy":{"expressions":["Grin"]}}}""" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_found_and_named(string code, FindingSeverity severity, string? file, string path, string? text)
    {
        var report = ModelRig.ReadGoodBut((path, text));
        var finding = Assert.Single(report.Findings, f => f.Code == code);
        Assert.Equal((severity, file), (finding.Severity, finding.File));
        Assert.Equal(severity == FindingSeverity.Error, !report.IsGood);
    }

    [Fact]
    public void A_broken_definition_is_told_with_its_line_and_the_rest_is_shown()
    {
        var report = ModelRig.ReadGoodBut(("a.model3.json", "{\"FileReferences\":\n  {\"Moc\" \"a.moc3\"}}"));
        Assert.Equal("2", report.Findings.Single(f => f.Code == "model_broken").Arguments["line"]);
        Assert.Equal(("a.moc3", 1, 1, 2), (report.Manifest!.Moc, report.Manifest.Textures.Count, report.Manifest.Expressions.Count, report.Manifest.Motions.Count));
    }

    [Fact]
    public void Motions_with_wrong_counts_are_one_finding()
    {
        const string Wrong = """{"Meta":{"TotalSegmentCount":5},"Curves":[]}""";
        var report = ModelRig.ReadGoodBut(("motions/tap.motion3.json", Wrong), ("motions/idle.motion3.json", Wrong));
        Assert.Equal("2", report.Findings.Single(f => f.Code == "motion_counts").Arguments["count"]);
    }

    [Theory]
    [InlineData("x.cmo3", "editor_file")]
    [InlineData("x.CAN3", "editor_file")]
    [InlineData("readme.txt", "no_model")]
    public void A_folder_without_a_model_says_what_it_is_instead(string file, string code)
    {
        var report = ModelRig.Read(new Dictionary<string, byte[]> { [file] = [] });
        Assert.Null(report.Manifest);
        Assert.False(report.IsGood);
        Assert.Equal(code, report.Findings.Single().Code);
    }

    [Theory]
    [InlineData("MocVersion_50", 5, false)]
    [InlineData("MocVersion_50", 6, true)]
    [InlineData("MocVersion_30 MocVersion_42", 5, true)]
    [InlineData("MocVersion_50 csmGetOffscreenCount", 6, false)]
    [InlineData("MocVersion_53", 6, false)]
    [InlineData("no version", 6, false)]
    [InlineData("no version", 7, true)]
    public void A_model_that_needs_a_newer_core_is_told_both_versions(string core, byte version, bool isTold)
    {
        using var rig = new ModelRig();
        rig.Folder.Cores.Put(ModelRig.Utf8($"var Live2DCubismCore; /* {core} */"));
        rig.Put("it", ModelRig.Good());
        rig.Put("it", KeyValuePair.Create("a.moc3", ModelRig.Moc(version)));
        var finding = rig.Folder.Find("it")!.Findings.SingleOrDefault(f => f.Code == "core_too_old");
        Assert.Equal(isTold, finding is not null);
        if (finding is not null)
            Assert.Equal($"{version}", finding.Arguments["need"]);
    }

    [Fact]
    public void Another_core_is_another_answer()
    {
        using var rig = new ModelRig();
        rig.Put("it", ModelRig.Good());
        rig.Put("it", KeyValuePair.Create("a.moc3", ModelRig.Moc(6)));
        Assert.True(rig.Folder.Find("it")!.IsGood);
        rig.Folder.Cores.Put("Live2DCubismCore MocVersion_50"u8);
        Assert.False(rig.Folder.Find("it")!.IsGood);
        rig.Folder.Cores.Put("Live2DCubismCore MocVersion_50 MocVersion_53"u8);
        Assert.True(rig.Folder.List().Single().IsGood);
    }

    [Fact]
    public void Huge_textures_are_told_with_their_size()
    {
        var files = ModelRig.Good();
        files["a.1024/texture_00.png"] = ModelRig.Png(16_384, 8_192);
        var report = ModelRig.Read(files);
        var finding = report.Findings.Single(f => f.Code == "texture_large");
        Assert.Equal(("16384", "8192"), (finding.Arguments["width"], finding.Arguments["height"]));
        Assert.Equal("715", report.Findings.Single(f => f.Code == "textures_heavy").Arguments["megabytes"]);
        Assert.True(report.IsGood);
    }

    [Fact]
    public void Pictures_tell_their_size_in_their_first_bytes()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC4, 0, 3, 1, 0xFF, 0xC2, 0, 17, 8, 0x01, 0x02, 0x03, 0x04, 0, 0, 0];
        Assert.Equal((0x0304, 0x0102), PictureHead.Read(jpeg));
        byte[] webp = [.. "RIFF----WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0x0F, 0, 0x7F, 0, 0];
        Assert.Equal((4096, 128), PictureHead.Read(webp));
        Assert.Equal((640, 480), PictureHead.Read(ModelRig.Png(640, 480)));
        Assert.Null(PictureHead.Read(ModelRig.Png(0, 480)));
        Assert.Null(PictureHead.Read(jpeg.AsSpan(0, 9)));
    }

    [Fact]
    public void Files_beyond_the_limits_are_told_with_limit_and_setting()
    {
        using var rig = new ModelRig(new() { Files = 5, JsonBytes = 1_000 });
        rig.Put("it", ModelRig.GoodBut(("exp/Smile.exp3.json", new string(' ', 2_000))));
        var report = rig.Folder.Find("it")!;
        Assert.Equal(("5", "Kotodama:Models:Files"), (report.Findings.Single(f => f.Code == "too_many_files").Arguments["limit"], report.Findings.Single(f => f.Code == "too_many_files").Arguments["setting"]));
        Assert.Equal(5, report.Files);
    }

    [Fact]
    public void Every_finding_has_a_sentence_in_each_language_with_the_same_places()
    {
        foreach (var code in FindingTexts.Codes)
        {
            var texts = FindingTexts.Templates(code);
            Assert.Equal(["en", "zh", "ja"], texts.Keys);
            var places = texts.ToDictionary(t => t.Key, t => Place().Matches(t.Value).Select(m => m.Value).Order(StringComparer.Ordinal).ToArray());
            Assert.Equal(places["en"].Except(["{setting}"]), places["zh"].Except(["{setting}"]));
            Assert.Equal(places["en"].Except(["{setting}"]), places["ja"].Except(["{setting}"]));
            Assert.Matches("[\u4e00-\u9fff]", texts["zh"]);
            Assert.Matches("[\u3040-\u30ff]", texts["ja"]);
        }
    }

    [Fact]
    public void What_stands_in_a_sentence_is_no_template()
    {
        var finding = ModelFinding.OfPath("moc_missing", "{name}", ("name", "{file}{name}{x}"));
        Assert.Contains("{file}{name}{x}", finding.Text["en"], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, 1_000)]
    private static partial Regex Place();
}
