namespace Kotodama.Server.Log;

/// <summary>Brings a file of the format before this one into the present format, in one transaction.</summary>
internal static class SqliteUpgrade
{
    /// <summary>The format that can be upgraded.</summary>
    public const int From = 2;

    /// <summary>The tables and indexes of that format.</summary>
    public static readonly string[] Definitions =
    [
        """
        CREATE TABLE channel(name TEXT NOT NULL PRIMARY KEY, epoch TEXT NOT NULL, top INTEGER NOT NULL, latest INTEGER NOT NULL,
            count INTEGER NOT NULL, bytes INTEGER NOT NULL, earlier TEXT NOT NULL) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE message(channel TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL,
            displayed INTEGER NOT NULL, reply INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(channel, seq)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE published(channel TEXT NOT NULL, id TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL,
            PRIMARY KEY(channel, id)) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE room(id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT",
        "CREATE INDEX channel_twice ON channel(epoch, top, latest, count, bytes, earlier)",
        "CREATE INDEX message_id ON message(channel, id)",
        "CREATE INDEX published_until ON published(until, seq)",
    ];

    /// <summary>Takes the old tables out of the way of the new ones.</summary>
    public const string Begin =
        """
        ALTER TABLE channel RENAME TO channel_before;
        ALTER TABLE message RENAME TO message_before;
        ALTER TABLE published RENAME TO published_before;
        DROP TABLE room;
        DROP INDEX channel_twice;
        DROP INDEX message_id;
        DROP INDEX published_until
        """;

    /// <summary>
    /// Fills the new tables. That format gave each name a row as soon as a client said it; a channel that never had a message is left out.
    /// </summary>
    public const string End =
        """
        INSERT INTO channel SELECT name, epoch, top, latest, count, bytes, earlier FROM channel_before WHERE top > 0;
        INSERT INTO message SELECT channel, seq, id, at, at, expires, displayed, reply, body_sum(body), body FROM message_before;
        INSERT INTO published SELECT channel, id, hash, seq, until FROM published_before;
        DROP TABLE channel_before;
        DROP TABLE message_before;
        DROP TABLE published_before
        """;
}
