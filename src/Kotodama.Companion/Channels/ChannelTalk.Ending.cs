using Kotodama.Companion.Conversations;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <content>How it ends: nothing goes on, and what was said is kept.</content>
internal sealed partial class ChannelTalk
{
    /// <summary>So long the end waits for a store.</summary>
    private static readonly TimeSpan StoreWithin = TimeSpan.FromSeconds(2);

    /// <summary>Ends what runs, and keeps what was said.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        _run?.Cancel();
        foreach (var listening in _listenings.Values)
            listening.Drop();
        await SettleAsync().ConfigureAwait(false);
        await Task.WhenAll(_background, _run?.Ended ?? Task.CompletedTask).ConfigureAwait(false);
        _telemetry.End(_parts.Time.GetUtcNow());
        _ended.Dispose();
    }

    /// <summary>Keeps what was heard of the answer so far. Whatever else the machine wants is for a hub that may be gone.</summary>
    private async Task SettleAsync()
    {
        var left = new ConversationEvent.Changed(Kept: true);
        var (now, commands) = (Now, _machine.Take(left, Now));
        _telemetry.Take(left, commands, now, _parts.Time.GetUtcNow());
        foreach (var stored in commands.OfType<ConversationCommand.StoreAssistant>())
            await DoAsync(stored, CancellationToken.None).ConfigureAwait(false);
        try
        {
            await _memory.Written.WaitAsync(StoreWithin, _parts.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogUnwritten(_parts.Logger, _channel, StoreWithin.TotalSeconds);
        }
    }

    [LoggerMessage(307, LogLevel.Warning, "What was said last on the channel {Channel} may not be kept: the store did not end within {Seconds} s.")]
    private static partial void LogUnwritten(ILogger logger, string channel, double seconds);
}
