using System.Globalization;
using Kotodama.Server.Log;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kotodama.Server.Backups;

/// <summary>Copies a database that may be in use, and finds out whether a copy can be used.</summary>
internal static class BackupDatabase
{
    /// <summary>The format of <c>conversations.db</c> that this version reads, and the application id of its files ("Kc").</summary>
    internal const int ConversationsFormat = 1, ConversationsApplication = 0x4B63_0000;

    /// <summary>Writes a copy of a database as it is at this moment, also while a hub uses it.</summary>
    /// <param name="file">The database.</param>
    /// <param name="copy">Where to write it; must not be there.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    /// <exception cref="BackupException">It cannot be read, or the copy not be written.</exception>
    public static void Copy(string file, string copy, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = Open(file);
            using var interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle!));
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", copy);
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new BackupException($"{file} cannot be copied: {e.Message}", "Look at the disk and at the hub's log.", e);
        }

        Check(copy);
    }

    /// <summary>Checks every page of a database.</summary>
    /// <exception cref="BackupException">It is damaged, or no database.</exception>
    public static void Check(string file)
    {
        try
        {
            using var connection = Open(file);
            if (Ask(connection, "PRAGMA integrity_check(1)") is not "ok")
                throw new BackupException($"{Path.GetFileName(file)} does not pass its check", "Take another backup.");
        }
        catch (SqliteException e)
        {
            throw new BackupException($"{Path.GetFileName(file)} cannot be read: {e.Message}", "Take another backup.", e);
        }
    }

    /// <summary>
    /// Finds out whether a database can be used in a data folder; one of the version before is brought into this one's format.
    /// </summary>
    /// <param name="file">The database.</param>
    /// <returns>What is in it, for users.</returns>
    /// <exception cref="BackupException">It cannot be used.</exception>
    public static string Accept(string file)
    {
        Check(file);
        try
        {
            if (Path.GetFileName(file) == BackupManifest.Databases[0])
            {
                SqliteFile.Open(file).Dispose();
                return $"{Count(file, "message")} messages of {Count(file, "channel")} channels";
            }

            using (var connection = Open(file))
            {
                var application = (long)Ask(connection, "PRAGMA application_id")!;
                var format = (long)Ask(connection, "PRAGMA user_version")!;
                if (format != ConversationsFormat || application != ConversationsApplication + format)
                {
                    throw new BackupException(
                        $"{Path.GetFileName(file)} is of another format ({format})",
                        "Restore it with the version that made it.");
                }
            }

            return $"{Count(file, "conversation")} conversations";
        }
        catch (LogFailedException e)
        {
            throw new BackupException(e.Message, "Restore it with the version that made it, or take another backup.", e);
        }
        catch (SqliteException e)
        {
            throw new BackupException($"{Path.GetFileName(file)} cannot be used: {e.Message}", "Take another backup.", e);
        }
    }

    private static string Count(string file, string table)
    {
        using var connection = Open(file);
        return ((long)Ask(connection, $"SELECT count(*) FROM {table}")!).ToString(CultureInfo.InvariantCulture);
    }

    private static SqliteConnection Open(string file)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
