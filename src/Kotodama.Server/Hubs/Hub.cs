using System.Collections.Concurrent;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kotodama.Server.Hubs;

/// <summary>
/// The channels and connections of one process. All members may be called from any thread. A publisher never waits for a viewer, and
/// nothing a viewer does reaches a publisher.
/// </summary>
internal sealed partial class Hub(IOptions<KotodamaServerOptions> options, TimeProvider time, ILogger<Hub> logger)
{
    private readonly Lock _channelsLock = new();
    private readonly ConcurrentDictionary<string, Channel> _channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);
    private int _connectionCount;
    private long _published;

    public KotodamaServerOptions Options { get; } = options.Value;

    public Refusals Refusals { get; } = new(time);

    public DateTimeOffset Started { get; } = time.GetUtcNow();

    public TimeSpan Uptime => time.GetUtcNow() - Started;

    /// <summary>Kept messages since the start; pieces of streams and stops do not count.</summary>
    public long Published => Interlocked.Read(ref _published);

    public IEnumerable<Connection> Connections => _connections.Values;

    public IEnumerable<Channel> Channels => _channels.Values;

    /// <summary>Completed when the first page of this repository, or another client that displays, has said hello.</summary>
    public Task FirstPage => _firstPage.Task;

    private readonly TaskCompletionSource _firstPage = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Publishes a valid message.</summary>
    /// <param name="message">The message; it gets an id when it has none.</param>
    /// <param name="defaultChannel">The channel when the message names none.</param>
    /// <param name="displayed">Completed when a page has shown the message; null when nobody waits.</param>
    /// <returns>The receipt, or the error.</returns>
    public (ReceiptMessage? Receipt, ErrorMessage? Error) Publish(Publication message, string defaultChannel, TaskCompletionSource? displayed = null)
    {
        var name = message.Channel ?? defaultChannel;
        if (FindOrAdd(name) is not { } channel)
            return (null, TooManyChannels(message.Id));
        if (message.Id is null)
            message = message with { Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N") };
        var receipt = channel.Publish(message, displayed);
        if (message.IsKept)
            Interlocked.Increment(ref _published);
        LogPublished(logger, message.Type, receipt.Id, name, receipt.Pages);
        return (receipt, null);
    }

    public void Acknowledge(AckMessage ack)
    {
        if (_channels.TryGetValue(ack.Channel, out var channel))
            channel.Acknowledge(ack);
    }

    /// <summary>Ends a wait that <see cref="Publish"/> began.</summary>
    public void Forget(ReceiptMessage receipt)
    {
        if (receipt.Seq is { } seq && _channels.TryGetValue(receipt.Channel, out var channel))
            channel.Forget(seq);
    }

    /// <summary>Makes room for one connection. False: the hub is full. A true is paid back with <see cref="Release"/>.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _connectionCount) <= Options.MaxConnections)
            return true;
        Release();
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _connectionCount);

    public void Add(Connection connection) => _connections[connection.Session] = connection;

    public void Remove(Connection connection) => _connections.TryRemove(connection.Session, out _);

    /// <summary>
    /// Makes a connection a viewer of channels. <paramref name="joined"/> runs with all positions before any later message of these channels
    /// can reach the viewer. Null, or the error when there is no room for a channel; then nothing has changed.
    /// </summary>
    public ErrorMessage? Join(Connection viewer, IEnumerable<string> names, Action<Dictionary<string, ChannelPosition>> joined)
    {
        lock (_channelsLock)
        {
            // In the order of the names, because the channels' locks are held together.
            var channels = new List<Channel>();
            foreach (var name in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                if (FindOrAdd(name) is not { } channel)
                    return TooManyChannels(null);
                channels.Add(channel);
            }

            JoinFrom(0, channels, []);
            return null;

            void JoinFrom(int index, List<Channel> all, Dictionary<string, ChannelPosition> positions)
            {
                if (index == all.Count)
                    joined(positions);
                else
                    all[index].Join(viewer, position =>
                    {
                        positions[all[index].Name] = position;
                        JoinFrom(index + 1, all, positions);
                    });
            }
        }
    }

    public void Leave(Connection viewer, IEnumerable<string> names)
    {
        foreach (var name in names)
            if (_channels.TryGetValue(name, out var channel))
                channel.Leave(viewer);
    }

    public void PageArrived() => _firstPage.TrySetResult();

    /// <summary>Tells every client that the hub stops, and closes all connections. Returns when they are gone or their time is up.</summary>
    public async Task StopAsync()
    {
        var leaving = _connections.Values.ToArray();
        foreach (var connection in leaving)
            connection.SayBye();
        await Task.WhenAll(leaving.Select(c => c.Ended));
    }

    private Channel? FindOrAdd(string name)
    {
        if (_channels.TryGetValue(name, out var existing))
            return existing;
        lock (_channelsLock)
        {
            if (_channels.Count >= Options.MaxChannels)
                RemoveEmptyChannels();
            return _channels.Count < Options.MaxChannels ? _channels.GetOrAdd(name, n => new Channel(n, time)) : null;
        }
    }

    private void RemoveEmptyChannels()
    {
        foreach (var (name, channel) in _channels)
            if (channel.Viewers.Count == 0)
                _channels.TryRemove(name, out _);
    }

    private ErrorMessage TooManyChannels(string? id) => new()
    {
        Code = ErrorCode.TooManyChannels,
        Message = $"the hub holds {Options.MaxChannels} channels with viewers, its limit",
        Hint = $"Use fewer channels, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxChannels)}.",
        Id = id,
        Retry = true,
    };

    [LoggerMessage(1, LogLevel.Debug, "Published {Type} {Id} on channel {Channel} to {Pages} pages.")]
    private static partial void LogPublished(ILogger logger, string type, string id, string channel, int pages);
}
