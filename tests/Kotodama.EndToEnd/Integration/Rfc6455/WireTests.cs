using System.Buffers.Binary;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>
/// Our own list of what a server has to do with the bytes of a client, on real connections to one hub. Each case is sent in one piece and
/// then byte by byte, so that every frame is also cut at every place by the network.
/// </summary>
public sealed class WireTests(OneHub shared) : IClassFixture<OneHub>
{
    private const int MostBytesOneByOne = 2_000;

    private static readonly Dictionary<string, WireCase> Cases = new[] { FramingCases.All, MessageCases.All, Utf8Cases.All, CloseCases.All }
        .SelectMany(all => all).ToDictionary(c => c.Name, StringComparer.Ordinal);

    private static int _channels;

    public static TheoryData<string> Framing => Names(FramingCases.All);

    public static TheoryData<string> Messages => Names(MessageCases.All);

    public static TheoryData<string> Utf8 => Names(Utf8Cases.All);

    public static TheoryData<string> Closing => Names(CloseCases.All);

    [Theory]
    [MemberData(nameof(Framing))]
    public Task Section_5_2_framing(string about) => CheckAsync(Cases[about]);

    [Theory]
    [MemberData(nameof(Messages))]
    public Task Section_5_4_fragments_and_control_frames(string about) => CheckAsync(Cases[about]);

    [Theory]
    [MemberData(nameof(Utf8))]
    public Task Section_8_1_text_is_UTF8(string about) => CheckAsync(Cases[about]);

    [Theory]
    [MemberData(nameof(Closing))]
    public Task Section_7_closing(string about) => CheckAsync(Cases[about]);

    [Fact]
    public void The_list_is_not_shortened_by_accident() => Assert.InRange(Cases.Count, 190, 1_000);

    private async Task CheckAsync(WireCase wire)
    {
        await CheckAsync(wire, wire.Bytes.Length);
        if (!wire.InOnePiece && wire.Bytes.Length <= MostBytesOneByOne)
            await CheckAsync(wire, 1);
    }

    private async Task CheckAsync(WireCase wire, int piece)
    {
        // A channel of its own, because a connection that has not published yet hears what others say.
        using var socket = await RawSocket.ConnectAsync(shared.Hub.Url, $"/?channel=c{Interlocked.Increment(ref _channels)}");
        foreach (var bytes in wire.Bytes.Chunk(Math.Max(1, piece)))
            await socket.SendAsync(bytes);
        foreach (var expected in wire.Answers)
        {
            var answer = await AnswerAsync(socket);
            Assert.True(answer == expected || (expected != "close" && answer.StartsWith(expected + " ", StringComparison.Ordinal)), $"{wire.Name}: {expected} was expected, but it is {answer}");
        }

        if (wire.Answers is [.., var last] && last.StartsWith("close", StringComparison.Ordinal))
        {
            socket.EndSending();
        }
        else
        {
            // A ping is allowed anywhere; its answer proves that nothing else was said.
            await socket.SendAsync([.. Wire.Frame(Opcode.Ping, "end"u8.ToArray()), .. Wire.Close(1000)]);
            Assert.Equal(WireCase.Pong([.. "end"u8]), await AnswerAsync(socket));
            Assert.Equal("close 1000", await AnswerAsync(socket));
        }

        Assert.Equal("the end", await AnswerAsync(socket));
    }

    private static async Task<string> AnswerAsync(RawSocket socket)
    {
        if (await socket.ReadFrameAsync() is not var (opcode, payload))
            return "the end";
        return opcode switch
        {
            Opcode.Pong => WireCase.Pong(payload),
            Opcode.Close => $"close {(payload.Length == 0 ? "" : $"{BinaryPrimitives.ReadUInt16BigEndian(payload)} {Encoding.UTF8.GetString(payload.AsSpan(2))}")}".TrimEnd(),
            Opcode.Text when MessageCodec.Read(payload).Message is { } message => message is ErrorMessage error ? $"error {error.Code}" : message.Type,
            _ => $"a frame {opcode}",
        };
    }

    private static TheoryData<string> Names(IEnumerable<WireCase> cases) => [.. cases.Select(c => c.Name)];
}
