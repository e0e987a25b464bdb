using System.Buffers;

namespace Kotodama.Server.Sockets;

/// <summary>What a client still sends after a connection has failed.</summary>
internal static class Remainder
{
    /// <summary>
    /// Reads what is still on its way, so that the transport does not answer it with a reset that overtakes the close frame. Throws what
    /// the stream throws.
    /// </summary>
    public static async Task SkipAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
