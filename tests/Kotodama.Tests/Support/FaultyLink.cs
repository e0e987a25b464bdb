using System.Net.Sockets;

namespace Kotodama.Tests.Support;

/// <summary>One connection through a <see cref="FaultProxy"/>: two sockets and a pump for each direction.</summary>
internal sealed class FaultyLink
{
    private const int SmallBuffer = 4096;

    private readonly Socket _client;
    private readonly Socket _hub = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private long _down;
    private long _up;

    public FaultyLink(Socket client, Uri hub, LinkFaults faults, CancellationToken end)
    {
        _client = client;
        _client.NoDelay = true;
        Faults = faults;
        if (faults.Down.SmallBuffer)
            _hub.ReceiveBufferSize = SmallBuffer;
        if (faults.Up.SmallBuffer)
            _client.ReceiveBufferSize = SmallBuffer;
        Ended = RunAsync(hub, end);
    }

    public LinkFaults Faults { get; }

    /// <summary>Ends when both directions have; never faults.</summary>
    public Task Ended { get; }

    /// <summary>Bytes that the hub has sent and the client was passed.</summary>
    public long Down => Interlocked.Read(ref _down);

    /// <summary>Bytes that the client has sent and the hub was passed.</summary>
    public long Up => Interlocked.Read(ref _up);

    /// <summary>Ends both sides.</summary>
    /// <param name="reset">Whether with a reset instead of an orderly end.</param>
    public void Drop(bool reset)
    {
        Close(_client, reset);
        Close(_hub, reset);
    }

    private static void Close(Socket socket, bool reset)
    {
        try
        {
            if (reset)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private async Task RunAsync(Uri hub, CancellationToken end)
    {
        try
        {
            await _hub.ConnectAsync(hub.Host, hub.Port, end);
            await Task.WhenAll(
                PumpAsync(_client, _hub, Faults.Up, sent => Interlocked.Add(ref _up, sent), end),
                PumpAsync(_hub, _client, Faults.Down, sent => Interlocked.Add(ref _down, sent), end));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The hub is not there, or the test is over.
        }

        Drop(reset: false);
    }

    private async Task PumpAsync(Socket from, Socket to, WayFaults faults, Func<int, long> count, CancellationToken end)
    {
        var buffer = new byte[16 * 1024];
        var random = new Random(faults.Seed);
        var left = faults.CutAfter ?? long.MaxValue;
        try
        {
            while (left > 0)
            {
                await faults.Reading.WaitAsync(end);
                var read = await from.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(faults.Drips ? 1 : buffer.Length, left)), end);
                if (read == 0)
                {
                    if (!faults.Swallow)
                        to.Shutdown(SocketShutdown.Send);
                    return;
                }

                if (faults.Delay > TimeSpan.Zero || faults.Jitter > TimeSpan.Zero)
                    await Task.Delay(faults.Delay + (faults.Jitter * random.NextDouble()), TimeProvider.System, end);
                if (faults.Swallow)
                    continue;
                left -= read;
                await SendAsync(to, buffer.AsMemory(0, read), end);
                count(read);
                if (faults.Drips)
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, end);
            }

            Drop(Faults.Reset);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone. The other one learns of it, unless the network keeps it a secret.
            if (!faults.Swallow)
                Drop(reset: true);
        }
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken end)
    {
        while (bytes.Length > 0)
            bytes = bytes[await to.SendAsync(bytes, end)..];
    }
}
