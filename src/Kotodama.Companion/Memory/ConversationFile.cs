using Kotodama.Protocol;
using Microsoft.Data.Sqlite;

namespace Kotodama.Companion.Memory;

/// <summary>Opens the file of the conversations, and tells what its errors mean.</summary>
internal static class ConversationFile
{
    public const string Name = "conversations.db";

    internal const int Schema = 1;

    /// <summary>"Kc", in the upper half of the file's application id; the lower half is the format's number once more.</summary>
    internal const int Application = 0x4B63_0000;

    /// <summary>How long to wait for another process that writes, in seconds.</summary>
    private const int Patience = 5;

    /// <summary>Result codes, https://sqlite.org/rescode.html.</summary>
    private const int
        Permission = 3, Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13,
        CannotOpen = 14, LockProtocol = 15, NoLargeFiles = 22, NotADatabase = 26;

    /// <summary>No room for the file that readers and writers share.</summary>
    private const int InputOutputShared = 4874;

    /// <summary>
    /// Asks for every column and for no row: the check of the file does not find a table or column whose name has changed.
    /// </summary>
    private static readonly string[] Tables =
    [
        "SELECT id, channel, character, title, started, last, count, chosen FROM conversation LIMIT 0",
        "SELECT conversation, number, at, role, interrupted, language, emotion, text FROM entry LIMIT 0",
    ];

    /// <summary>Opens the file to read and write, or makes it.</summary>
    /// <exception cref="ConversationException">It cannot be opened, or was written by a newer version.</exception>
    /// <exception cref="DamagedFileException">It is not what it should be.</exception>
    public static SqliteConnection Open(string file)
    {
        Touch(file);
        return Open(file, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            // What is deleted is overwritten, because it was the user's.
            Execute(
                connection,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=OFF; "
                + "PRAGMA journal_size_limit=4194304");
            if (Ask(connection, "PRAGMA quick_check(1)") is not "ok")
                throw new DamagedFileException("does not pass its check");
            CheckFormat(connection, file, mayCreate: true);
        });
    }

    /// <summary>Opens a file that is there, only to read, also while another process writes.</summary>
    public static SqliteConnection OpenToRead(string file) =>
        Open(file, SqliteOpenMode.ReadOnly, connection => CheckFormat(connection, file, mayCreate: false));

    public static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this folder.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteNonQuery();
    }

    /// <summary>Whether the disk, the file or the machine failed, and not a statement of ours.</summary>
    public static bool IsFailure(SqliteException e) =>
        e.SqliteErrorCode is Permission or Busy or Locked or NoMemory or ReadOnly or InputOutput or Corrupt or Full or CannotOpen
            or LockProtocol or NoLargeFiles or NotADatabase;

    /// <summary>Reads the columns of one row.</summary>
    /// <param name="row">A row that was read.</param>
    /// <param name="read">Gets the columns and does nothing else.</param>
    /// <exception cref="ConversationException">A column holds something that was never written there.</exception>
    public static T Columns<T>(SqliteDataReader row, Func<SqliteDataReader, T> read)
    {
        try
        {
            return read(row);
        }
        catch (Exception e) when (e is InvalidCastException or InvalidOperationException or FormatException
            or OverflowException or ArgumentOutOfRangeException)
        {
            throw Failure(e);
        }
    }

    /// <summary>What such an exception says.</summary>
    public static ConversationException Failure(Exception exception)
    {
        var full = exception is SqliteException e && (e.SqliteErrorCode == Full || e.SqliteExtendedErrorCode == InputOutputShared);
        return new ConversationException(
            full ? ErrorCode.StorageFull : ErrorCode.StorageFailed,
            $"conversations cannot be stored or read: {exception.Message}",
            full ? "Make room on the disk." : "Look at the disk and the data folder.",
            exception);
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode, Action<SqliteConnection> check)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = Patience,
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            check(connection);
            return connection;
        }
        catch (SqliteException e)
        {
            // These statements are right for every file, so whatever SQLite says about them is about this file: a missing column and a
            // wrong number in its header come with the code of a wrong statement.
            connection.Dispose();
            throw IsFailure(e) && e.SqliteErrorCode is not (Corrupt or NotADatabase) ? Failure(e) : new DamagedFileException(e.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Touch(string file)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
                return;
            }

            // What the user said is the user's business alone. SQLite gives its other files the rights of this one.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            new FileStream(file, options).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(e);
        }
    }

    private static void CheckFormat(SqliteConnection connection, string file, bool mayCreate)
    {
        var (application, schema) = ((long)Ask(connection, "PRAGMA application_id")!, (long)Ask(connection, "PRAGMA user_version")!);
        if ((application, schema) == (Application + Schema, Schema))
            Array.ForEach(Tables, table => Execute(connection, table));
        else if (mayCreate && (application, schema) == (0, 0) && (long)Ask(connection, "SELECT count(*) FROM sqlite_schema")! == 0)
            Create(connection);
        else if (schema != 0 && application == Application + schema)
            throw new ConversationException(
                ConversationException.StorageFormat,
                $"{file} was written by another version of Kotodama (format {schema}, this one knows {Schema})",
                "Start the version that wrote it, or move the file away.");
        else
            throw new DamagedFileException("does not say which format it has");
    }

    private static void Create(SqliteConnection connection) => Execute(connection, $"""
        BEGIN IMMEDIATE;
        CREATE TABLE conversation(
            id TEXT NOT NULL PRIMARY KEY, channel TEXT NOT NULL, character TEXT NOT NULL, title TEXT, started INTEGER NOT NULL,
            last INTEGER NOT NULL, count INTEGER NOT NULL, chosen INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE entry(
            conversation TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, role INTEGER NOT NULL,
            interrupted INTEGER NOT NULL, language TEXT, emotion TEXT, text TEXT NOT NULL,
            PRIMARY KEY(conversation, number)) STRICT, WITHOUT ROWID;
        CREATE INDEX conversation_chosen ON conversation(channel, chosen);
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

/// <summary>A file is not what it should be.</summary>
internal sealed class DamagedFileException(string message) : Exception(message);
