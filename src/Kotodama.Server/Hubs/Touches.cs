using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Who is told that a user touches the character: the companion of the channel, and the clients that asked for it. Owned by the core.
/// </summary>
internal sealed class Touches
{
    private readonly Dictionary<Viewer, IReadOnlyList<string>> _listeners = [];

    /// <summary>The listeners of each channel.</summary>
    private readonly Dictionary<string, HashSet<Viewer>> _byChannel = new(StringComparer.Ordinal);

    /// <summary>A client wants to be told of touches on its channels.</summary>
    public void Add(Viewer client, IReadOnlyList<string> channels)
    {
        _listeners[client] = channels;
        foreach (var channel in channels)
        {
            if (!_byChannel.TryGetValue(channel, out var here))
                _byChannel[channel] = here = [];
            here.Add(client);
        }
    }

    /// <summary>A client is gone.</summary>
    public void Remove(Viewer client)
    {
        if (!_listeners.Remove(client, out var channels))
            return;
        foreach (var channel in channels)
            if (_byChannel.TryGetValue(channel, out var here) && here.Remove(client) && here.Count == 0)
                _byChannel.Remove(channel);
    }

    /// <summary>A user touched the character. What names a channel that the page does not follow is dropped.</summary>
    public void Pass(Viewer page, TouchMessage touch)
    {
        if (page.Find(touch.Channel) is not { } channel)
            return;
        touch = touch with { Channel = channel.Name, Page = page.Session };
        channel.Companion.Performer?.Deliver(touch);
        if (!_byChannel.TryGetValue(channel.Name, out var here))
            return;
        var frame = Frame.Text(touch);

        // For a client that is behind with its reading a touch is too old to be worth the wait.
        foreach (var client in here)
            client.Send(frame, FrameKind.Ephemeral);
    }
}
