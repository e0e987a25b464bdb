using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>The stage of the hub in this process.</summary>
internal sealed class HubStage(Hub hub) : Stage
{
    public override Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (message.Validate(hub.Options.Limits) is { } invalid)
            throw KotodamaException.From(invalid);
        var (receipt, error) = hub.Publish(message, ChannelName.Default);
        return error is null ? Task.FromResult(receipt!) : throw KotodamaException.From(error);
    }
}
