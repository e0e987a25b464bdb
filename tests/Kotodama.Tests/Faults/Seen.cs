using System.Collections.Concurrent;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Faults;

/// <summary>A viewer and everything it was given, in the order it was given it.</summary>
internal sealed class Seen : IAsyncDisposable
{
    private readonly ConcurrentQueue<long> _numbers = new();
    private readonly ConcurrentQueue<Message> _others = new();
    private readonly Task _reading;

    private Seen(KotodamaClient client)
    {
        Client = client;
        _reading = ReadAsync();
    }

    public KotodamaClient Client { get; }

    public int Count => _numbers.Count;

    /// <summary>A viewer that comes back at once, with room for everything.</summary>
    public static async Task<Seen> StartAsync(Uri hub, Action<KotodamaClientOptions>? configure = null)
    {
        var options = new KotodamaClientOptions
        {
            Role = PeerRole.Viewer,
            FirstPause = TimeSpan.FromMilliseconds(1),
            LongestPause = TimeSpan.FromMilliseconds(1),
            ConnectTimeout = Limits.Wait,
            IncomingCapacity = 1_000_000,
            Random = new Random(1),
        };
        configure?.Invoke(options);
        return new Seen(await KotodamaClient.ConnectAsync(hub, options, TestContext.Current.CancellationToken));
    }

    /// <summary>Waits until number <paramref name="last"/> is there, and proves that it came with everything before, once and in order.</summary>
    public async Task HasAllAsync(long last)
    {
        await Limits.UntilAsync(() => _numbers.Count >= last || _reading.IsCompleted, $"{last} messages; {_numbers.Count} came and the client is {Client.State}");
        HasNothingTwice();
        Assert.Equal(last, _numbers.Count);
    }

    /// <summary>Proves that what has come so far is 1, 2, 3 … and nothing else.</summary>
    public void HasNothingTwice()
    {
        Assert.Empty(_others);
        var expected = 0L;
        foreach (var number in _numbers)
            Assert.Equal(++expected, number);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var message in Client.Incoming.ReadAllAsync(CancellationToken.None))
        {
            if (message is Publication { Seq: { } seq })
                _numbers.Enqueue(seq);
            else
                _others.Enqueue(message);
        }
    }
}
