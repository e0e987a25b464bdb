using System.Globalization;

namespace Kotodama.Server.Log;

/// <summary>
/// Where each channel of a stored log stands, and where the epochs ended that its present one continues. Kept in memory, so that it is
/// known even while the disk fails.
/// </summary>
internal sealed class ChannelNumbers
{
    /// <summary>Earlier epochs that a channel remembers.</summary>
    private const int MostEarlier = 8;

    private Dictionary<string, Numbering> _channels = new(StringComparer.Ordinal);

    public LogPosition? Find(string channel) => _channels.GetValueOrDefault(channel)?.Position;

    /// <inheritdoc cref="IMessageLog.Place"/>
    public long? Place(string channel, LogPosition has) =>
        _channels.TryGetValue(channel, out var numbering) ? Epochs.Place(numbering.Earlier.Append(numbering.Position), has) : null;

    /// <summary>Adds a channel.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="earlier">Its earlier epochs as <see cref="Renew"/> wrote them.</param>
    public void Add(
        string channel,
        LogPosition position,
        string earlier = "") => _channels[channel] = new Numbering(position, Parse(earlier));

    /// <summary>A message was stored.</summary>
    public void Move(string channel, LogPosition position) => _channels[channel] = _channels[channel] with { Position = position };

    /// <summary>A channel continues at a position, perhaps in another epoch.</summary>
    /// <returns>Its earlier epochs, as text.</returns>
    public string Renew(string channel, LogPosition position)
    {
        var (before, earlier) = _channels[channel];
        if (before.Epoch != position.Epoch)
            earlier = [.. earlier.Append(before).TakeLast(MostEarlier)];
        _channels[channel] = new Numbering(position, earlier);
        return string.Join(' ', earlier.Select(life => string.Create(CultureInfo.InvariantCulture, $"{life.Epoch}:{life.Top}")));
    }

    /// <summary>Remembers everything as it is, for <see cref="Restore"/>.</summary>
    public object Save() => new Dictionary<string, Numbering>(_channels, StringComparer.Ordinal);

    /// <summary>Makes everything as it was.</summary>
    public void Restore(object saved) => _channels = (Dictionary<string, Numbering>)saved;

    private static List<LogPosition> Parse(string text)
    {
        var lives = new List<LogPosition>();
        foreach (var life in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (life.Split(':') is not [var epoch, var number] || !long.TryParse(number, CultureInfo.InvariantCulture, out var top))
                throw SqliteErrors.Damage("the earlier epochs of a channel cannot be read");
            lives.Add(new LogPosition(epoch, top));
        }

        return lives;
    }

    private sealed record Numbering(LogPosition Position, IReadOnlyList<LogPosition> Earlier);
}
