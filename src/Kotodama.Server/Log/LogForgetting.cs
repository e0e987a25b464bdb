namespace Kotodama.Server.Log;

/// <summary>Forgets ids whose time is over and channels that are not used, some of them at a time. Within a transaction.</summary>
/// <param name="database">The database.</param>
/// <param name="bounds">How much to keep.</param>
/// <param name="numbers">Where channels stand.</param>
/// <param name="usage">How much there is.</param>
/// <param name="seal">Has the key of the epochs of new channels.</param>
internal sealed class LogForgetting(
    SqliteDatabase database,
    LogBounds bounds,
    ChannelNumbers numbers,
    LogUsage usage,
    SealedDatabase seal)
{
    /// <summary>What is forgotten in one go: ids; channels, until so many messages went with them.</summary>
    private const int MostIds = 2_000, MostChannels = 500, MostMessages = 2_000;

    /// <inheritdoc cref="IMessageLog.Trim"/>
    public bool Forget(long now, Func<string, bool>? isInUse)
    {
        var ids = database.Execute(
            """
            DELETE FROM published WHERE (channel, id) IN
                (SELECT channel, id FROM published WHERE until <= $now ORDER BY until LIMIT $most)
            """,
            ("$now", now),
            ("$most", MostIds));
        usage.Ids -= ids;
        var (channels, messages) = (0, 0L);
        foreach (var channel in isInUse is null ? [] : Unused(now, isInUse))
        {
            messages += Forget(channel);
            if (++channels == MostChannels || messages >= MostMessages)
                break;
        }

        return ids == MostIds || channels == MostChannels || messages >= MostMessages;
    }

    /// <summary>There are too many ids: those whose time ends first are forgotten early.</summary>
    /// <param name="channel">The channel of the id that came.</param>
    /// <param name="id">This id, which stays.</param>
    public void ForgetIds(string channel, string id)
    {
        var few = Math.Clamp(bounds.Ids / 4, 1, MostIds);
        database.Execute(
            """
            DELETE FROM published WHERE (channel, id) IN
                (SELECT channel, id FROM published WHERE (channel, id) <> ($channel, $id) ORDER BY until, seq LIMIT $few)
            """,
            ("$channel", channel), ("$id", id), ("$few", few));
        usage.CountIds();
    }

    /// <summary>Channels to forget: those whose messages are long gone, and of too many those that were used longest ago.</summary>
    private List<string> Unused(long now, Func<string, bool> isInUse)
    {
        var tooMany = Math.Clamp(numbers.Count - bounds.Channels, 0, MostChannels);
        return tooMany > 0
            ? database.Take("SELECT name FROM channel ORDER BY latest", static row => row.GetString(0), IsUnused, tooMany)
            : database.Take(
                "SELECT name FROM channel WHERE latest < $before AND count = 0 ORDER BY latest",
                static row => row.GetString(0),
                IsUnused,
                MostChannels,
                ("$before", now - bounds.ForgetAfter));

        bool IsUnused(string channel) => !isInUse(channel);
    }

    /// <returns>How many messages went with it.</returns>
    private long Forget(string channel)
    {
        // Should the name be used again, its numbers begin again, and must not do so in the same epoch.
        if (numbers.Find(channel)!.Epoch == Epochs.Of(seal.Key, channel))
            seal.ChangeKey();
        var (count, bytes) = database.All(
            "SELECT count, bytes FROM channel WHERE name = $channel",
            static row => (row.GetInt64(0), row.GetInt64(1)),
            ("$channel", channel))[0];
        database.Execute("DELETE FROM message WHERE channel = $channel", ("$channel", channel));
        usage.Ids -= database.Execute("DELETE FROM published WHERE channel = $channel", ("$channel", channel));
        database.Execute("DELETE FROM channel WHERE name = $channel", ("$channel", channel));
        usage.Add(-count, -bytes);
        numbers.Remove(channel);
        return count;
    }
}
