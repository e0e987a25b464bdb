using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// Who this viewer is over all its connections, and how far it has come on each channel (docs/protocol.md, section 6). Used by one thread
/// at a time: the one that connects, then the one that receives.
/// </summary>
internal sealed class ViewerPositions(KotodamaClientOptions options)
{
    private readonly Dictionary<string, ViewerChannel> _channels = new(StringComparer.Ordinal);

    /// <summary>The name by which the hub knows this client again when an old connection seems to live on.</summary>
    private string _viewer = NewViewer();

    /// <summary>The message with which a connection begins.</summary>
    public HelloMessage Hello()
    {
        var positions = _channels
            .Where(c => c.Value.Position is not null)
            .ToDictionary(c => c.Key, c => c.Value.Position!, StringComparer.Ordinal);
        return new HelloMessage
        {
            Role = options.Role,
            Channels = [.. options.Channels],
            Viewer = options.Role == PeerRole.Viewer ? _viewer : null,
            Caps = options.Capabilities.Count > 0 ? [.. options.Capabilities] : null,
            Client = options.Name,
            Resume = positions.Count > 0 ? positions : null,
        };
    }

    /// <summary>Another connection says that it is this viewer: from now on this one is another.</summary>
    public void Rename() => _viewer = NewViewer();

    /// <summary>A connection begins.</summary>
    public void Welcome(WelcomeMessage welcome)
    {
        foreach (var (name, position) in welcome.Channels)
            ChannelOf(name).Welcome(position);
    }

    /// <summary>Whether a publication is new.</summary>
    /// <param name="message">The publication.</param>
    /// <param name="ask">What to send to the hub because something is missing; null when nothing is.</param>
    public bool Accept(Publication message, out ResumeMessage? ask)
    {
        ask = null;
        return message.Seq is not { } seq || ChannelOf(message.Channel).Accept(message.Epoch ?? "", seq, out ask);
    }

    /// <summary>Whether a gap says something new.</summary>
    public bool Accept(GapMessage gap) => ChannelOf(gap.Channel).Accept(gap);

    /// <summary>Compares with the hub's newest numbers.</summary>
    /// <returns>What to send for each channel of which something is missing.</returns>
    public IEnumerable<ResumeMessage> Compare(IReadOnlyDictionary<string, long> tops)
    {
        foreach (var (name, top) in tops)
            if (ChannelOf(name).Compare(top) is { } ask)
                yield return ask;
    }

    private ViewerChannel ChannelOf(string? name)
    {
        name ??= options.Channels[0];
        if (!_channels.TryGetValue(name, out var channel))
            _channels.Add(name, channel = new ViewerChannel(name));
        return channel;
    }

    private static string NewViewer() => Guid.NewGuid().ToString("N");
}
