using Kotodama.Server.Log;
using Kotodama.Tests.Conformance;
using Microsoft.Data.Sqlite;

namespace Kotodama.Tests.Faults;

/// <summary>
/// F15: the database is not the one that was left. It was restored from a copy, alone, with its folder, or over it, or its journal has lost
/// its end. Numbers that were given are never given again under the same epoch. KOTODAMA_PLACES cuts the journal at more places.
/// </summary>
public sealed class F15RestoreTests : IDisposable
{
    private const string Name = "a";

    private static readonly LogBounds Bounds = new(1000, 16 * 1024 * 1024, 600_000);

    private readonly string _root = Directory.CreateTempSubdirectory("kotodama-restore-").FullName;
    private readonly TestLog _heard = new();
    private readonly string _folder;
    private int _count;

    public F15RestoreTests() => _folder = Path.Combine(_root, "data");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void F15_what_was_left_goes_on_in_its_epoch()
    {
        var epoch = Publish(10).Epoch;
        for (var i = 1; i < 5; i++)
            Assert.Equal((epoch, 10L * (i + 1)), Publish(10) is var last ? (last.Epoch, last.Seq) : default);
        Assert.Single(Directory.GetFiles(_folder, "*.seal*"));
        Assert.DoesNotContain(_heard.Lines, l => l.Text.Contains("not as this hub left it", StringComparison.Ordinal));
    }

    [Fact]
    public void F15_an_older_copy_of_the_file_alone()
    {
        Publish(100);
        var copy = File.ReadAllBytes(Path.Combine(_folder, "messages.db"));
        var had = Publish(50);
        File.WriteAllBytes(Path.Combine(_folder, "messages.db"), copy);
        MustBeNew(had, top: 100);
    }

    [Fact]
    public void F15_an_older_copy_of_the_folder_after_this_one_was_deleted()
    {
        Publish(100);
        Copy(_folder, Path.Combine(_root, "copy"));
        var had = Publish(50);
        Directory.Delete(_folder, recursive: true);
        Copy(Path.Combine(_root, "copy"), _folder);
        MustBeNew(had, top: 100);
    }

    [Fact]
    public void F15_an_older_copy_of_the_folder_over_this_one()
    {
        Publish(100);
        Copy(_folder, Path.Combine(_root, "copy"));
        var had = Publish(50);
        Copy(Path.Combine(_root, "copy"), _folder);
        MustBeNew(had, top: 100);
    }

    [Fact]
    public void F15_a_copy_that_was_made_while_the_hub_ran()
    {
        LogReceipt had;
        using (var log = Open())
        {
            Append(log, 100);
            Copy(_folder, Path.Combine(_root, "copy"));
            had = Append(log, 50);
        }

        Copy(Path.Combine(_root, "copy"), _folder);
        MustBeNew(had, top: 100);
    }

    [Fact]
    public void F15_the_same_folder_in_two_places()
    {
        var had = Publish(100);
        Copy(_folder, Path.Combine(_root, "copy"));
        Publish(10);
        Directory.Delete(_folder, recursive: true);
        Directory.Move(Path.Combine(_root, "copy"), _folder);
        MustBeNew(had with { Seq = 101 }, top: 100);
    }

    [Fact]
    public void F15_a_seal_that_is_gone_or_changed()
    {
        var had = Publish(20);
        foreach (var seal in Directory.GetFiles(_folder, "*.seal"))
            File.Delete(seal);
        MustBeNew(had with { Seq = 21 }, top: 20);
        had = Publish(0);
        File.WriteAllText(Directory.GetFiles(_folder, "*.seal").Single(), "");
        MustBeNew(had with { Seq = 99 }, top: 21);
    }

    [Fact]
    public void F15_a_channel_that_began_after_the_copy()
    {
        Publish(5);
        Copy(_folder, Path.Combine(_root, "copy"));
        LogReceipt had;
        using (var log = Open())
            had = log.Append([MessageLogSuite.Draft("later", "1")], 1)[0];
        Directory.Delete(_folder, recursive: true);
        Copy(Path.Combine(_root, "copy"), _folder);
        using var restored = Open();
        Assert.Null(restored.Place("later", new LogPosition(had.Epoch, 1)));
        Assert.NotEqual(had.Epoch, restored.Append([MessageLogSuite.Draft("later", "2")], 2)[0].Epoch);
    }

    [Fact]
    public void F15_a_journal_that_was_cut_loses_nothing_silently()
    {
        const int Messages = 40;
        var file = Path.Combine(_folder, "messages.db");
        byte[] database, journal;
        LogReceipt had;
        string stamp;
        long writes;
        using (var log = Open())
        {
            had = Append(log, Messages);
            (database, journal) = (ReadShared(file), ReadShared(file + "-wal"));
            (stamp, writes) = StampOf(file);
        }

        var places = Volume.Of("KOTODAMA_PLACES", 100);
        var kept = 0;
        for (var place = 0; place <= places; place++)
        {
            var cut = (int)((long)journal.Length * place / places);
            Directory.Delete(_folder, recursive: true);
            Directory.CreateDirectory(_folder);
            File.WriteAllBytes(file, database);
            File.WriteAllBytes(file + "-wal", journal[..cut]);
            LogSeal.Make(file, stamp, "", writes).Dispose();
            using var log = Open();
            var found = log.Peek(Name) ?? new LogPosition("", 0);
            Assert.InRange(found.Top, 0, Messages);
            Assert.Equal(Enumerable.Range(1, (int)found.Top).Select(i => (long)i), log.Read(Name, 0).Select(e => e.Seq));
            if (found.Top == Messages)
            {
                kept++;
                Assert.Equal(had.Epoch, found.Epoch);
                continue;
            }

            Assert.Null(log.Place(Name, new LogPosition(had.Epoch, Messages)));
            var next = log.Append([MessageLogSuite.Draft(Name, "new")], 1)[0];
            Assert.Equal(found.Top + 1, next.Seq);
            Assert.NotEqual(had.Epoch, next.Epoch);
            if (found.Top > 0)
                Assert.Equal(found.Top, log.Place(Name, new LogPosition(had.Epoch, found.Top)));
        }

        Assert.InRange(kept, 1, places);
    }

    [Fact]
    public void F15_a_start_or_an_end_that_was_killed_in_the_middle_is_not_taken_for_a_restore()
    {
        var had = Publish(10);
        var file = Path.Combine(_folder, "messages.db");
        var (stamp, writes) = StampOf(file);

        // Killed before the database had the new stamp, and before the old seal was deleted.
        LogSeal.Make(file, "0123456789abcdef", stamp, writes).Dispose();
        Assert.Equal(had.Epoch, Publish(1).Epoch);
        (stamp, writes) = StampOf(file);
        LogSeal.Clear(file);
        LogSeal.Make(file, "0123456789abcdef", "", writes).Dispose();
        LogSeal.Make(file, stamp, "0123456789abcdef", writes).Dispose();
        Assert.Equal(had.Epoch, Publish(1).Epoch);
        Assert.Single(Directory.GetFiles(_folder, "*.seal*"));
    }

    private void MustBeNew(LogReceipt had, long top)
    {
        using var log = Open();
        var found = log.Position(Name);
        Assert.Equal(top, found.Top);
        Assert.NotEqual(had.Epoch, found.Epoch);
        var next = log.Append([MessageLogSuite.Draft(Name, $"new{_count++}")], 10)[0];
        Assert.Equal((found.Epoch, top + 1), (next.Epoch, next.Seq));

        // What the page has that the disk has not means nothing; what both have is not sent again.
        Assert.Null(log.Place(Name, new LogPosition(had.Epoch, had.Seq)));
        Assert.Equal(top, log.Place(Name, new LogPosition(had.Epoch, top)));
        Assert.Contains(_heard.Lines, l => l.Text.Contains("not as this hub left it", StringComparison.Ordinal));
    }

    private LogReceipt Publish(int count)
    {
        using var log = Open();
        return Append(log, count);
    }

    /// <summary>Each message in a commit of its own.</summary>
    private LogReceipt Append(IMessageLog log, int count)
    {
        var last = new LogReceipt(LogOutcome.Stored, log.Position(Name).Epoch, log.Position(Name).Top, [], Durable: true);
        for (var i = 0; i < count; i++)
            last = log.Append([MessageLogSuite.Draft(Name, $"m{_count++}", new string('x', 300))], 1)[0];
        return last;
    }

    private IMessageLog Open() => MessageLogs.Open(_folder, Bounds, TimeProvider.System, _heard);

    private static (string Stamp, long Writes) StampOf(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT stamp, writes FROM seal";
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetString(0), row.GetInt64(1));
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>As <c>cp -r FROM/. TO/</c> does.</summary>
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(f => !f.EndsWith("hub.lock", StringComparison.Ordinal)))
        {
            using var target = new FileStream(Path.Combine(to, Path.GetFileName(file)), FileMode.Create);
            target.Write(ReadShared(file));
        }
    }
}
