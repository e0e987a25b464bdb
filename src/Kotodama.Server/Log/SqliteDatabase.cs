using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>
/// An open database file: its statements, and what becomes of their errors. Write-ahead journal and <c>synchronous=FULL</c>: what was
/// returned from is on the disk, and a transaction is there whole or not at all (https://sqlite.org/wal.html). One caller at a time.
/// </summary>
internal sealed class SqliteDatabase(SqliteConnection connection) : IDisposable
{
    private readonly List<SqliteCommand> _prepared = [];

    /// <summary>Runs statements that return nothing.</summary>
    /// <param name="sql">The statements.</param>
    /// <param name="parameters">The values of their parameters.</param>
    /// <returns>How many rows they changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a prepared statement that returns no row.</summary>
    public static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        command.ExecuteNonQuery();
    }

    /// <summary>Reads the first row of a prepared statement.</summary>
    /// <param name="command">The statement.</param>
    /// <param name="read">Gets the columns and does nothing else.</param>
    /// <param name="values">The values of its parameters.</param>
    /// <returns>What was read; the default when there is no row.</returns>
    public static T? First<T>(SqliteCommand command, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        Bind(command, values);
        using var rows = command.ExecuteReader();
        return rows.Read() ? SqliteErrors.Columns(rows, read) : default;
    }

    /// <summary>Reads every row of a query.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="read">Gets the columns of a row and does nothing else.</param>
    /// <param name="parameters">The values of its parameters.</param>
    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Until(static _ => false, sql, read, parameters);

    /// <summary>Reads the rows of a query up to one that is enough.</summary>
    /// <param name="enough">Whether no row is wanted after this one.</param>
    /// <param name="sql">The query.</param>
    /// <param name="read">Gets the columns of a row and does nothing else.</param>
    /// <param name="parameters">The values of their parameters.</param>
    public List<T> Until<T>(
        Predicate<T> enough,
        string sql,
        Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(SqliteErrors.Columns(rows, read));
            if (enough(all[^1]))
                break;
        }

        return all;
    }

    /// <summary>Reads the first rows of a query that are wanted.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="read">Gets the columns of a row and does nothing else.</param>
    /// <param name="isWanted">Whether a row counts.</param>
    /// <param name="most">How many to read.</param>
    /// <param name="parameters">The values of its parameters.</param>
    public List<T> Take<T>(
        string sql,
        Func<SqliteDataReader, T> read,
        Func<T, bool> isWanted,
        int most,
        params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var rows = command.ExecuteReader();
        var taken = new List<T>();
        while (taken.Count < most && rows.Read())
            if (SqliteErrors.Columns(rows, read) is var row && isWanted(row))
                taken.Add(row);
        return taken;
    }

    /// <summary>Prepares a statement that is run often. It is disposed with the database.</summary>
    public SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = Command(sql);
        _prepared.Add(command);
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        command.Prepare();
        return command;
    }

    /// <summary>Reads.</summary>
    /// <exception cref="LogFailedException">The disk or the file failed.</exception>
    public static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e) when (SqliteErrors.IsFailure(e))
        {
            throw SqliteErrors.Failure(e);
        }
    }

    /// <summary>Runs in one transaction. When it throws, for whatever reason, nothing has happened in the file.</summary>
    /// <exception cref="LogFailedException">The disk or the file failed.</exception>
    public T Write<T>(Func<T> work)
    {
        try
        {
            Execute("BEGIN IMMEDIATE");
            var result = work();
            Execute("COMMIT");
            return result;
        }
        catch (SqliteException e) when (SqliteErrors.IsFailure(e))
        {
            RollBack();
            throw SqliteErrors.Failure(e);
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var command in _prepared)
            command.Dispose();
        connection.Dispose();
    }

    private static void Bind(SqliteCommand command, ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private void RollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on some errors.
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this folder.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
