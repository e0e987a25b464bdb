using System.Text;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Fuzz;

public sealed class FrameFuzzTests
{
    private const int Limit = 65_536;

    [Fact]
    public Task No_bytes_make_the_reader_of_frames_throw_hang_or_depend_on_how_the_network_cuts_them() =>
        Inputs.RunAsync(Inputs.Share(20), random => (Bytes: new FrameScript(random).Next(8), Chunk: 1 + random.Next(40)), input => input.Bytes, Inputs.Longest, async input =>
        {
            // Large scripts in larger pieces, so that what is measured is not the network.
            var chunk = input.Bytes.Length < 4_000 ? input.Chunk : input.Chunk * 100;
            var whole = await ReadAsync(input.Bytes, int.MaxValue);
            Assert.True(whole.Count <= input.Bytes.Length + 1, $"{whole.Count} messages from {input.Bytes.Length} bytes");
            Assert.Equal(whole, await ReadAsync(input.Bytes, chunk));
        });

    private static async Task<List<string>> ReadAsync(byte[] bytes, int chunk)
    {
        using var reader = new FrameReader(new ChunkedStream(bytes, chunk), Limit);
        var all = new List<string>();
        while (true)
        {
            var inbound = await reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.InRange(inbound.Payload.Length, 0, Limit);
            all.Add($"{inbound.Kind} {inbound.Code} {inbound.Reason} {Encoding.Latin1.GetString(inbound.Payload.Span)}");
            if (inbound.Kind is InboundKind.End or InboundKind.Violation or InboundKind.Close)
                return all;
        }
    }
}
