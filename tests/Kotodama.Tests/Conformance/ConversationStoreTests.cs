using System.Text;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Memory;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Conformance;

public sealed class MemoryConversationStoreTests : ConversationStoreSuite
{
    internal override IConversationStore Open(ConversationLimits limits) => ConversationStores.Open(null, Time, NullLogger.Instance, limits);
}

public sealed class FailingConversationStoreTests : ConversationStoreSuite
{
    /// <summary>The store while its disk fails: conversations go on in memory.</summary>
    internal override IConversationStore Open(ConversationLimits limits) =>
        new FallbackConversationStore(new FailingDisk(new MemoryConversationStore(limits, Time)) { Reads = "storage_failed", Writes = "storage_failed" }, limits, Time, NullLogger.Instance);
}

public sealed class SqliteConversationStoreTests : ConversationStoreSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-conversations-").FullName;

    private string File => Path.Combine(_folder, "conversations.db");

    internal override IConversationStore Open(ConversationLimits limits) => ConversationStores.Open(_folder, Time, NullLogger.Instance, limits);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_was()
    {
        string id;
        await using (var before = Open())
        {
            id = (await before.OpenAsync("a", "nagi", Cancel)).Id;
            await before.AppendAsync("a", id, new Said(ConversationRole.User, "你好"), Cancel);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }

        await using var after = Open();
        var current = (await after.CurrentAsync("a", null, Cancel))!;
        Assert.Equal((id, "nagi", "你好", 1), (current.Id, current.Character, current.Title, current.Messages));
        Assert.Equal("你好", Assert.Single(await after.ReadAsync("a", id, null, 10, Cancel)).Said.Text);
        Assert.Null(after.Failure);
    }

    [Fact]
    public async Task Another_program_may_read_and_delete_meanwhile()
    {
        await using var hub = Open();
        var it = await hub.OpenAsync("a", "koto", Cancel);
        await hub.AppendAsync("a", it.Id, new Said(ConversationRole.User, "one"), Cancel);
        await using var reader = SqliteConversationStore.OpenToRead(File);
        await hub.AppendAsync("a", it.Id, new Said(ConversationRole.User, "two"), Cancel);
        Assert.Equal(2, (await reader.ReadAsync("a", it.Id, null, 10, Cancel)).Count);
        await FailsAsync("not_allowed", () => reader.DeleteAsync("a", it.Id, Cancel).AsTask());
        await using (var other = SqliteConversationStore.Open(File, new ConversationLimits(), Time))
            await other.DeleteAsync("a", it.Id, Cancel);
        await FailsAsync("not_found", () => hub.AppendAsync("a", it.Id, new Said(ConversationRole.User, "three"), Cancel).AsTask());
        Assert.NotEqual(it.Id, (await hub.OpenAsync("a", "koto", Cancel)).Id);
    }

    [Fact]
    public async Task Programs_that_write_at_once_wait_for_each_other()
    {
        await using var one = Open();
        await using var two = SqliteConversationStore.Open(File, new ConversationLimits(), Time);
        var it = await one.OpenAsync("a", "koto", Cancel);
        await Task.WhenAll(new[] { one, two }.SelectMany(store => Enumerable.Range(0, 20).Select(async i => await store.AppendAsync("a", it.Id, new Said(ConversationRole.User, $"text {i}"), Cancel))));
        Assert.Equal(Enumerable.Range(1, 40), (await two.ReadAsync("a", it.Id, null, 100, Cancel)).Select(e => e.Number));
        Assert.Null(one.Failure);
    }

    [Fact]
    public async Task What_is_deleted_is_not_in_the_file_any_more()
    {
        await using var store = Open();
        var it = await store.OpenAsync("a", "koto", Cancel);
        await store.AppendAsync("a", it.Id, new Said(ConversationRole.User, "a very special secret"), Cancel);
        await store.DeleteAsync("a", it.Id, Cancel);
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, Cancel);
            Assert.DoesNotContain("special secret", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_damaged_file_is_moved_aside_and_a_new_one_begins(bool isDatabase)
    {
        if (isDatabase)
            Execute("CREATE TABLE other(x)");
        else
            await System.IO.File.WriteAllTextAsync(File, new string('x', 5_000), Cancel);
        await using var store = Open();
        Assert.Null(store.Failure);
        await store.OpenAsync("a", "koto", Cancel);
        Assert.Single(Directory.EnumerateFiles(_folder, "conversations.db.corrupt-*"), f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ALTER TABLE entry RENAME COLUMN text TO test")]
    [InlineData("ALTER TABLE conversation RENAME TO conversatjon")]
    [InlineData("DROP TABLE entry")]
    public async Task A_file_without_its_tables_is_moved_aside(string change)
    {
        await using (Open())
        {
        }

        Execute(change);
        var e = Assert.Throws<ConversationException>(() => ConversationStores.OpenExisting(File, mayWrite: false));
        Assert.Equal("storage_failed", e.Code);
        await using var store = Open();
        Assert.Null(store.Failure);
        await store.OpenAsync("a", "koto", Cancel);
        Assert.NotEmpty(Directory.EnumerateFiles(_folder, "conversations.db.corrupt-*"));
    }

    /// <summary>https://sqlite.org/fileformat2.html#the_database_header; SQLite reports these numbers like a wrong statement.</summary>
    [Theory]
    [InlineData(47, 9)]
    [InlineData(59, 7)]
    public async Task A_damaged_header_means_a_new_file(int at, byte value)
    {
        await using (Open())
        {
        }

        await using (var stream = new FileStream(File, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = at;
            stream.WriteByte(value);
        }

        await using var store = Open();
        Assert.Null(store.Failure);
        await store.OpenAsync("a", "koto", Cancel);
        Assert.NotEmpty(Directory.EnumerateFiles(_folder, "conversations.db.corrupt-*"));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(5, true)]
    [InlineData(8, true)]
    [InlineData(10, true)]
    [InlineData(11, true)]
    [InlineData(13, true)]
    [InlineData(14, true)]
    [InlineData(26, true)]
    [InlineData(1, false)]
    [InlineData(19, false)]
    [InlineData(20, false)]
    [InlineData(21, false)]
    [InlineData(25, false)]
    public void A_statement_of_ours_that_is_wrong_is_not_a_failure_of_the_disk(int code, bool isFailure) =>
        Assert.Equal(isFailure, ConversationFile.IsFailure(new SqliteException("x", code)));

    [Fact]
    public async Task A_mistake_of_ours_is_told_and_does_not_count_as_a_failure_of_the_disk()
    {
        await using var store = SqliteConversationStore.Open(File, new ConversationLimits(), TimeProvider.System);
        var wrong = new Conversation { Id = "1", Channel = "a", Character = null!, StartedAt = default, LastAt = default, Messages = 0 };
        var e = await Assert.ThrowsAsync<SqliteException>(() => store.AdoptAsync(wrong, [], Cancel).AsTask());
        Assert.Equal(19, e.SqliteErrorCode);
    }

    [Fact]
    public async Task A_value_that_was_never_written_is_a_failure_of_the_file()
    {
        await using var store = SqliteConversationStore.Open(File, new ConversationLimits(), TimeProvider.System);
        await store.OpenAsync("a", "koto", Cancel);
        Execute("UPDATE conversation SET last = 9223372036854775807");
        await FailsAsync("storage_failed", () => store.CurrentAsync("a", null, Cancel).AsTask());
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        await using (Open())
        {
        }

        Execute($"PRAGMA application_id = {0x4B63_0000 + 9}; PRAGMA user_version = 9");
        var e = Assert.Throws<ConversationException>(Open);
        Assert.Equal("storage_format", e.Code);
        Assert.Contains("format 9, this one knows 1", e.Message, StringComparison.Ordinal);
        Assert.Equal("storage_format", Assert.Throws<ConversationException>(() => SqliteConversationStore.OpenToRead(File)).Code);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.corrupt-*"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_means_memory_and_says_so()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "file"), "", Cancel);
        await using var store = ConversationStores.Open(Path.Combine(_folder, "file"), Time, NullLogger.Instance);
        Assert.Equal("storage_failed", store.Failure);
        await store.OpenAsync("a", "koto", Cancel);
    }

    [Fact]
    public void A_full_disk_has_a_code_of_its_own()
    {
        using var connection = ConversationFile.Open(File);
        ConversationFile.Execute(connection, "PRAGMA max_page_count = 1");
        var e = Assert.Throws<SqliteException>(() => ConversationFile.Execute(connection, "CREATE TABLE more AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 10000) SELECT x, hex(randomblob(100)) AS y FROM n"));
        Assert.Equal("storage_full", ConversationFile.Failure(e).Code);
        Assert.Equal("storage_failed", ConversationFile.Failure(new SqliteException("disk I/O error", 10)).Code);
    }

    [Fact]
    public async Task A_file_that_no_process_has_open_can_be_read()
    {
        await using (var store = Open())
            await store.OpenAsync("a", "koto", Cancel);
        await using var reader = SqliteConversationStore.OpenToRead(File);
        Assert.Single(await reader.ListAsync("a", 10, Cancel));
    }

    private IConversationStore Open() => Open(new ConversationLimits());

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
