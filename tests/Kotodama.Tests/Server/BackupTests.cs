using System.IO.Compression;
using System.Text;
using Kotodama.Companion.Memory;
using Kotodama.Server.Backups;
using Kotodama.Server.Log;
using Kotodama.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server;

public sealed class BackupTests : IDisposable
{
    private static readonly LogBounds Bounds = new(1000, 16 * 1024 * 1024, 600_000);

    private readonly string _root = Directory.CreateTempSubdirectory("kotodama-backup-").FullName;
    private readonly string _folder, _file;

    public BackupTests() => (_folder, _file) = (Path.Combine(_root, "data"), Path.Combine(_root, "backup.zip"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_backed_up_while_a_hub_runs_is_there_again_and_pages_are_told_what_is_missing()
    {
        LogReceipt had;
        await using (var conversations = ConversationStores.Open(_folder, TimeProvider.System, NullLogger.Instance))
        using (var log = OpenLog())
        {
            log.Append([.. Enumerable.Range(0, 100).Select(i => MessageLogSuite.Draft("a", $"{i}"))], 1);
            var talk = await conversations.OpenAsync("a", "koto", Cancel);
            await conversations.AppendAsync("a", talk.Id, new Said(ConversationRole.User, "remember"), Cancel);
            Put("llm.json", "{\"server\":\"demo\"}");
            Put("avatars.json", "[]");
            Put("characters/cat/character.json", "{}");
            Put("tokens.json", "secret");
            Write();
            had = log.Append([.. Enumerable.Range(100, 50).Select(i => MessageLogSuite.Draft("a", $"{i}"))], 1)[^1];
            await conversations.AppendAsync("a", talk.Id, new Said(ConversationRole.Assistant, "later"), Cancel);
            Put("llm.json", "{\"server\":\"http://other\"}");
            Put("characters/dog/character.json", "{}");
        }

        var told = string.Join('\n', HubBackup.Restore(_folder, _file, TimeProvider.System, Cancel));
        Assert.Contains("messages.db: 100 messages of 1 channels", told, StringComparison.Ordinal);
        Assert.Contains("conversations.db: 1 conversations", told, StringComparison.Ordinal);
        Assert.Equal("{\"server\":\"demo\"}", Get("llm.json"));
        Assert.Equal("secret", Get("tokens.json"));
        Assert.False(File.Exists(Path.Combine(_folder, "characters/dog/character.json")));
        var aside = Assert.Single(Directory.GetDirectories(_folder, "replaced-*"));
        Assert.True(File.Exists(Path.Combine(aside, "messages.db")) && File.Exists(Path.Combine(aside, "characters/dog/character.json")));
        Assert.Empty(Directory.GetDirectories(_folder, ".restoring-*"));

        using var restored = OpenLog();
        Assert.Equal((100L, true), (restored.Position("a").Top, restored.Position("a").Epoch != had.Epoch));
        Assert.Null(restored.Place("a", new LogPosition(had.Epoch, had.Seq)));
        await using var again = ConversationStores.Open(_folder, TimeProvider.System, NullLogger.Instance);
        var current = await again.CurrentAsync("a", null, Cancel);
        Assert.Equal("remember", Assert.Single(await again.ReadAsync("a", current!.Id, null, 10, Cancel)).Said.Text);
    }

    [Fact]
    public void A_backup_is_for_its_account_alone_replaces_nothing_unasked_and_leaves_nothing_else()
    {
        OpenLog().Dispose();
        Write();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
        Assert.Contains("is there already", Assert.Throws<BackupException>(() => Write()).Message, StringComparison.Ordinal);
        Write(overwrite: true);
        Assert.Equal([_file, _folder], Directory.GetFileSystemEntries(_root).Order(StringComparer.Ordinal));
        using var archive = ZipFile.OpenRead(_file);
        Assert.Equal(["messages.db", "manifest.json"], archive.Entries.Select(e => e.FullName));
    }

    [Fact]
    public void Nothing_is_restored_while_a_hub_runs_and_nothing_backed_up_where_nothing_is()
    {
        Directory.CreateDirectory(_folder);
        Assert.Contains("nothing to back up", Assert.Throws<BackupException>(() => Write()).Message, StringComparison.Ordinal);
        using var log = OpenLog();
        Write();
        var refused = Assert.Throws<BackupException>(() => Restore());
        Assert.Contains($"in use by another hub (pid {Environment.ProcessId})", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Stop the hub", refused.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.json")]
    [InlineData("characters/../../outside.json")]
    [InlineData("/etc/outside")]
    [InlineData("characters//x")]
    [InlineData("characters/./x")]
    [InlineData("characters/a\\..\\..\\x")]
    [InlineData("characters/C:/x")]
    [InlineData("characters")]
    [InlineData("characters/")]
    [InlineData("hub.lock")]
    [InlineData("messages.db-wal")]
    [InlineData("tokens.json")]
    [InlineData("characters/a/b/c/d/e/f/g/h/i")]
    public void A_name_that_leads_elsewhere_is_refused(string name)
    {
        Make((name, "x"u8.ToArray()));
        MustRefuse("which is no file of a backup");
        Assert.Empty(Directory.GetFiles(_root, "outside*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_backup_that_is_not_what_was_backed_up_is_refused_before_anything_is_replaced()
    {
        using (var log = OpenLog())
            log.Append([MessageLogSuite.Draft("a", "kept")], 1);
        Write();
        var good = File.ReadAllBytes(_file);
        File.WriteAllText(_file, "no zip");
        MustRefuse("is no backup");
        File.WriteAllBytes(_file, good[..(good.Length / 2)]);
        MustRefuse("is no backup");
        Make(("llm.json", "{}"u8.ToArray()));
        Change(archive => archive.CreateEntry("avatars.json").Open().Dispose());
        MustRefuse("does not hold exactly the files");
        Make(("llm.json", "{}"u8.ToArray()));
        Change(archive => archive.GetEntry("llm.json")!.Delete());
        MustRefuse("does not hold exactly the files");
        Make(("llm.json", "{}"u8.ToArray()));
        Change(archive =>
        {
            archive.GetEntry("llm.json")!.Delete();
            using var other = archive.CreateEntry("llm.json").Open();
            other.Write(new byte[1_000_000]);
        });
        MustRefuse("is not what was backed up");
        Make(("messages.db", Encoding.UTF8.GetBytes("SQLite format 3\0 and then nothing")));
        MustRefuse("messages.db");
        Make(("conversations.db", DatabaseOf(_folder, "messages.db")));
        MustRefuse("another format");
        MakeManifest("{\"format\":2,\"version\":\"x\",\"made\":\"2026-01-01T00:00:00Z\",\"files\":[]}");
        MustRefuse("is of format 2");
        MakeManifest("{");
        MustRefuse("cannot be read");
        using var kept = OpenLog();
        Assert.Equal("kept", Assert.Single(kept.Read("a", 0)).Id);
    }

    [Fact]
    public void A_backup_of_the_version_before_is_brought_into_the_present_format()
    {
        Directory.CreateDirectory(_folder);
        Make(("messages.db", OldDatabase()));
        Restore();
        using var log = OpenLog();
        Assert.Equal(3, log.Position("old").Top);
    }

    [Fact]
    public void What_a_backup_knows_of_conversations_is_what_they_say()
    {
        Assert.Equal(ConversationFile.Schema, BackupDatabase.ConversationsFormat);
        Assert.Equal(ConversationFile.Application, BackupDatabase.ConversationsApplication);
        Assert.Contains(ConversationFile.Name, BackupManifest.Databases);
    }

    private void MustRefuse(string why)
    {
        var before = Directory.GetFileSystemEntries(_folder).Length;
        Assert.Contains(why, Assert.Throws<BackupException>(() => Restore()).Message, StringComparison.Ordinal);
        Assert.InRange(Directory.GetFileSystemEntries(_folder).Length, 0, before + 1);
        Assert.Empty(Directory.GetDirectories(_folder, ".restoring-*"));
    }

    private void Write(bool overwrite = false) => HubBackup.Write(_folder, _file, overwrite, TimeProvider.System, null, Cancel);

    private void Restore() => HubBackup.Restore(_folder, _file, TimeProvider.System, Cancel);

    private IMessageLog OpenLog() => MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance);

    private void Put(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private string Get(string name) => File.ReadAllText(Path.Combine(_folder, name));

    private void Make(params (string Name, byte[] Content)[] files)
    {
        Directory.CreateDirectory(_folder);
        var entries = files.Select(f => new BackupManifest.Entry(f.Name, f.Content.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(f.Content))));
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, "test", DateTimeOffset.UnixEpoch, [.. entries]);
        MakeManifest(System.Text.Json.JsonSerializer.Serialize(manifest, BackupJson.Default.BackupManifest), files);
    }

    private void MakeManifest(string manifest, params (string Name, byte[] Content)[] files)
    {
        File.Delete(_file);
        using var archive = ZipFile.Open(_file, ZipArchiveMode.Create);
        foreach (var (name, content) in files.Append(("manifest.json", Encoding.UTF8.GetBytes(manifest))))
        {
            using var entry = archive.CreateEntry(name).Open();
            entry.Write(content);
        }
    }

    private void Change(Action<ZipArchive> change)
    {
        using var archive = ZipFile.Open(_file, ZipArchiveMode.Update);
        change(archive);
    }

    private byte[] DatabaseOf(string folder, string name)
    {
        var copy = Path.Combine(_root, "copy.db");
        File.Delete(copy);
        BackupDatabase.Copy(Path.Combine(folder, name), copy, Cancel);
        var bytes = File.ReadAllBytes(copy);
        File.Delete(copy);
        return bytes;
    }

    private byte[] OldDatabase()
    {
        var file = Path.Combine(_root, "old.db");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = string.Join(';', SqliteUpgrade.Definitions)
                + "; INSERT INTO channel VALUES('old', 'E', 3, 1, 0, 0, ''); PRAGMA application_id = 0x4B740002; PRAGMA user_version = 2";
            command.ExecuteNonQuery();
        }

        var bytes = File.ReadAllBytes(file);
        File.Delete(file);
        return bytes;
    }
}
