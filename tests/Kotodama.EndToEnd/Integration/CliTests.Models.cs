using System.Text.Json.Nodes;

namespace Kotodama.EndToEnd.Integration;

public sealed partial class CliTests
{
    [Fact]
    public async Task Models_are_added_listed_shown_checked_and_removed_without_a_hub()
    {
        var nothing = await RunAsync("models", "--data", _data);
        Assert.Equal(0, nothing.Code);
        Assert.Contains("There are no models yet", nothing.Error, StringComparison.Ordinal);
        Assert.Contains("Core: none.", nothing.Out, StringComparison.Ordinal);

        var source = Path.Combine(_data, "Aiko");
        ModelRig.Write(source, ModelRig.GoodBut(("tap.wav", null), ("exp/生气.exp3.json", ModelRig.Expression)));
        var added = await RunAsync("models", "add", source, "--name", "愛子", "--data", _data);
        Assert.Equal(0, added.Code);
        Assert.Contains("Added 愛子.", added.Out, StringComparison.Ordinal);
        Assert.Contains("warn    The sound tap.wav of the motion tap is missing", added.Out, StringComparison.Ordinal);
        Assert.Contains("mended  1 expressions", added.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("no models yet", added.Error, StringComparison.Ordinal);

        var listed = await RunAsync("models", "list", "--data", _data);
        Assert.Matches("  愛子  Cubism, 2 expressions, 2 motions, .* 1 problem: kotodama models check says which\n", listed.Out);
        var json = JsonNode.Parse((await RunAsync("models", "--json", "--data", _data)).Out)!.AsArray().Single()!;
        Assert.Equal(("愛子", 1), ((string)json["name"]!, (int)json["problems"]!));

        var shown = await RunAsync("models", "show", "愛子", "--data", _data);
        Assert.Contains("expressions    Smile, 生气", shown.Out, StringComparison.Ordinal);
        Assert.Contains("emotions       joy: Smile, angry: 生气", shown.Out, StringComparison.Ordinal);

        var checkedInChinese = await RunAsync("models", "check", "愛子", "--lang", "zh", "--data", _data);
        Assert.Equal(0, checkedInChinese.Code);
        Assert.Contains("播放时没有声音", checkedInChinese.Out, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("models", "remove", "愛子", "--data", _data)).Code);
        var gone = await RunAsync("models", "show", "愛子", "--data", _data);
        Assert.Equal(1, gone.Code);
        Assert.Contains("there is no model of this name. kotodama models shows which there are.", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_folder_or_zip_is_checked_and_errors_are_the_exit_code()
    {
        var zip = Path.Combine(_data, "x.zip");
        Directory.CreateDirectory(_data);
        await File.WriteAllBytesAsync(zip, ModelRig.Zip(ModelRig.GoodBut(("a.moc3", null))), Cancel);
        var result = await RunAsync("models", "check", zip, "--data", _data);
        Assert.Equal(1, result.Code);
        Assert.Contains("FAIL    The model itself, a.moc3, is missing.", result.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_data, "models")));
        Assert.Equal(1, (await RunAsync("models", "check", "nowhere", "--data", _data)).Code);
        var nowhere = await RunAsync("models", "add", Path.Combine(_data, "nowhere"), "--data", _data);
        Assert.Equal(1, nowhere.Code);
        Assert.Contains("nowhere is not there. Name a folder, a zip file or the files of a model.", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_core_is_brought_by_its_file_and_never_fetched_unasked()
    {
        Directory.CreateDirectory(_data);
        var script = Path.Combine(_data, "core.js");
        await File.WriteAllTextAsync(script, "var Live2DCubismCore; // MocVersion_50", Cancel);
        var none = await RunAsync("models", "core", "--data", _data);
        Assert.Equal(0, none.Code);
        Assert.Contains("live2d-proprietary-software-license", none.Out, StringComparison.Ordinal);
        var kept = await RunAsync("models", "core", script, "--data", _data);
        Assert.Contains("Core: live2dcubismcore.min.js 38 bytes, knows models up to version 5", kept.Out, StringComparison.Ordinal);
        await File.WriteAllTextAsync(script, "alert(1)", Cancel);
        var refused = await RunAsync("models", "core", script, "--data", _data);
        Assert.Equal(1, refused.Code);
        Assert.Contains("the script is no Core of Live2D", refused.Error, StringComparison.Ordinal);
        var nowhere = await RunAsync("models", "core", script + "x", "--data", _data);
        Assert.Equal(1, nowhere.Code);
        Assert.Contains("core.jsx is not there. Name live2dcubismcore.min.js of the Cubism SDK for Web.", nowhere.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("models", "core", script, "--accept-licence", "--data", _data)).Code);
        Assert.Equal(2, (await RunAsync("models", "add", script, "--name", "../up", "--data", _data)).Code);
        Assert.Equal(2, (await RunAsync("models", "check", "--lang", "fr", "--data", _data)).Code);
    }
}
