namespace Kotodama.Server.Log;

/// <summary>How much is in the file, counted along, because to ask the file costs its size.</summary>
internal sealed class LogUsage
{
    private readonly SqliteDatabase _database;

    public LogUsage(SqliteDatabase database)
    {
        _database = database;
        Read();
    }

    /// <summary>The bytes of all messages, each with <see cref="LogBounds.MessageOverhead"/>.</summary>
    public long Total { get; private set; }

    /// <summary>Ids that are remembered; never less than there are.</summary>
    public long Ids { get; set; }

    /// <summary>Counts anew.</summary>
    public void Read()
    {
        Total = Number($"SELECT coalesce(sum(bytes + {LogBounds.MessageOverhead} * count), 0) FROM channel");
        CountIds();
    }

    /// <summary>Counts the ids anew.</summary>
    public void CountIds() => Ids = Number("SELECT count(*) FROM published");

    /// <summary>Messages came, or, when the numbers are negative, went.</summary>
    public void Add(long count, long bytes) => Total += bytes + (LogBounds.MessageOverhead * count);

    /// <summary>Remembers the numbers, for <see cref="Restore"/>.</summary>
    public (long Total, long Ids) Save() => (Total, Ids);

    /// <summary>Makes the numbers as they were.</summary>
    public void Restore((long Total, long Ids) saved) => (Total, Ids) = saved;

    private long Number(string sql) => _database.All(sql, static row => row.GetInt64(0))[0];
}
