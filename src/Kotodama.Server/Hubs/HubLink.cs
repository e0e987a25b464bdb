using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Hubs;

/// <summary>The hub's end of a voice or a companion within this process.</summary>
internal sealed partial class HubLink : IPeer, IPerformer
{
    private const int Capacity = 8192;

    private readonly Hub _hub;
    private readonly ILogger _logger;
    private readonly System.Threading.Channels.Channel<Message> _incoming;
    private readonly PeerRole _role;

    private HubLink(Hub hub, PeerRole role, ILogger logger)
    {
        (_hub, _role, _logger) = (hub, role, logger);
        _incoming = System.Threading.Channels.Channel.CreateBounded<Message>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    }

    /// <inheritdoc/>
    public ChannelReader<Message> Incoming => _incoming.Reader;

    /// <summary>Connects a voice or a companion for all channels.</summary>
    public static async Task<HubLink> OpenAsync(Hub hub, PeerRole role, ILogger logger, CancellationToken cancellationToken)
    {
        var link = new HubLink(hub, role, logger);
        await hub.DoAsync(role == PeerRole.Voice ? new Work.AddVoice(link) : new Work.AddCompanion(link), cancellationToken);
        return link;
    }

    /// <inheritdoc/>
    public bool Serves(string channel) => true;

    /// <inheritdoc/>
    public void Deliver(Message message)
    {
        if (!_incoming.Writer.TryWrite(message) && !_incoming.Reader.Completion.IsCompleted)
            LogLost(_logger, message.Type, _role, Capacity);
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(Message message, CancellationToken cancellationToken = default)
    {
        try
        {
            if (message is Publication publication)
                await _hub.PublishAsync(publication, ChannelName.Default, null, Deliver, cancellationToken, performer: this);
            else if (_role == PeerRole.Voice)
                await _hub.DoAsync(new Work.VoiceOutput(this, message), cancellationToken);
            else
                await _hub.DoAsync(new Work.CompanionOutput(this, message), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            // The hub has ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        try
        {
            Work leave = _role == PeerRole.Voice ? new Work.RemoveVoice(this) : new Work.RemoveCompanion(this);
            await _hub.DoAsync(leave, CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // The hub has ended.
        }
    }

    [LoggerMessage(
        35,
        LogLevel.Warning,
        "A message {Type} for the {Role} was discarded, because its queue holds {Capacity} messages, its limit.")]
    private static partial void LogLost(ILogger logger, PlainText type, PeerRole role, int capacity);
}
