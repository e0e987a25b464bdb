using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>
/// Tells failures of the disk and the file, after which the hub continues in memory, from bugs of our own: a wrong statement, a violated
/// constraint or a misuse says nothing about the file, and must not make the hub move it aside.
/// </summary>
internal static class SqliteErrors
{
    /// <summary>Result codes, https://sqlite.org/rescode.html.</summary>
    private const int
        Permission = 3, Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13,
        CannotOpen = 14, LockProtocol = 15, NoLargeFiles = 22, NotADatabase = 26;

    /// <summary>No room for the file that readers and writers share.</summary>
    private const int InputOutputShared = 4874;

    /// <summary>Whether the disk, the file or the machine failed, and not a statement of ours.</summary>
    public static bool IsFailure(SqliteException e) =>
        IsDamage(e)
        || e.SqliteErrorCode is Permission or Busy or Locked or NoMemory or ReadOnly or InputOutput or Full or CannotOpen or LockProtocol
            or NoLargeFiles;

    /// <summary>What such an exception says.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="during">What was tried, as the beginning of the sentence; empty: nothing to add.</param>
    public static LogFailedException Failure(SqliteException e, string during = "") => new(during + e.Message, IsFull(e), IsDamage(e), e);

    /// <summary>The file does not hold what was written.</summary>
    public static LogFailedException Damage(string what, Exception? cause = null) =>
        new($"the database does not hold what was written: {what}", isFull: false, isDamage: true, cause);

    /// <summary>Reads the columns of one row. A value that is not of the type that was written is damage of the file.</summary>
    /// <param name="row">A row that was read.</param>
    /// <param name="read">Gets the columns and does nothing else.</param>
    /// <exception cref="LogFailedException">A column holds something else.</exception>
    public static T Columns<T>(SqliteDataReader row, Func<SqliteDataReader, T> read)
    {
        try
        {
            return read(row);
        }
        catch (Exception e) when (e is InvalidCastException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Damage(e.Message, e);
        }
    }

    private static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase;

    private static bool IsFull(SqliteException e) => e.SqliteErrorCode == Full || e.SqliteExtendedErrorCode == InputOutputShared;
}
