using System.Buffers.Binary;
using Kotodama.Voice.Faults;

namespace Kotodama.Voice.Audio;

/// <summary>Makes mono samples of 16 bits, little-endian, of samples as they come. Pieces may end in the middle of a sample.</summary>
/// <remarks>Not safe for threads: one for each sound.</remarks>
internal sealed class PcmConverter
{
    private readonly int _channels, _bytes;
    private readonly bool _floating;
    private readonly byte[] _rest;
    private int _restLength;

    /// <summary>Makes a converter.</summary>
    /// <param name="channels">1 to 8; they are mixed.</param>
    /// <param name="bits">8 (unsigned), 16, 24 or 32; 32 or 64 when <paramref name="floating"/>.</param>
    /// <param name="floating">Whether samples are floating point numbers between -1 and 1.</param>
    /// <exception cref="EngineException">It knows no such samples.</exception>
    public PcmConverter(int channels = 1, int bits = 16, bool floating = false)
    {
        if (channels is < 1 or > 8 || (floating ? bits is not (32 or 64) : bits is not (8 or 16 or 24 or 32)))
        {
            var kind = floating ? " floating point" : "";
            throw new EngineException(
                $"Sound with {channels} channels of {bits} bits{kind} cannot be played; ask for mono samples of 16 bits.");
        }

        (_channels, _bytes, _floating) = (channels, bits / 8, floating);
        _rest = new byte[_channels * _bytes];
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

        if (_channels == 1 && _bytes == 2)
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
            sum += Sample(frame.Slice(i, _bytes));
        return double.IsNaN(sum) ? (short)0 : (short)Math.Clamp(Math.Round(sum / _channels), short.MinValue, short.MaxValue);
    }

    private double Sample(ReadOnlySpan<byte> bytes) => (_bytes, _floating) switch
    {
        (4, true) => BinaryPrimitives.ReadSingleLittleEndian(bytes) * 32767.0,
        (8, true) => BinaryPrimitives.ReadDoubleLittleEndian(bytes) * 32767.0,
        (1, _) => (bytes[0] - 128) * 256.0,
        (2, _) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        (3, _) => ((sbyte)bytes[2] << 8) + bytes[1] + (bytes[0] / 256.0),
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 65536.0,
    };
}
