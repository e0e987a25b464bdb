using System.Buffers.Binary;

namespace Kotodama.Protocol;

/// <summary>
/// A piece of sound: the only message that is binary on the wire. Sixteen bytes of header, little-endian, then the sound: magic 0xA7 (1
/// byte), kind (1), clause (2), stream (4), number (4), sample offset (4).
/// </summary>
public sealed record AudioMessage : Message
{
    /// <summary>The first byte on the wire.</summary>
    public const byte Magic = 0xA7;

    /// <summary>The bytes before the sound.</summary>
    public const int HeaderLength = 16;

    /// <summary>The most bytes of a message, header included.</summary>
    public const int MaxLength = 32_768;

    /// <summary>Makes a message.</summary>
    public AudioMessage()
        : base(MessageType.Audio)
    {
    }

    /// <summary>What the sound is.</summary>
    public required AudioKind Kind { get; init; }

    /// <summary>
    /// What it belongs to, by <see cref="Kind"/> and sender: the number of a speech (<see cref="SpeechStartMessage.Turn"/>), of a brought
    /// stream (<see cref="LlmResponseMessage.AudioStream"/>) or of an utterance (<see cref="VadMessage.Utterance"/>).
    /// </summary>
    public required uint Stream { get; init; }

    /// <summary>The clause it belongs to.</summary>
    public required ushort Clause { get; init; }

    /// <summary>Counts the messages of a clause, from 0.</summary>
    public required uint Number { get; init; }

    /// <summary>For samples: how many of the clause came before; for parts of a file: how many bytes.</summary>
    public required uint Offset { get; init; }

    /// <summary>The sound. Empty: nothing follows.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Reads a binary message.</summary>
    /// <param name="bytes">The whole message. It is kept as <see cref="Data"/>: pass a copy when it is reused.</param>
    /// <returns>The message, or the error to send back.</returns>
    public static ReadResult Read(ReadOnlyMemory<byte> bytes)
    {
        var header = bytes.Span;
        if (header.Length < HeaderLength || header[0] != Magic)
            return ReadResult.Refused(
                ErrorCode.BinaryUnsupported,
                $"a binary message must begin with a header of {HeaderLength} bytes and 0x{Magic:X2}",
                "See docs/protocol.md, or send JSON in a text message.");
        if (header.Length > MaxLength)
            return ReadResult.Refused(
                ErrorCode.TooBig,
                $"a binary message has {header.Length} bytes, the limit is {MaxLength}",
                "Send less sound at a time.");
        if (header[1] is < (byte)AudioKind.Speech or > (byte)AudioKind.Encoded)
            return ReadResult.Refused(
                ErrorCode.BadValue,
                $"the kind of sound must be 1 to 3, got {header[1]}",
                "1 is speech, 2 a microphone, 3 a part of a file.");
        if (header[1] != (byte)AudioKind.Encoded && (header.Length - HeaderLength) % 2 != 0)
            return ReadResult.Refused(ErrorCode.BadValue, "the message ends within a sample", "Send whole samples of 2 bytes.");
        var message = new AudioMessage
        {
            Kind = (AudioKind)header[1],
            Clause = BinaryPrimitives.ReadUInt16LittleEndian(header[2..]),
            Stream = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            Number = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]),
            Offset = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]),
            Data = bytes[HeaderLength..],
        };
        return new ReadResult(message, null);
    }

    /// <summary>Writes the message as it is sent.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderLength + Data.Length];
        bytes[0] = Magic;
        bytes[1] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), Clause);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Stream);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Offset);
        Data.Span.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }
}

/// <summary>What a piece of sound is.</summary>
public enum AudioKind : byte
{
    /// <summary>Speech of the character: mono samples of 16 bits.</summary>
    Speech = 1,

    /// <summary>The user's microphone: mono samples of 16 bits, 16 kHz.</summary>
    Microphone = 2,

    /// <summary>A part of a sound file.</summary>
    Encoded = 3,
}
