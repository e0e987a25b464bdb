using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>Opens the database file, or makes it, and finds out whether it holds what this version writes.</summary>
internal static class SqliteFile
{
    internal const int Schema = 3;

    /// <summary>"Kt", in the upper half of the file's application id; the lower half is the format's number once more.</summary>
    private const int Application = 0x4B74_0000;

    /// <summary>The tables and indexes. SQLite keeps these texts in the file, and an existing file is compared with them.</summary>
    private static readonly string[] Definitions =
    [
        """
        CREATE TABLE channel(name TEXT NOT NULL PRIMARY KEY, epoch TEXT NOT NULL, top INTEGER NOT NULL, latest INTEGER NOT NULL,
            count INTEGER NOT NULL, bytes INTEGER NOT NULL, earlier TEXT NOT NULL) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE message(channel TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, ts INTEGER NOT NULL,
            expires INTEGER NOT NULL, displayed INTEGER NOT NULL, reply INTEGER NOT NULL, sum INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY(channel, seq)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE published(channel TEXT NOT NULL, id TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL,
            PRIMARY KEY(channel, id)) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE room(id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT",
        "CREATE TABLE seal(id INTEGER PRIMARY KEY, stamp TEXT NOT NULL, writes INTEGER NOT NULL, key BLOB NOT NULL) STRICT",
        "CREATE INDEX channel_twice ON channel(epoch, top, latest, count, bytes, earlier)",
        "CREATE INDEX channel_latest ON channel(latest, count)",
        "CREATE INDEX message_at ON message(at)",
        "CREATE INDEX message_id ON message(channel, id)",
        "CREATE INDEX published_until ON published(until, seq)",
    ];

    /// <summary>Opens the file, or makes it, and brings one of the version before into this one's format.</summary>
    /// <exception cref="LogFailedException">The file cannot be opened or is damaged.</exception>
    public static SqliteConnection Open(string file)
    {
        Touch(file);
        CheckHeader(file);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(
                connection,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF; PRAGMA journal_size_limit=4194304");
            Check(connection, file);
            return connection;
        }
        catch (SqliteException e) when (SqliteErrors.IsFailure(e))
        {
            connection.Dispose();
            throw SqliteErrors.Failure(e, $"{file} cannot be opened: ");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Touch(string file)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            // What users and characters said is private to this account. SQLite gives its other files the rights of this one.
            new FileStream(file, PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite)).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogFailedException($"{file} cannot be opened: {e.Message}", isFull: false, innerException: e);
        }
    }

    /// <summary>
    /// Looks at the numbers of the header of which SQLite reports a wrong value like a wrong statement, or like a file that may not be
    /// written (https://sqlite.org/fileformat2.html#the_database_header). The rest of the file SQLite checks itself.
    /// </summary>
    private static void CheckHeader(string file)
    {
        Span<byte> header = stackalloc byte[100];
        if (!File.Exists(file))
            return;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
                return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogFailedException($"{file} cannot be opened: {e.Message}", isFull: false, innerException: e);
        }

        var (writeVersion, readVersion) = (header[18], header[19]);
        var format = BinaryPrimitives.ReadInt32BigEndian(header[44..]);
        var encoding = BinaryPrimitives.ReadInt32BigEndian(header[56..]);
        if (writeVersion is not (1 or 2) || readVersion is not (1 or 2) || format is < 0 or > 4 || encoding is < 0 or > 3)
            throw new LogFailedException($"{file} has a damaged header", isFull: false, isDamage: true);
    }

    private static void Check(SqliteConnection connection, string file)
    {
        // Indexes hold every number a second time, so this finds a number that has changed, too.
        if (Ask(connection, "PRAGMA integrity_check(1)") is not "ok")
            throw new LogFailedException($"{file} does not pass its check", isFull: false, isDamage: true);
        var application = Number(connection, "PRAGMA application_id");
        var schema = Number(connection, "PRAGMA user_version");
        if ((application, schema) == (Application + Schema, Schema))
            CheckDefinitions(connection, file, Definitions);
        else if ((application, schema) == (Application + SqliteUpgrade.From, SqliteUpgrade.From))
            Upgrade(connection, file);
        else if ((application, schema) == (0, 0) && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
            Create(connection);
        else if (schema is not (0 or Schema) && (application == 0 || application == Application + schema))
            throw new LogFailedException(
                $"{file} was written by another version of Kotodama (format {schema}, this one knows {Schema})",
                isFull: false);
        else
            throw new LogFailedException($"{file} does not say which format it has", isFull: false, isDamage: true);
    }

    /// <summary>
    /// The check of the file does not find a table or a column whose name has changed; statements would fail as if they were wrong.
    /// </summary>
    private static void CheckDefinitions(SqliteConnection connection, string file, IEnumerable<string> definitions)
    {
        var expected = definitions.Select(Compact).Order(StringComparer.Ordinal);
        if (!expected.SequenceEqual(ReadDefinitions(connection).Order(StringComparer.Ordinal), StringComparer.Ordinal))
            throw new LogFailedException($"{file} does not have the tables of its format", isFull: false, isDamage: true);
    }

    private static List<string> ReadDefinitions(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL";
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read())
            found.Add(SqliteErrors.Columns(rows, static row => Compact(row.GetString(0))));
        return found;
    }

    /// <summary>Earlier builds broke the lines elsewhere.</summary>
    private static string Compact(string sql) => string.Concat(sql.Where(c => !char.IsWhiteSpace(c)));

    private static void Create(SqliteConnection connection) => Execute(connection, $"""
        BEGIN;
        {string.Join(";\n", Definitions)};
        PRAGMA application_id = {Application + Schema};
        PRAGMA user_version = {Schema};
        COMMIT;
        """);

    private static void Upgrade(SqliteConnection connection, string file)
    {
        CheckDefinitions(connection, file, SqliteUpgrade.Definitions);
        connection.CreateFunction<byte[], long>("body_sum", LogSums.Of, isDeterministic: true);
        Execute(connection, $"""
            BEGIN IMMEDIATE;
            {SqliteUpgrade.Begin};
            {string.Join(";\n", Definitions)};
            {SqliteUpgrade.End};
            PRAGMA application_id = {Application + Schema};
            PRAGMA user_version = {Schema};
            COMMIT;
            """);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql) =>
        Ask(connection, sql) is long number ? number : throw SqliteErrors.Damage($"no number for {sql}");

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
