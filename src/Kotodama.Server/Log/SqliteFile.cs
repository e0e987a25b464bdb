using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>Opens the database file, and tells what its errors mean.</summary>
internal static class SqliteFile
{
    private const int Schema = 2;

    /// <summary>"Kt", in the upper half of the file's application id; the lower half is the format's number once more.</summary>
    private const int Application = 0x4B74_0000;

    /// <summary>Result codes, https://sqlite.org/rescode.html.</summary>
    private const int Permission = 3, Busy = 5, Locked = 6, NoMemory = 7, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>No room for the file that readers and writers share.</summary>
    private const int InputOutputShared = 4874;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="LogFailedException">The file cannot be opened or is damaged.</exception>
    public static SqliteConnection Open(string file)
    {
        Touch(file);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF; PRAGMA journal_size_limit=4194304");
            Check(connection, file);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new LogFailedException($"{file} cannot be opened: {e.Message}", IsFull(e), !IsOutside(e.SqliteErrorCode), e);
        }
        catch (Exception e) when (e is LogFailedException || IsFailure(e))
        {
            connection.Dispose();
            throw e as LogFailedException ?? Failure(e);
        }
    }

    public static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this folder.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteNonQuery();
    }

    /// <summary>Whether an exception is about the disk or the file: an error of SQLite, or a value that is not of the type that was written.</summary>
    public static bool IsFailure(Exception e) => e is SqliteException or InvalidCastException or InvalidOperationException or FormatException or IndexOutOfRangeException;

    /// <summary>What such an exception says.</summary>
    public static LogFailedException Failure(Exception exception) =>
        exception is SqliteException e
            ? new LogFailedException(e.Message, IsFull(e), e.SqliteErrorCode is Corrupt or NotADatabase, e)
            : new LogFailedException($"the database does not hold what was written: {exception.Message}", isFull: false, isDamage: true, exception);

    private static bool IsFull(SqliteException e) => e.SqliteErrorCode == Full || e.SqliteExtendedErrorCode == InputOutputShared;

    /// <summary>Whether an error of opening says something about the disk or the process, and nothing about what is in the file.</summary>
    private static bool IsOutside(int code) => code is Permission or Busy or Locked or NoMemory or InputOutput or Full or CannotOpen;

    private static void Touch(string file)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            // What was said is nobody's business but the user's. SQLite gives its other files the rights of this one.
            new FileStream(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogFailedException($"{file} cannot be opened: {e.Message}", isFull: false, innerException: e);
        }
    }

    private static void Check(SqliteConnection connection, string file)
    {
        // Indexes hold every number a second time, so this finds a number that has changed, too.
        if (Ask(connection, "PRAGMA integrity_check(1)") is not "ok")
            throw new LogFailedException($"{file} does not pass its check", isFull: false, isDamage: true);
        var (application, schema) = ((long)Ask(connection, "PRAGMA application_id")!, (long)Ask(connection, "PRAGMA user_version")!);
        if ((application, schema) == (Application + Schema, Schema))
            return;
        var isEmpty = (long)Ask(connection, "SELECT count(*) FROM sqlite_schema")! == 0;
        if ((application, schema) == (0, 0) && isEmpty)
            Create(connection);
        else if (schema is not (0 or Schema) && (application == 0 || application == Application + schema))
            throw new LogFailedException($"{file} was written by another version of Kotodama (format {schema}, this one knows {Schema})", isFull: false);
        else
            throw new LogFailedException($"{file} does not say which format it has", isFull: false, isDamage: true);
    }

    private static void Create(SqliteConnection connection) => Execute(connection, $"""
        BEGIN;
        CREATE TABLE channel(name TEXT NOT NULL PRIMARY KEY, epoch TEXT NOT NULL, top INTEGER NOT NULL, latest INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL, earlier TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE message(channel TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL, displayed INTEGER NOT NULL, reply INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(channel, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE published(channel TEXT NOT NULL, id TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(channel, id)) STRICT, WITHOUT ROWID;
        CREATE TABLE room(id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;
        CREATE INDEX channel_twice ON channel(epoch, top, latest, count, bytes, earlier);
        CREATE INDEX message_id ON message(channel, id);
        CREATE INDEX published_until ON published(until, seq);
        PRAGMA application_id = {Application + Schema};
        PRAGMA user_version = {Schema};
        COMMIT;
        """);

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
