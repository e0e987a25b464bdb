using System.Buffers.Binary;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;

namespace Kotodama.Voice.Audio;

/// <summary>Makes mono samples of 16 bits, little-endian, of samples as they come. Pieces may end in the middle of a sample.</summary>
/// <remarks>Not safe for threads: one for each sound.</remarks>
internal sealed class PcmConverter
{
    private const int MostChannels = 8;

    private readonly int _channels, _bytes;
    private readonly SampleKind _kind;
    private readonly bool _isBigEndian;
    private readonly byte[] _rest, _turned;
    private int _restLength;

    /// <summary>Makes a converter.</summary>
    /// <param name="format">1 to 8 channels, which are mixed. Samples whose order of bytes is not known begin with the low one.</param>
    /// <exception cref="EngineException">It knows no such samples.</exception>
    public PcmConverter(SampleFormat format)
    {
        var isKnown = format.Kind switch
        {
            SampleKind.FloatingPoint => format.Bits is 32 or 64,
            SampleKind.Whole => format.Bits is 8 or 16 or 24 or 32,
            _ => format.Bits is 8,
        };
        if (!isKnown || format.Channels is < 1 or > MostChannels)
        {
            var kind = format.Kind is SampleKind.FloatingPoint ? " floating point" : "";
            throw new EngineException(
                $"Sound with {format.Channels} channels of {format.Bits} bits{kind} cannot be played; ask for mono samples of 16 bits.");
        }

        (_channels, _bytes, _kind, _isBigEndian) = (format.Channels, format.Bits / 8, format.Kind, format.IsBigEndian == true);
        (_rest, _turned) = (new byte[_channels * _bytes], new byte[_bytes]);
    }

    /// <summary>Converts the next piece. What does not fill a sample waits for the piece after it.</summary>
    public byte[] Convert(ReadOnlySpan<byte> piece)
    {
        var result = new byte[(_restLength + piece.Length) / _rest.Length * 2];
        var to = result.AsSpan();
        if (_restLength > 0)
        {
            var missing = Math.Min(_rest.Length - _restLength, piece.Length);
            piece[..missing].CopyTo(_rest.AsSpan(_restLength));
            _restLength += missing;
            piece = piece[missing..];
            if (_restLength < _rest.Length)
                return result;
            BinaryPrimitives.WriteInt16LittleEndian(to, Mix(_rest));
            to = to[2..];
            _restLength = 0;
        }

        if (_channels == 1 && _bytes == 2 && !_isBigEndian)
            piece[..to.Length].CopyTo(to);
        else
            for (var i = 0; i < to.Length / 2; i++)
                BinaryPrimitives.WriteInt16LittleEndian(to[(i * 2)..], Mix(piece.Slice(i * _rest.Length, _rest.Length)));

        piece = piece[(to.Length / 2 * _rest.Length)..];
        piece.CopyTo(_rest);
        _restLength = piece.Length;
        return result;
    }

    private short Mix(ReadOnlySpan<byte> frame)
    {
        var sum = 0.0;
        for (var i = 0; i < frame.Length; i += _bytes)
        {
            var sample = frame.Slice(i, _bytes);
            if (_isBigEndian)
            {
                sample.CopyTo(_turned);
                Array.Reverse(_turned);
                sample = _turned;
            }

            sum += Sample(sample);
        }

        return double.IsNaN(sum) ? (short)0 : (short)Math.Clamp(Math.Round(sum / _channels), short.MinValue, short.MaxValue);
    }

    private double Sample(ReadOnlySpan<byte> bytes) => (_kind, _bytes) switch
    {
        (SampleKind.FloatingPoint, 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes) * 32767.0,
        (SampleKind.FloatingPoint, _) => BinaryPrimitives.ReadDoubleLittleEndian(bytes) * 32767.0,
        (SampleKind.Offset, _) => (bytes[0] - 128) * 256.0,
        (SampleKind.MuLaw, _) => MuLaw(bytes[0]),
        (SampleKind.ALaw, _) => ALaw(bytes[0]),
        (_, 1) => (sbyte)bytes[0] * 256.0,
        (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        (_, 3) => ((sbyte)bytes[2] << 8) + bytes[1] + (bytes[0] / 256.0),
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 65536.0,
    };

    /// <summary>G.711: all bits are turned; a sign, the exponent in 3 bits, 4 bits of the number, all counted from 33 on.</summary>
    private static int MuLaw(byte code)
    {
        const int Bias = 33;
        code = (byte)~code;
        var number = ((((code & 0xF) << 1) + Bias) << ((code >> 4) & 7)) - Bias;
        return ((code & 0x80) == 0 ? number : -number) << 2;
    }

    /// <summary>G.711: every other bit is turned; a sign, the exponent in 3 bits, 4 bits of the number.</summary>
    private static int ALaw(byte code)
    {
        code ^= 0x55;
        var exponent = (code >> 4) & 7;
        var number = ((code & 0xF) << 1) + 1;
        number = exponent == 0 ? number : (number + 32) << (exponent - 1);
        return ((code & 0x80) != 0 ? number : -number) << 3;
    }
}
