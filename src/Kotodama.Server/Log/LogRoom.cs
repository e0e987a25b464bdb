using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>
/// Makes room for messages in a file: the oldest of their channel go, and the oldest of all channels. Within a transaction.
/// </summary>
internal sealed class LogRoom
{
    /// <summary>
    /// Messages that one message may push out, more than the largest needs; what is then too much goes with the next ones.
    /// </summary>
    private const int MostPushedOut = 256;

    /// <summary>These are looked for together.</summary>
    private const int PushedOutTogether = 8;

    private readonly SqliteDatabase _database;
    private readonly LogBounds _bounds;
    private readonly ChannelNumbers _numbers;
    private readonly LogUsage _usage;
    private readonly SqliteCommand _move, _used, _oldest, _delete;

    /// <param name="database">The database.</param>
    /// <param name="bounds">How much to keep.</param>
    /// <param name="numbers">Where channels stand.</param>
    /// <param name="usage">How much there is.</param>
    public LogRoom(SqliteDatabase database, LogBounds bounds, ChannelNumbers numbers, LogUsage usage)
    {
        (_database, _bounds, _numbers, _usage) = (database, bounds, numbers, usage);
        _move = database.Prepare(
            """
            UPDATE channel SET top = $top, latest = max(latest, $at), count = count + $count, bytes = bytes + $bytes
            WHERE name = $channel
            """,
            "$top", "$at", "$count", "$bytes", "$channel");
        _used = database.Prepare("SELECT count, bytes FROM channel WHERE name = $channel", "$channel");
        _oldest = database.Prepare("SELECT seq, length(body) FROM message WHERE channel = $channel ORDER BY seq LIMIT 1", "$channel");
        _delete = database.Prepare("DELETE FROM message WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
    }

    /// <summary>Counts a message that was added.</summary>
    /// <param name="channel">Its channel.</param>
    /// <param name="top">The channel's newest number.</param>
    /// <param name="bytes">The bytes of its text.</param>
    /// <param name="now">Unix time in ms.</param>
    public void Added(string channel, long top, long bytes, long now)
    {
        SqliteDatabase.Run(_move, top, now, 1, bytes, channel);
        _usage.Add(1, bytes);
    }

    /// <summary>Drops what is too much.</summary>
    /// <param name="channel">The channel of the message that came.</param>
    /// <param name="seq">Its number; it stays.</param>
    /// <param name="now">Unix time in ms.</param>
    /// <returns>The numbers that went of this channel, and the messages that went of others.</returns>
    public (List<long> Dropped, List<(string Channel, long Seq)> Elsewhere) Make(string channel, long seq, long now)
    {
        var dropped = new List<long>();
        var (count, bytes) = SqliteDatabase.First(_used, Pair, channel) ?? throw SqliteErrors.Damage("a channel is missing");
        while (count > _bounds.Messages || (bytes > _bounds.Bytes && count > 1))
        {
            var (oldest, size) = SqliteDatabase.First(_oldest, Pair, channel)
                ?? throw SqliteErrors.Damage("messages of a channel are missing");
            Drop(channel, oldest, size, seq, now);
            dropped.Add(oldest);
            count--;
            bytes -= size;
        }

        return (dropped, PushOut(channel, seq, dropped));

        static (long First, long Second)? Pair(SqliteDataReader row) => (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>Drops the oldest messages of all channels while there is too much in the file.</summary>
    private List<(string Channel, long Seq)> PushOut(string channel, long seq, List<long> dropped)
    {
        var elsewhere = new List<(string Channel, long Seq)>();
        var (hasMore, left) = (true, MostPushedOut);
        while (_usage.Total > _bounds.TotalBytes && hasMore && left > 0)
        {
            hasMore = false;
            var oldest = _database.Take(
                "SELECT channel, seq, length(body) FROM message ORDER BY at",
                static row => (Channel: row.GetString(0), Seq: row.GetInt64(1), Size: row.GetInt64(2)),
                old => old.Channel != channel || old.Seq != seq,
                PushedOutTogether);
            foreach (var old in oldest.TakeWhile(_ => _usage.Total > _bounds.TotalBytes))
            {
                (hasMore, left) = (true, left - 1);
                var top = _numbers.Find(old.Channel)?.Top ?? throw SqliteErrors.Damage("a channel is missing");
                Drop(old.Channel, old.Seq, old.Size, top, 0);
                if (old.Channel == channel)
                    dropped.Add(old.Seq);
                else
                    elsewhere.Add((old.Channel, old.Seq));
            }
        }

        return elsewhere;
    }

    private void Drop(string channel, long seq, long size, long top, long now)
    {
        SqliteDatabase.Run(_delete, channel, seq);
        SqliteDatabase.Run(_move, top, now, -1, -size, channel);
        _usage.Add(-1, -size);
    }
}
