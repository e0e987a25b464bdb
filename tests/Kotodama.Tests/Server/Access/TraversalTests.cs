using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Server.Backups;
using Kotodama.Server.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server.Access;

/// <summary>Addresses and names that lead out of the hub's folders: none is read, and none is written.</summary>
public sealed class TraversalTests : IDisposable
{
    private const string Canary = "canary-of-the-outside";

    private readonly string _root = Directory.CreateTempSubdirectory("kotodama-way-").FullName;
    private readonly string _data;

    public TraversalTests()
    {
        _data = Directory.CreateDirectory(Path.Combine(_root, "data")).FullName;
        Directory.CreateDirectory(Path.Combine(_root, "outside"));
        ModelRig.Write(Path.Combine(_data, "models", "it"), ModelRig.Good());
        foreach (var folder in new[] { _root, _data, Path.Combine(_root, "outside"), Path.Combine(_data, "models") })
            foreach (var name in new[] { "secret.json", "secret.png", "secret.moc3" })
                File.WriteAllText(Path.Combine(folder, name), Canary);
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(Path.Combine(_data, "models", "it", "link.png"), Path.Combine(_data, "secret.png"));
        Directory.CreateSymbolicLink(Path.Combine(_data, "models", "it", "linked"), _data);
        Directory.CreateSymbolicLink(Path.Combine(_data, "models", "linked"), Path.Combine(_root, "outside"));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Every family of addresses, with the way out at its place.</summary>
    [Fact]
    public async Task No_address_leads_out_of_the_hub()
    {
        string[] families =
        [
            "/{0}", "/models/it/{0}", "/models/it/a.1024/{0}", "/models/{0}", "/models/{0}/a.moc3", "/models/_core/{0}", "/models/linked/{0}", "/api/models/{0}", "/api/models/{0}/check", "/api/models/{0}/avatar.json",
            "/api/messages/{0}", "/api/{0}", "/embed/{0}", "/embed.js/{0}", "/demo/{0}", "/assets/{0}", "/lan/{0}", "/avatars/{0}", "/api/models?name={0}", "/?path={0}",
        ];
        Assert.True(Traversals.Ways.Distinct(StringComparer.Ordinal).Count() > 400);
        await using var hub = await TestHub.StartAsync(o => o.DataFolder = _data);
        await hub.Stage.SendLlmResponseAsync(Canary, cancellationToken: Cancelled);
        var before = Snapshot();
        using var connection = new KeptConnection(hub.Url);
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in new[] { "/", "/embed.js", "/api/models", "/api/models/it", "/models/it/a.moc3" })
            own.Add((await connection.AskAsync("GET", target)).Body);
        var asked = 0;
        foreach (var (way, i) in Traversals.Ways.Select((way, i) => (way, i)))
        {
            // Each way goes through several families, each family through hundreds of ways.
            for (var k = 0; k < families.Length; k += 4)
            {
                var target = string.Format(null, families[(i + k) % families.Length], way);
                if (target.Any(c => c is ' ' or '\t'))
                    target = Uri.EscapeDataString(target);
                var (status, head, body) = await connection.AskAsync("GET", target);
                asked++;
                Assert.True(status is 200 or (>= 300 and < 500 and not 429), $"{status} for {target}\n{head}");
                Assert.DoesNotContain(Canary, body, StringComparison.Ordinal);
                Assert.DoesNotContain("root:x:", body, StringComparison.Ordinal);
                Assert.DoesNotContain("SQLite format", body, StringComparison.Ordinal);
                Assert.True(status != 200 || own.Contains(body), $"{target} is answered with\n{body}");
            }
        }

        Assert.True(asked > 2_000, $"Only {asked} addresses were tried.");
        Assert.Equal(before, Snapshot());

        // The test can fail: what a model really has is served, and would be noticed.
        File.WriteAllText(Path.Combine(_data, "models", "it", "inside.png"), Canary);
        Assert.Contains(Canary, (await connection.AskAsync("GET", "/models/it/inside.png")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_removes_or_writes_anything_out_of_a_models_folder()
    {
        await using var hub = await TestHub.StartAsync(o => o.DataFolder = _data);
        var before = Snapshot();
        using var connection = new KeptConnection(hub.Url);
        foreach (var way in Traversals.Ways)
        {
            foreach (var (method, target) in new[] { ("DELETE", $"/api/models/{way}"), ("PUT", $"/api/models/{way}/avatar.json"), ("PUT", $"/api/models/it/{way}"), ("DELETE", $"/models/it/{way}") })
            {
                var (status, head, _) = await connection.AskAsync(method, target.Replace("\t", "%09", StringComparison.Ordinal), "{\"placement\":{\"x\":0,\"y\":0,\"scale\":2}}"u8.ToArray());
                Assert.True(status is >= 400 and < 500 and not 429, $"{status} for {method} {target}\n{head}");
            }
        }

        Assert.Equal(before, Snapshot());
    }

    /// <summary>As entries of a zip file, and as names of the files of a form: what is taken lies within, the rest is refused.</summary>
    [Fact]
    public async Task No_name_of_a_file_leads_out_of_what_is_added()
    {
        var names = Traversals.Names.Distinct(StringComparer.Ordinal).ToArray();
        Assert.True(names.Length > 500, $"Only {names.Length} names were tried.");
        var folder = new ModelFolder(_data);
        var before = Snapshot();
        foreach (var name in names)
        {
            await TryAsync(name, Canary + " in"u8.ToString());
            using var zip = new MemoryStream(ModelRig.Zip([KeyValuePair.Create("a.moc3", ModelRig.Moc()), KeyValuePair.Create(name, "{}"u8.ToArray())], Encoding.UTF8));
            await TryAsync("model.zip", null, zip);
        }

        Assert.Equal(before, Snapshot());

        async Task TryAsync(string name, string? text, Stream? zip = null)
        {
            using var intake = folder.OpenIntake(progress: null);
            try
            {
                await intake.TakeAsync(name, zip ?? new MemoryStream(Encoding.UTF8.GetBytes(text!)), Cancelled);
            }
            catch (ModelException e)
            {
                Assert.Contains(e.Code, new[] { ErrorCode.BadModel, ErrorCode.TooBig });
            }
        }
    }

    [Fact]
    public async Task No_name_becomes_a_folder_or_a_file_elsewhere()
    {
        var models = Path.Combine(_data, "models");
        await using var store = ConversationStores.Open(null, TimeProvider.System, NullLogger.Instance);
        foreach (var name in Traversals.Names.Concat(Traversals.Ways))
        {
            var made = ModelName.From(name);
            Assert.True(ModelName.IsValid(made) && IsWithin(models, made, isDirect: true), $"{name} becomes {made}");
            Assert.True(!AvatarName.IsValid(name) || IsWithin(models, name, isDirect: true), name);
            Assert.True(!ChannelName.IsValid(name) || !name.Contains('/', StringComparison.Ordinal), name);
            foreach (var entry in new[] { name, "characters/" + name, "characters/a/" + name })
                Assert.True(!BackupManifest.IsKnown(entry) || (IsWithin(_data, entry, isDirect: false) && !entry.Contains('\\', StringComparison.Ordinal)), entry);
            var talk = await store.OpenAsync("a", "koto", Cancelled);
            await store.AppendAsync("a", talk.Id, new Said(ConversationRole.User, name), Cancelled);
            var export = (await ConversationExport.WriteAsync(store, "a", talk.Id, ConversationExport.Markdown, Cancelled)).Name;
            Assert.True(IsWithin(_data, export, isDirect: true) && export[0] != '.' && !export.Any(c => char.IsControl(c) || c is '\\' or ':' or '%'), export);
            await store.DeleteAsync("a", talk.Id, Cancelled);
        }
    }

    /// <summary>A backup is refused as a whole when one of its names leads elsewhere; channels are no names of files.</summary>
    [Fact]
    public async Task No_backup_writes_out_of_the_data_folder_and_no_channel_makes_a_file()
    {
        await using (var hub = await TestHub.StartAsync(o => o.DataFolder = _data))
        {
            var files = Files();
            foreach (var channel in new[] { "..", ".", "...", ".hidden", "-rf", "con", "nul.db", "messages.db", "..-", "a..b" })
                await hub.Stage.SendLlmResponseAsync("hello", channel: channel, cancellationToken: Cancelled);
            Assert.Equal(files, Files());
        }

        var (folder, file) = (Path.Combine(_root, "restored"), Path.Combine(_root, "backup.zip"));
        HubBackup.Write(_data, file, overwrite: true, TimeProvider.System, null, Cancelled);
        using (var archive = ZipFile.OpenRead(file))
            Assert.Equal(["manifest.json", "messages.db"], archive.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal));
        Directory.CreateDirectory(folder);
        var before = Snapshot();
        foreach (var name in Traversals.Names.Distinct(StringComparer.Ordinal).Where(n => !n.Contains('\0', StringComparison.Ordinal)).Select((n, i) => i % 2 == 0 ? n : "characters/" + n))
        {
            if (BackupManifest.IsKnown(name))
                continue;
            MakeBackup(file + ".bad", name);
            Assert.Contains("which is no file of a backup", Assert.Throws<BackupException>(() => HubBackup.Restore(folder, file + ".bad", TimeProvider.System, Cancelled)).Message, StringComparison.Ordinal);
            File.Delete(file + ".bad");
        }

        Assert.Equal(before, Snapshot());

        string[] Files() => [.. Directory.GetFileSystemEntries(_data).Where(f => !f.Contains("messages.db-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static void MakeBackup(string file, string name)
    {
        byte[] content = "x"u8.ToArray();
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, "test", DateTimeOffset.UnixEpoch, [new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)))]);
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var (entry, bytes) in new[] { (name, content), (BackupManifest.FileName, JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest)) })
        {
            using var stream = archive.CreateEntry(entry).Open();
            stream.Write(bytes);
        }
    }

    private static bool IsWithin(string folder, string name, bool isDirect)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
            return false;
        var full = Path.GetFullPath(Path.Combine(folder, name));
        return isDirect ? Path.GetDirectoryName(full) == folder : full.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    /// <summary>Everything that lies around the hub's own files, with what is in it.</summary>
    private string[] Snapshot() =>
    [
        .. Directory.EnumerateFileSystemEntries(_root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, MaxRecursionDepth = 8 })
            .Select(path => Path.GetRelativePath(_root, path))
            .Where(path => !IsTheHubs(path))
            .Select(path => File.Exists(Path.Combine(_root, path)) ? $"{path} {new FileInfo(Path.Combine(_root, path)).Length} {new FileInfo(Path.Combine(_root, path)).LastWriteTimeUtc.Ticks}" : path)
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsTheHubs(string path) =>
        path.Contains(".adding-", StringComparison.Ordinal) || path.StartsWith("backup.zip", StringComparison.Ordinal)
        || path.Split(Path.DirectorySeparatorChar) is ["data", var name] && (name.StartsWith("messages.db", StringComparison.Ordinal) || name.StartsWith("hub.", StringComparison.Ordinal) || name is "tokens.json" or "origins.json");
}
