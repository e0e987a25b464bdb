using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>The stage of the hub in this process.</summary>
internal sealed class HubStage(Hub hub) : Stage
{
    protected override TimeProvider Time => hub.Time;

    public override async Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Validate(hub.Options.Limits) is { } invalid)
            throw KotodamaException.From(invalid);
        var first = new TaskCompletionSource<ReceiptMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = new TaskCompletionSource<ReceiptMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        await hub.PublishAsync(message, ChannelName.Default, null, OnReceipt, cancellationToken);
        var stored = await first.Task.WaitAsync(cancellationToken);
        if (message.Receipt is not > ReceiptLevel.Stored || stored.Seq is null)
            return stored;
        var final = await last.Task.WaitAsync(cancellationToken);
        return stored with { Status = final.Status, Counts = final.Counts, Heard = final.Heard, Final = true };

        void OnReceipt(Message answer)
        {
            switch (answer)
            {
                case ErrorMessage error:
                    first.TrySetException(KotodamaException.From(error));
                    break;
                case ReceiptMessage { Final: true } final:
                    last.TrySetResult(final);
                    break;
                case ReceiptMessage { Status: ReceiptStatus.Stored } receipt:
                    first.TrySetResult(receipt);
                    break;
            }
        }
    }
}
