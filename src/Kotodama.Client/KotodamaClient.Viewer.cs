using Kotodama.Protocol;

namespace Kotodama.Client;

public sealed partial class KotodamaClient
{
    private readonly Dictionary<string, ViewerChannel> _channels = new(StringComparer.Ordinal);

    /// <summary>Who this client is, so that the hub knows it again when an old connection seems to live on.</summary>
    private string _viewer = NewViewer();

    private HelloMessage Hello()
    {
        var positions = _channels.Where(c => c.Value.Position is not null).ToDictionary(c => c.Key, c => c.Value.Position!, StringComparer.Ordinal);
        return new HelloMessage
        {
            Role = _options.Role,
            Channels = [.. _options.Channels],
            Viewer = _options.Role == PeerRole.Viewer ? _viewer : null,
            Caps = _options.Capabilities.Count > 0 ? [.. _options.Capabilities] : null,
            Client = _options.Name,
            Resume = positions.Count > 0 ? positions : null,
        };
    }

    private static string NewViewer() => Guid.NewGuid().ToString("N");

    /// <summary>Somebody else says that it is this client: from now on this one is another.</summary>
    private bool Replaced()
    {
        _viewer = NewViewer();
        return true;
    }

    private void Place(WelcomeMessage welcome)
    {
        foreach (var (name, position) in welcome.Channels)
            ChannelOf(name).Welcome(position);
    }

    /// <summary>Hands on what is new, and asks the hub for what is missing.</summary>
    private async Task ViewAsync(Link link, Publication message)
    {
        ResumeMessage? ask = null;
        if (message.Seq is not { } seq || ChannelOf(message.Channel).Accept(message.Epoch ?? "", seq, out ask))
            _incoming.Writer.TryWrite(message);
        if (ask is not null)
            await link.SendAsync(MessageCodec.Write(ask), _disposing.Token).ConfigureAwait(false);
    }

    private async Task CompareAsync(Link link, IReadOnlyDictionary<string, long> tops)
    {
        foreach (var (name, top) in tops)
            if (ChannelOf(name).Compare(top) is { } ask)
                await link.SendAsync(MessageCodec.Write(ask), _disposing.Token).ConfigureAwait(false);
    }

    private ViewerChannel ChannelOf(string? name)
    {
        name ??= _options.Channels[0];
        if (!_channels.TryGetValue(name, out var channel))
            _channels.Add(name, channel = new ViewerChannel(name));
        return channel;
    }
}
