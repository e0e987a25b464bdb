using System.Globalization;

namespace Kotodama.Server.Log;

/// <content>Room, and what was kept elsewhere while there was none.</content>
internal sealed partial class SqliteMessageLog
{
    private const int LivesKept = 8;

    public void Purge(long now)
    {
        Read(() => SqliteFile.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)"));
        Write(() => Forget(
            """
            DELETE FROM published WHERE until <= $now;
            DELETE FROM message WHERE expires <= $now;
            UPDATE channel SET (count, bytes) = (SELECT count(*), coalesce(sum(length(body)), 0) FROM message WHERE channel = channel.name);
            """,
            now));
        Read(() => SqliteFile.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    public void Adopt(IReadOnlyList<LogStream> streams, IReadOnlyCollection<(string Channel, long Seq)> displayed)
    {
        // A transaction that changes little, or nothing, also succeeds on a full disk. What this one takes is there for the next messages.
        Write(() => SqliteFile.Execute(_connection, "INSERT OR REPLACE INTO room(id, filler) VALUES (1, zeroblob(262144))"));
        Write(() => SqliteFile.Execute(_connection, "DELETE FROM room"));
        Write(() =>
        {
            foreach (var stream in streams)
                Adopt(stream);
            foreach (var (channel, seq) in displayed)
                Run(_markDisplayed, channel, seq);
            return 0;
        });
    }

    private void Adopt(LogStream stream)
    {
        var before = Peek(stream.Channel) ?? Begin(stream.Channel, stream.Position with { Top = 0 });
        Renew(stream, before);
        foreach (var (entry, isReply) in stream.Entries)
            Insert(stream.Channel, entry, isReply, stream.Position.Top);
        foreach (var id in stream.Ids)
            Run(_insertId, stream.Channel, id.Id, id.Hash, id.Seq, id.Until);
        MakeRoom(stream.Channel, stream.Position.Top, stream.Latest);
    }

    private void Renew(LogStream stream, LogPosition before)
    {
        var earlier = _channels[stream.Channel].Earlier;
        if (before.Epoch != stream.Position.Epoch)
            earlier = [.. earlier.Append(before).TakeLast(LivesKept)];
        using var command = Command("UPDATE channel SET epoch = $epoch, top = $top, earlier = $earlier WHERE name = $channel");
        command.Parameters.AddWithValue("$epoch", stream.Position.Epoch);
        command.Parameters.AddWithValue("$top", stream.Position.Top);
        command.Parameters.AddWithValue("$earlier", string.Join(' ', earlier.Select(life => string.Create(CultureInfo.InvariantCulture, $"{life.Epoch}:{life.Top}"))));
        command.Parameters.AddWithValue("$channel", stream.Channel);
        command.ExecuteNonQuery();
        _channels[stream.Channel] = new Numbering(stream.Position, earlier);
    }

    private static LogPosition[] Lives(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(life => life.Split(':'))
            .Select(life => new LogPosition(life[0], long.Parse(life[1], CultureInfo.InvariantCulture))),
    ];

    /// <summary>Where a channel stands, and where the epochs ended that its present one goes on from, oldest first.</summary>
    private sealed record Numbering(LogPosition Position, IReadOnlyList<LogPosition> Earlier);
}
