using Kotodama.Protocol;
using Kotodama.Server.Rates;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Tells clients that are refused why, over a WebSocket, and closes it: a browser hides the status of a refused handshake from the page and
/// its author. Such a socket is no connection of the hub, and nothing that comes over it is looked at. Any thread.
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="time">The clock.</param>
internal sealed class Farewell(KotodamaServerOptions options, TimeProvider time)
{
    /// <summary>Pages that are told per second, and at once.</summary>
    private const int Rate = 2, Burst = 20;

    /// <summary>Bytes that are read of such a page, only so that it gets the close frame.</summary>
    private const int MostUnheard = 64 * 1024;

    /// <summary>The bytes of a client's frame without its payload, at least.</summary>
    private const int ShortestFrame = 6;

    private readonly Lock _lock = new();
    private readonly TokenBucket _tokens = new(Rate, Burst, time);

    /// <summary>Whether one more page may be told now; counts it.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (_tokens.Wait > TimeSpan.Zero)
                return false;
            _tokens.Take();
            return true;
        }
    }

    /// <summary>Says the error, closes, and waits a moment for the page's close frame: then the page has read both.</summary>
    /// <returns>False: the page did not end in time, and has to be cut.</returns>
    public async Task<bool> SayAsync(Stream stream, ErrorMessage error, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.CloseTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            byte[] words = [.. Frame.Text(error), .. Frame.Close(Code(error), error.Message)];
            await stream.WriteAsync(words, either.Token);
            return await IsClosedAsync(stream, either.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It is gone, or takes too long.
            return false;
        }
    }

    /// <summary>
    /// Reads until the page closes. Then the hub ends the TCP connection: a client leaves that to the server (RFC 6455 section 7.1.1).
    /// </summary>
    /// <returns>False: the page says too much first, or what is no WebSocket.</returns>
    private static async Task<bool> IsClosedAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new FrameReader(stream, messageLimit: 0, skipLimit: MostUnheard);
        for (var unheard = 0L; unheard < MostUnheard;)
        {
            var inbound = await reader.ReadAsync(cancellationToken);
            if (inbound.Kind is InboundKind.Close or InboundKind.End or InboundKind.Violation)
                return inbound.Kind is not InboundKind.Violation;
            unheard += ShortestFrame + inbound.Payload.Length + inbound.Skipped;
        }

        return false;
    }

    private static int Code(ErrorMessage error) => error.Code == ErrorCode.OriginNotAllowed ? CloseCode.NotAllowed : CloseCode.BadToken;
}
