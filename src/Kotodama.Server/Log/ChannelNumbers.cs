using System.Globalization;

namespace Kotodama.Server.Log;

/// <summary>
/// Where each channel of a stored log stands, and where the epochs ended that its present one continues. Kept in memory, so that it is
/// known even while the disk fails. A channel without a message is not in it: its epoch is made from its name when the hub asks.
/// </summary>
internal sealed class ChannelNumbers
{
    /// <summary>Earlier epochs that a channel remembers.</summary>
    private const int MostEarlier = 8;

    private readonly Dictionary<string, Numbering> _channels = new(StringComparer.Ordinal);

    /// <summary>How the channels were that the running change has touched; null: not there.</summary>
    private readonly Dictionary<string, Numbering?> _before = new(StringComparer.Ordinal);

    /// <summary>Channels that have, or had, a message.</summary>
    public int Count => _channels.Count;

    /// <summary>The names of these channels.</summary>
    public IReadOnlyCollection<string> Names => _channels.Keys;

    /// <summary>Where a channel stands; null when it has no message.</summary>
    public LogPosition? Find(string channel) => _channels.GetValueOrDefault(channel)?.Position;

    /// <inheritdoc cref="IMessageLog.Place"/>
    public long? Place(string channel, LogPosition has) =>
        _channels.TryGetValue(channel, out var numbering) ? Epochs.Place(numbering.Earlier.Append(numbering.Position), has) : null;

    /// <summary>Adds a channel.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="earlier">Its earlier epochs as <see cref="Renew"/> wrote them.</param>
    public void Add(string channel, LogPosition position, string earlier = "") => Set(channel, new Numbering(position, Parse(earlier)));

    /// <summary>A message was stored.</summary>
    public void Move(string channel, LogPosition position) => Set(channel, _channels[channel] with { Position = position });

    /// <summary>Removes a channel.</summary>
    public void Remove(string channel) => Set(channel, null);

    /// <summary>A channel continues at a position, perhaps in another epoch.</summary>
    /// <returns>Its earlier epochs, as text.</returns>
    public string Renew(string channel, LogPosition position)
    {
        var (before, earlier) = _channels[channel];
        if (before.Epoch != position.Epoch)
            earlier = [.. earlier.Append(before).TakeLast(MostEarlier)];
        Set(channel, new Numbering(position, earlier));
        return string.Join(' ', earlier.Select(life => string.Create(CultureInfo.InvariantCulture, $"{life.Epoch}:{life.Top}")));
    }

    /// <summary>What was changed since the last call stays.</summary>
    public void Accept() => _before.Clear();

    /// <summary>
    /// What was changed since <see cref="Accept"/> is taken back. Costs what was changed, however many channels there are.
    /// </summary>
    public void TakeBack()
    {
        foreach (var (channel, before) in _before)
        {
            if (before is null)
                _channels.Remove(channel);
            else
                _channels[channel] = before;
        }

        _before.Clear();
    }

    private void Set(string channel, Numbering? numbering)
    {
        _before.TryAdd(channel, _channels.GetValueOrDefault(channel));
        if (numbering is null)
            _channels.Remove(channel);
        else
            _channels[channel] = numbering;
    }

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
