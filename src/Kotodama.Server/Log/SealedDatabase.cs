using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Log;

/// <summary>
/// What the database knows of its seal: the stamp, how many times numbers were given, and the key that the epochs of new channels are made
/// with. Finds out at the start whether the database is the one that was left.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="file">Its path.</param>
/// <param name="logger">The log of the program.</param>
internal sealed partial class SealedDatabase(SqliteDatabase database, string file, ILogger logger)
{
    private LogSeal? _seal;
    private State _state = new("", 0, []);
    private long _noted;

    /// <inheritdoc cref="Epochs.NewKey"/>
    public byte[] Key => _state.Key;

    /// <summary>Reads what the database knows, finds out whether it is the one that was left, and seals it anew.</summary>
    /// <param name="hasNumbers">Whether it has channels.</param>
    /// <param name="write">Runs in one transaction.</param>
    /// <param name="renew">Begins new epochs.</param>
    /// <returns>False: it is not the one that was left, and its channels are in new epochs.</returns>
    public bool Open(bool hasNumbers, Func<Func<int>, int> write, Action renew)
    {
        var rows = database.All(
            "SELECT stamp, writes, key FROM seal",
            static row => new State(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)));
        var isNew = rows.Count == 0;
        _state = isNew ? new State("", 0, Epochs.NewKey()) : rows[0];

        // A file of the format before knows of no seal, so where there is one it was put in the place of a newer file.
        var isLeft = isNew ? !hasNumbers || !LogSeal.HasAny(file) : Fits();
        _noted = _state.Writes;
        var before = _state.Stamp;

        // What a start or an end left that was killed in the middle: with a further one of these it could not be told from a restore.
        if (isLeft && !isNew)
            Clear(before);
        var stamp = LogSeal.NewStamp();
        var made = Try(() => LogSeal.Make(file, stamp, before, _state.Writes));
        if (isLeft && !isNew && made is null)
        {
            // It keeps the seal that it has.
            _seal = Try(() => LogSeal.Reopen(file, before));
            return true;
        }

        write(() =>
        {
            _state = _state with { Stamp = stamp, Key = isLeft ? _state.Key : Epochs.NewKey() };
            if (!isLeft)
                renew();
            return database.Execute(
                "INSERT OR REPLACE INTO seal(id, stamp, writes, key) VALUES (1, $stamp, $writes, $key)",
                ("$stamp", stamp), ("$writes", _state.Writes), ("$key", _state.Key));
        });
        _seal = made;
        Clear(stamp);
        return isLeft || !hasNumbers;
    }

    /// <summary>Numbers are given in the running transaction.</summary>
    public void Count()
    {
        _state = _state with { Writes = _state.Writes + 1 };
        Store();
    }

    /// <summary>From now on new channels begin in other epochs.</summary>
    public void ChangeKey()
    {
        _state = _state with { Key = Epochs.NewKey() };
        Store();
    }

    /// <summary>Notes in the seal what was committed.</summary>
    public void Note()
    {
        if (_seal is null || _noted == _state.Writes)
            return;
        try
        {
            _seal.Note(_state.Writes);
            _noted = _state.Writes;
        }
        catch (IOException e)
        {
            // One that is behind is believed too much: it would miss that the database has lost its end.
            LogUnsealed(logger, file, e.Message);
            _seal.Dispose();
            _seal = null;
        }
    }

    /// <summary>Seals the database as it is left.</summary>
    /// <param name="write">Runs in one transaction.</param>
    public void Close(Func<Func<int>, int> write)
    {
        var stamp = LogSeal.NewStamp();
        using var made = _seal is null ? null : Try(() => LogSeal.Make(file, stamp, _state.Stamp, _state.Writes));
        _seal?.Dispose();
        if (made is null)
            return;
        try
        {
            write(() =>
            {
                _state = _state with { Stamp = stamp };
                return Store();
            });
            Clear(stamp);
        }
        catch (LogFailedException e)
        {
            // The database keeps the seal that it has, and the new one is that of an end that was not reached.
            LogUnsealed(logger, file, e.Message);
        }
    }

    /// <summary>Remembers what is known, for <see cref="Restore"/>.</summary>
    public object Save() => _state;

    /// <summary>Makes it as it was.</summary>
    public void Restore(object saved) => _state = (State)saved;

    private int Store() => database.Execute(
        "UPDATE seal SET stamp = $stamp, writes = $writes, key = $key",
        ("$stamp", _state.Stamp), ("$writes", _state.Writes), ("$key", _state.Key));

    private bool Fits()
    {
        try
        {
            return LogSeal.Fits(file, _state.Stamp, _state.Writes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnsealed(logger, file, e.Message);
            return false;
        }
    }

    private void Clear(string but)
    {
        try
        {
            LogSeal.Clear(file, but);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnsealed(logger, file, e.Message);
        }
    }

    private LogSeal? Try(Func<LogSeal> make)
    {
        try
        {
            return make();
        }
        catch (IOException e)
        {
            LogUnsealed(logger, file, e.Message);
            return null;
        }
    }

    [LoggerMessage(
        622,
        LogLevel.Warning,
        "The seal beside {File} cannot be read or written: {Reason}. The next start may begin new epochs, or miss that the file was "
        + "restored.")]
    private static partial void LogUnsealed(ILogger logger, PlainText file, PlainText reason);

    private sealed record State(string Stamp, long Writes, byte[] Key);
}
