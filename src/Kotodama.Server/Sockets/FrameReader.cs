using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Kotodama.Protocol;

namespace Kotodama.Server.Sockets;

/// <summary>
/// Reads client frames of RFC 6455 section 5 and joins them to messages. One caller at a time. Between messages it holds no buffer: it
/// waits with an empty read and rents only when bytes are there, which keeps idle connections small.
/// <code>
///  byte 0           byte 1          0, 2 or 8 bytes   4 bytes   n bytes
/// +----------------+---------------+-----------------+---------+-----------------+
/// | FIN RSV opcode | MASK=1 length | longer length   | mask    | payload ^ mask  |
/// +----------------+---------------+-----------------+---------+-----------------+
/// </code>
/// </summary>
/// <param name="stream">The client's bytes.</param>
/// <param name="messageLimit">The longest message that is kept, in bytes.</param>
/// <param name="skipLimit">The longest message that is skipped, in bytes; a longer one is a violation.</param>
internal sealed class FrameReader(Stream stream, int messageLimit, long skipLimit = FrameReader.SkipLimit) : IDisposable
{
    /// <summary>Above this a message is not worth skipping: the connection is closed instead.</summary>
    public const int SkipLimit = 16 * 1024 * 1024;

    /// <summary>
    /// Frames without a byte within one message. They cost work and carry nothing, and what they cost is counted nowhere else.
    /// </summary>
    private const int MostEmptyFrames = 1_024;

    private const int BufferSize = 4096;

    private byte[]? _buffer;
    private int _start;
    private int _end;

    private byte[]? _message;
    private long _messageLength;
    private Opcode _messageType;
    private bool _inMessage;
    private int _emptyFrames;

    private int Available => _end - _start;

    /// <summary>Reads until something is worth telling. Throws what the stream throws.</summary>
    public async ValueTask<Inbound> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_inMessage)
            ReleaseMessage();
        while (true)
        {
            if (!await FillAsync(2, cancellationToken))
                return new Inbound(InboundKind.End);
            var first = _buffer![_start];
            var second = _buffer[_start + 1];
            if (Broken(first, second) is { } broken)
                return broken;

            var opcode = (Opcode)(first & 0x0F);
            var final = (first & 0x80) != 0;
            var lengthCode = second & 0x7F;
            var header = 2 + lengthCode switch { 126 => 2, 127 => 8, _ => 0 } + 4;
            if (!await FillAsync(header, cancellationToken))
                return new Inbound(InboundKind.End);
            if (Length(lengthCode) is not { } length)
                return Violation("the length of a frame is not in its shortest form, or negative");
            var mask = MemoryMarshal.Read<uint>(_buffer.AsSpan(_start + header - 4));
            _start += header;

            if ((byte)opcode >= (byte)Opcode.Close)
                return await ReadControlAsync(opcode, (int)length, mask, cancellationToken);

            if (opcode != Opcode.Continuation)
            {
                _messageType = opcode;
                _messageLength = 0;
                _emptyFrames = 0;
                _inMessage = true;
            }

            if (length == 0 && ++_emptyFrames > MostEmptyFrames)
                return Violation($"a message has more than {MostEmptyFrames} empty frames");

            if (length > skipLimit - _messageLength)
                return new Inbound(InboundKind.Violation, Code: CloseCode.TooBig, Reason: $"a message may have {messageLimit} bytes");
            if (!await ReadPayloadAsync(length, mask, cancellationToken))
                return new Inbound(InboundKind.End);
            if (final)
                return Finish();
        }
    }

    public void Dispose()
    {
        ReleaseMessage();
        ReleaseBuffer();
    }

    private Inbound? Broken(byte first, byte second)
    {
        var opcode = first & 0x0F;
        if ((first & 0x70) != 0)
            return Violation("a reserved bit is set");
        if (opcode is not (0x0 or 0x1 or 0x2 or 0x8 or 0x9 or 0xA))
            return Violation("the frame type is unknown");
        if ((second & 0x80) == 0)
            return Violation("a client must mask its frames");
        if (opcode >= 0x8 && ((first & 0x80) == 0 || (second & 0x7F) > 125))
            return Violation("a control frame is fragmented or longer than 125 bytes");
        if (opcode == 0x0 && !_inMessage)
            return Violation("a continuation without a beginning");
        if (opcode is 0x1 or 0x2 && _inMessage)
            return Violation("a message begins within another");
        return null;
    }

    private long? Length(int lengthCode)
    {
        var more = _buffer.AsSpan(_start + 2);
        switch (lengthCode)
        {
            case 126:
                var two = BinaryPrimitives.ReadUInt16BigEndian(more);
                return two > 125 ? two : null;
            case 127:
                var eight = BinaryPrimitives.ReadUInt64BigEndian(more);
                return eight is > ushort.MaxValue and <= long.MaxValue ? (long)eight : null;
            default:
                return lengthCode;
        }
    }

    private async ValueTask<Inbound> ReadControlAsync(Opcode opcode, int length, uint mask, CancellationToken cancellationToken)
    {
        if (!await FillAsync(length, cancellationToken))
            return new Inbound(InboundKind.End);
        var payload = _buffer.AsMemory(_start, length);
        Unmask(payload.Span, mask, 0);
        _start += length;
        return opcode switch
        {
            Opcode.Ping => new Inbound(InboundKind.Ping, payload),
            Opcode.Pong => new Inbound(InboundKind.Pong, payload),
            _ => Closing(payload),
        };
    }

    private static Inbound Closing(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length == 0)
            return new Inbound(InboundKind.Close);
        if (payload.Length == 1)
            return Violation("a close frame with half a code");
        var code = BinaryPrimitives.ReadUInt16BigEndian(payload.Span);
        if (code is not ((>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999)))
            return Violation("a close code that may not be sent");
        return Utf8.IsValid(payload.Span[2..])
            ? new Inbound(InboundKind.Close, payload[2..], code)
            : new Inbound(InboundKind.Violation, Code: CloseCode.InvalidPayload, Reason: "the close reason is not UTF-8");
    }

    private async ValueTask<bool> ReadPayloadAsync(long length, uint mask, CancellationToken cancellationToken)
    {
        for (long done = 0; done < length;)
        {
            if (Available == 0 && !await FillAsync(1, cancellationToken))
                return false;
            var piece = (int)Math.Min(Available, length - done);
            var bytes = _buffer.AsSpan(_start, piece);
            if (_messageLength + piece <= messageLimit)
            {
                Unmask(bytes, mask, done);
                Append(bytes);
            }

            _messageLength += piece;
            _start += piece;
            done += piece;
        }

        return true;
    }

    private Inbound Finish()
    {
        _inMessage = false;
        if (_messageLength > messageLimit)
            return new Inbound(InboundKind.TooBig, Skipped: _messageLength);
        var message = _message.AsMemory(0, (int)_messageLength);
        if (_messageType == Opcode.Binary)
            return new Inbound(InboundKind.Binary, message);
        return Utf8.IsValid(message.Span)
            ? new Inbound(InboundKind.Text, message)
            : new Inbound(InboundKind.Violation, Code: CloseCode.InvalidPayload, Reason: "a text message is not UTF-8");
    }

    private static Inbound Violation(string reason) => new(InboundKind.Violation, Code: CloseCode.ProtocolError, Reason: reason);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var needed = (int)_messageLength + bytes.Length;
        if (_message is null || _message.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(messageLimit, (int)_messageLength * 2)));
            _message.AsSpan(0, _message is null ? 0 : (int)_messageLength).CopyTo(larger);
            ReleaseMessage();
            _message = larger;
        }

        bytes.CopyTo(_message.AsSpan((int)_messageLength));
    }

    /// <summary>Makes at least <paramref name="count"/> bytes available, at most the buffer's size. False: the stream ended.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (Available < count)
        {
            if (Available == 0)
            {
                ReleaseBuffer();
#pragma warning disable CA2022 // An empty read only waits until there is something to read.
                _ = await stream.ReadAsync(Memory<byte>.Empty, cancellationToken);
#pragma warning restore CA2022
                _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            }
            else if (_start > 0)
            {
                _buffer.AsSpan(_start, Available).CopyTo(_buffer);
                (_start, _end) = (0, Available);
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                return false;
            _end += read;
        }

        return true;
    }

    /// <summary>Applies the mask of a frame to a piece that begins <paramref name="offset"/> bytes into its payload.</summary>
    private static void Unmask(Span<byte> bytes, uint mask, long offset)
    {
        // The mask is in memory order; turning it brings the byte for this offset to the front on both kinds of machine.
        var turn = (int)(offset & 3) * 8;
        var turned = BitConverter.IsLittleEndian ? uint.RotateRight(mask, turn) : uint.RotateLeft(mask, turn);
        var wide = turned | ((ulong)turned << 32);
        var longs = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (var i = 0; i < longs.Length; i++)
            longs[i] ^= wide;
        Span<byte> single = stackalloc byte[4];
        MemoryMarshal.Write(single, turned);
        for (var i = longs.Length * 8; i < bytes.Length; i++)
            bytes[i] ^= single[i & 3];
    }

    private void ReleaseBuffer()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        (_buffer, _start, _end) = (null, 0, 0);
    }

    private void ReleaseMessage()
    {
        if (_message is { } message)
            ArrayPool<byte>.Shared.Return(message);
        _message = null;
    }
}
