using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Client;

/// <summary>What waits to be sent, without a socket.</summary>
public sealed class PendingMessageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Closing_gives_back_the_room_of_what_is_sent_only_once()
    {
        var pending = new PendingMessages(1, TimeProvider.System);
        pending.Restart();
        await pending.PostAsync([1], isBinary: true, Token);
        var waits = pending.PostAsync([2], isBinary: true, Token);
        Assert.False(waits.IsCompleted);
        pending.Close(() => new KotodamaException("over", "It is over.", ""));
        await waits.InTime("the second piece to find room");
        var message = new StatusMessage { Id = "a", Content = "a" };
        await Assert.ThrowsAsync<KotodamaException>(() => pending.AddAsync(message, Token).InTime("the word that the client is closed"));
    }
}
