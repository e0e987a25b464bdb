using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Models;

namespace Kotodama.Tests.Server.Models;

public sealed class ModelIntakeTests : IDisposable
{
    private readonly ModelRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_is_copied_with_what_belongs_to_a_model()
    {
        var source = Path.Combine(_rig.Data, "Aiko (free)");
        ModelRig.Write(source, ModelRig.GoodBut(("readme.txt", "thanks"), ("a.psd", "big"), ("install.exe", "no"), (".DS_Store", "x"), ("__MACOSX/a.moc3", "x")));
        var added = await _rig.Folder.AddAsync([source], cancellationToken: Token);
        var model = added.Models.Single();
        Assert.Equal(("a", 8, true), (model.Name, model.Files, model.IsGood));
        Assert.True(File.Exists(Path.Combine(source, "a.psd")));
        Assert.Equal(["models"], Directory.EnumerateDirectories(_rig.Data).Select(d => Path.GetFileName(d)).Where(d => d != "Aiko (free)"));
        Assert.Equal(["a"], Directory.EnumerateDirectories(_rig.Folder.FullPath!).Select(d => Path.GetFileName(d)));
    }

    [Fact]
    public async Task A_name_that_is_taken_gets_a_number_and_one_that_no_folder_can_have_is_mended()
    {
        var zip = _rig.Keep("x.zip", ModelRig.Zip(ModelRig.Good()));
        var names = new List<string>();
        foreach (var wish in new[] { null, "A", "koto", "../up: a*", "..", "愛子 ver.2" })
            names.Add((await _rig.Folder.AddAsync([zip], wish, cancellationToken: Token)).Models.Single().Name);
        Assert.Equal(["a", "A-2", "koto-2", "up a", "model", "愛子 ver.2"], names);
    }

    [Fact]
    public async Task Wrapper_folders_are_left_out_and_what_lies_beside_the_definition_stays()
    {
        var files = ModelRig.Good().Select(f => KeyValuePair.Create($"Aiko_v1/Aiko/{(f.Key.StartsWith("exp/", StringComparison.Ordinal) ? f.Key : "runtime/" + f.Key)}", f.Value));
        var zip = _rig.Keep("pack.zip", ModelRig.Zip(files));
        var model = (await _rig.Folder.AddAsync([zip], cancellationToken: Token)).Models.Single();
        Assert.Equal(("runtime/a.moc3", "exp/Smile.exp3.json"), (model.Manifest!.Moc, model.Manifest.Expressions.Single().File));
    }

    [Fact]
    public async Task Several_models_in_a_zip_are_several_models_and_a_core_among_them_is_kept()
    {
        var good = ModelRig.Good();
        var files = good.Select(f => KeyValuePair.Create("Sdk/Samples/Aiko/" + f.Key, f.Value))
            .Concat(good.Select(f => KeyValuePair.Create("Sdk/Samples/Beni/" + f.Key.Replace("a.model3", "model", StringComparison.Ordinal), f.Value)))
            .Append(KeyValuePair.Create("Sdk/Core/live2dcubismcore.min.js", ModelRig.Utf8("var Live2DCubismCore")))
            .Append(KeyValuePair.Create("Sdk/readme.md", ModelRig.Utf8("x")));
        var zip = _rig.Keep("sdk.zip", ModelRig.Zip(files));
        var added = await _rig.Folder.AddAsync([zip], "ignored", cancellationToken: Token);
        Assert.Equal(["Beni", "a"], added.Models.Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.All(added.Models, m => Assert.NotNull(m.Manifest));
        Assert.Equal("live2dcubismcore.min.js", added.Cores.Single().File);
        Assert.NotNull(_rig.Folder.Cores.Core);
    }

    [Theory]
    [InlineData(932, "表情/すまいる.exp3.json")]
    [InlineData(936, "表情/开心.exp3.json")]
    [InlineData(65001, "表情/开心 ☆.exp3.json")]
    public async Task Names_of_zips_without_a_flag_are_read_in_the_encoding_that_they_have(int page, string name)
    {
        var encoding = page == 65001 ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(page)!;
        var files = ModelRig.Good();
        files[name] = ModelRig.Utf8(ModelRig.Expression);
        var bytes = ModelRig.Zip(files, encoding);
        var zip = _rig.Keep("x.zip", page == 65001 ? bytes : WithoutFlags(bytes));
        var model = (await _rig.Folder.AddAsync([zip], cancellationToken: Token)).Models.Single();
        Assert.Contains(model.Manifest!.Expressions, e => Uri.UnescapeDataString(e.File) == name);
    }

    [Theory]
    [InlineData("../evil.moc3", "leads out")]
    [InlineData("a/../../evil.moc3", "leads out")]
    [InlineData("/etc/evil.moc3", "leads out")]
    [InlineData(@"..\evil.moc3", "leads out")]
    [InlineData(@"C:\evil.moc3", "leads out")]
    [InlineData("C:/evil.moc3", "leads out")]
    [InlineData("a/con.json", "every system")]
    [InlineData("a/NUL", "every system")]
    [InlineData("a/b\u0001.json", "every system")]
    [InlineData("a/b?.json", "every system")]
    [InlineData("a./b.json", "every system")]
    [InlineData("A.MOC3", "same name")]
    [InlineData("EXP/smile.exp3.json", "same name")]
    public async Task A_zip_with_a_name_that_is_not_safe_is_refused_whole(string name, string reason)
    {
        var zip = _rig.Keep("x.zip", ModelRig.Zip(ModelRig.Good().Append(KeyValuePair.Create(name, ModelRig.Utf8("x")))));
        await RefusedAsync(zip, ErrorCode.BadModel, reason);
        Assert.False(File.Exists(Path.Combine(_rig.Data, "evil.moc3")));
    }

    [Fact]
    public async Task A_path_that_is_too_long_is_refused() =>
        await RefusedAsync(_rig.Keep("x.zip", ModelRig.Zip(ModelRig.Good().Append(KeyValuePair.Create(new string('x', 250) + ".json", Array.Empty<byte>())))), ErrorCode.BadModel, "every system");

    [Fact]
    public async Task Links_in_a_zip_are_left_out()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, bytes) in ModelRig.Good())
            {
                using var entry = archive.CreateEntry(path).Open();
                entry.Write(bytes);
            }

            var link = archive.CreateEntry("linked.exp3.json");
            link.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var target = link.Open();
            target.Write("/etc/passwd"u8);
        }

        var model = (await _rig.Folder.AddAsync([_rig.Keep("x.zip", zip.ToArray())], cancellationToken: Token)).Models.Single();
        Assert.Equal(["Smile"], model.Manifest!.Expressions.Select(e => e.Name));
    }

    [Theory]
    [InlineData(nameof(ModelLimits.ModelBytes), 100_000)]
    [InlineData(nameof(ModelLimits.FileBytes), 50_000)]
    [InlineData(nameof(ModelLimits.UploadBytes), 500)]
    [InlineData(nameof(ModelLimits.Files), 3)]
    public async Task A_zip_that_unpacks_to_too_much_is_refused_with_the_setting(string setting, int limit)
    {
        typeof(ModelLimits).GetProperty(setting)!.SetValue(_rig.Limits, typeof(ModelLimits).GetProperty(setting)!.PropertyType == typeof(int) ? limit : (object)(long)limit);
        var bomb = ModelRig.Good().Concat(Enumerable.Range(0, 3).Select(i => KeyValuePair.Create($"{i}.png", new byte[60_000])));
        var refused = await RefusedAsync(_rig.Keep("x.zip", ModelRig.Zip(bomb)), ErrorCode.TooBig, $"{limit}");
        Assert.Contains($"Kotodama:Models:{setting}", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_that_lies_about_its_sizes_is_stopped_by_what_comes_out()
    {
        _rig.Limits.FileBytes = 50_000;
        var bytes = ModelRig.Zip([KeyValuePair.Create("a.png", new byte[200_000])], level: CompressionLevel.SmallestSize);

        // The size in the directory, 24 bytes after its sign.
        var directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        bytes.AsSpan(directory + 24, 4).Clear();
        bytes[directory + 24] = 100;
        var refused = await Assert.ThrowsAsync<ModelException>(() => _rig.Folder.AddAsync([_rig.Keep("x.zip", bytes)], cancellationToken: Token));
        Assert.Contains(refused.Code, new[] { ErrorCode.TooBig, ErrorCode.BadModel });
    }

    /// <summary>The end of a zip file may point to a larger one, whose number of entries counts.</summary>
    [Theory]
    [InlineData(7, "7 files", true)]
    [InlineData(1_000_000, "more than 32768 entries", false)]
    public async Task The_entries_of_a_zip_of_the_large_kind_are_counted_before_they_are_read(long entries, string outcome, bool isTaken)
    {
        var zip = ModelRig.Zip(ModelRig.Good()).AsSpan();
        var at = zip.LastIndexOf("PK\u0005\u0006"u8);
        var (large, locator) = (new byte[56], new byte[20]);
        "PK\u0006\u0006"u8.CopyTo(large);
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(24), entries);
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(32), entries);
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(40), BinaryPrimitives.ReadUInt32LittleEndian(zip[(at + 12)..]));
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(48), BinaryPrimitives.ReadUInt32LittleEndian(zip[(at + 16)..]));
        "PK\u0006\u0007"u8.CopyTo(locator);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), at);
        BinaryPrimitives.WriteInt32LittleEndian(locator.AsSpan(16), 1);
        zip.Slice(at + 16, 4).Fill(0xFF);
        var path = _rig.Keep("x.zip", [.. zip[..at], .. large, .. locator, .. zip[at..]]);
        if (isTaken)
            Assert.Equal(outcome, $"{(await _rig.Folder.AddAsync([path], cancellationToken: Token)).Models.Single().Files} files");
        else
            await RefusedAsync(path, ErrorCode.TooBig, outcome);
    }

    [Theory]
    [InlineData("Rar!\u001a\u0007", "a RAR file")]
    [InlineData("7z\u00bc\u00af", "a 7z file")]
    [InlineData("<html>", "no zip file")]
    [InlineData("PK\u0003\u0004broken", "damaged")]
    [InlineData("", "no zip file")]
    public async Task What_is_no_zip_is_said(string content, string reason) =>
        await RefusedAsync(_rig.Keep("x.zip", Encoding.Latin1.GetBytes(content)), ErrorCode.BadModel, reason);

    [Fact]
    public async Task What_holds_no_model_is_refused_with_what_it_is()
    {
        await RefusedAsync(_rig.Keep("x.zip", ModelRig.Zip([KeyValuePair.Create("x.cmo3", new byte[100])])), ErrorCode.BadModel, "file of the Live2D editor");
        await RefusedAsync(_rig.Keep("y.zip", ModelRig.Zip([KeyValuePair.Create("a.png", ModelRig.Png())])), ErrorCode.BadModel, "no Live2D model");
        await RefusedAsync(_rig.Keep("z.js", "alert(1)"u8.ToArray()), ErrorCode.BadModel, "no Core");
        await RefusedAsync(Path.Combine(_rig.Data, "nowhere"), ErrorCode.NotFound, "is not there");
    }

    /// <summary>A small zip file may hold thousands of scripts, each as large as a Core may be.</summary>
    [Fact]
    public async Task Of_many_scripts_one_of_each_kind_is_held_in_memory()
    {
        string[] contents = ["var Live2DCubismCore", "alert(1)", "var Live2DModelWebGL"];
        var scripts = Enumerable.Range(0, 60).Select(i => KeyValuePair.Create($"{i}/live2d-{i}.js", ModelRig.Utf8($"{contents[i % 3]} // {i}")));
        using var intake = new ModelIntake(Path.Combine(_rig.Data, "taken"), _rig.Limits, null);
        await intake.TakeAsync(_rig.Keep("x.zip", ModelRig.Zip(scripts)), Token);
        Assert.Equal(["", ModelCores.Cubism2, ModelCores.Cubism], intake.Scripts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("var Live2DCubismCore // 0", Encoding.UTF8.GetString(intake.Scripts[ModelCores.Cubism]));
    }

    [Fact]
    public async Task No_more_models_are_added_than_may_be()
    {
        _rig.Limits.Models = 1;
        var zip = _rig.Keep("x.zip", ModelRig.Zip(ModelRig.Good()));
        await _rig.Folder.AddAsync([zip], cancellationToken: Token);
        await RefusedAsync(zip, ErrorCode.TooManyModels, "at most 1");
    }

    /// <summary>Most models have files of the same names, such as their textures.</summary>
    [Fact]
    public async Task Folders_and_zip_files_that_are_added_together_are_models_of_their_own()
    {
        var files = ModelRig.Good().Select(f => KeyValuePair.Create(f.Key.Replace("a.model3", "model", StringComparison.Ordinal), f.Value)).ToArray();
        var folder = Path.Combine(_rig.Data, "Aiko");
        ModelRig.Write(folder, files);
        var other = Path.Combine(_rig.Data, "more", "Aiko");
        ModelRig.Write(Path.Combine(other, "runtime"), ModelRig.Good());
        var added = await _rig.Folder.AddAsync([folder, _rig.Keep("Beni.zip", ModelRig.Zip(files)), other], cancellationToken: Token);
        Assert.Equal(["Aiko", "Beni", "a"], added.Models.Select(m => m.Name));
        Assert.All(added.Models, m => Assert.Equal((true, 7), (m.IsGood, m.Files)));
    }

    [Fact]
    public async Task Single_files_make_one_model_together()
    {
        var folder = Path.Combine(_rig.Data, "loose");
        ModelRig.Write(folder, new Dictionary<string, byte[]> { ["x.moc3"] = ModelRig.Moc(), ["texture_00.png"] = ModelRig.Png(), ["joy.exp3.json"] = ModelRig.Utf8(ModelRig.Expression) });
        var added = await _rig.Folder.AddAsync([.. Directory.EnumerateFiles(folder)], cancellationToken: Token);
        Assert.Equal(("x", 1, 1), (added.Models.Single().Name, added.Models[0].Manifest!.Textures.Count, added.Models[0].Manifest!.Expressions.Count));
    }

    [Fact]
    public async Task A_zip_or_folder_is_checked_without_being_added()
    {
        var zip = _rig.Keep("Aiko.zip", ModelRig.Zip(ModelRig.GoodBut(("exp/Smile.exp3.json", null))));
        var report = (await _rig.Folder.CheckAsync(zip, Token)).Single();
        Assert.Equal(("a", "reference_missing"), (report.Name, report.Findings.Single().Code));
        var folder = Path.Combine(_rig.Data, "two");
        ModelRig.Write(Path.Combine(folder, "one"), ModelRig.Good());
        ModelRig.Write(Path.Combine(folder, "other"), ModelRig.Good());
        Assert.Equal(2, (await _rig.Folder.CheckAsync(folder, Token)).Count);
        Assert.Equal("no_model", (await _rig.Folder.CheckAsync(_rig.Keep("none.zip", ModelRig.Zip([])), Token)).Single().Findings.Single().Code);
        Assert.False(Directory.Exists(_rig.Folder.FullPath));
    }

    [Fact]
    public async Task Removing_takes_the_folder_and_nothing_else()
    {
        var zip = _rig.Keep("x.zip", ModelRig.Zip(ModelRig.Good()));
        await _rig.Folder.AddAsync([zip], cancellationToken: Token);
        await _rig.Folder.AddAsync([zip], cancellationToken: Token);
        Assert.False(_rig.Folder.Remove("../models/a"));
        Assert.False(_rig.Folder.Remove("_core"));
        Assert.True(_rig.Folder.Remove("a"));
        Assert.False(_rig.Folder.Remove("a"));
        Assert.Equal(["a-2"], Directory.EnumerateFileSystemEntries(_rig.Folder.FullPath!).Select(d => Path.GetFileName(d)));
    }

    [Fact]
    public async Task Many_at_once_get_names_of_their_own()
    {
        var zip = _rig.Keep("x.zip", ModelRig.Zip(ModelRig.Good()));
        await Parallel.ForAsync(0, 12, Token, async (_, token) => await _rig.Folder.AddAsync([zip], cancellationToken: token));
        Assert.Equal(12, _rig.Folder.List().Count(m => m.IsGood));
    }

    [Fact]
    public async Task What_a_killed_process_left_behind_is_deleted_after_a_day()
    {
        var time = new ManualTime();
        var folder = new ModelFolder(_rig.Data, null, time);
        var left = Directory.CreateDirectory(Path.Combine(_rig.Data, "models", ".adding-1")).FullName;
        var mine = Directory.CreateDirectory(Path.Combine(_rig.Data, "models", ".mine")).FullName;
        var zip = _rig.Keep("x.zip", ModelRig.Zip(ModelRig.Good()));
        Directory.SetLastWriteTimeUtc(left, time.GetUtcNow().UtcDateTime);
        Directory.SetLastWriteTimeUtc(mine, time.GetUtcNow().UtcDateTime);
        await folder.AddAsync([zip], cancellationToken: Token);
        Assert.True(Directory.Exists(left));
        time.Advance(TimeSpan.FromHours(25));
        await folder.AddAsync([zip], cancellationToken: Token);
        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(mine));
    }

    public void Dispose() => _rig.Dispose();

    private async Task<ModelException> RefusedAsync(string path, string code, string reason)
    {
        var before = _rig.Folder.List().Count;
        var refused = await Assert.ThrowsAsync<ModelException>(() => _rig.Folder.AddAsync([path], cancellationToken: Token));
        Assert.Equal(code, refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Hint);
        Assert.Equal(before, _rig.Folder.List().Count);
        if (Directory.Exists(_rig.Folder.FullPath))
            Assert.Equal(before, Directory.EnumerateFileSystemEntries(_rig.Folder.FullPath!).Count());
        return refused;
    }

    /// <summary>Takes the flag for UTF-8 out of all entries, as old programs write them.</summary>
    private static byte[] WithoutFlags(byte[] zip)
    {
        for (var at = 0; at + 10 < zip.Length; at++)
        {
            if (zip.AsSpan(at).StartsWith("PK\u0003\u0004"u8))
                zip[at + 7] &= 0xF7;
            else if (zip.AsSpan(at).StartsWith("PK\u0001\u0002"u8))
                zip[at + 9] &= 0xF7;
        }

        return zip;
    }
}
