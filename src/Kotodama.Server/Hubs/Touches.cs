using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Who is told that a user touches the character: the companion of the channel, and the clients that asked for it. Owned by the core.
/// </summary>
internal sealed class Touches
{
    private readonly List<(Viewer Client, IReadOnlyList<string> Channels)> _listeners = [];

    /// <summary>A client wants to be told of touches on its channels.</summary>
    public void Add(Viewer client, IReadOnlyList<string> channels) => _listeners.Add((client, channels));

    /// <summary>A client is gone.</summary>
    public void Remove(Viewer client) => _listeners.RemoveAll(l => l.Client == client);

    /// <summary>A user touched the character. What names a channel that the page does not follow is dropped.</summary>
    public void Pass(Viewer page, TouchMessage touch)
    {
        if (page.Find(touch.Channel) is not { } channel)
            return;
        touch = touch with { Channel = channel.Name, Page = page.Session };
        channel.Companion.Performer?.Deliver(touch);
        byte[]? frame = null;
        foreach (var (client, channels) in _listeners)
        {
            // For a client that is behind with its reading a touch is too old to be worth the wait.
            if (channels.Contains(channel.Name, StringComparer.Ordinal))
                client.Send(frame ??= Frame.Text(touch), FrameKind.Ephemeral);
        }
    }
}
