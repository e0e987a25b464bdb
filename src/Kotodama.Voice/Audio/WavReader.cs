using System.Buffers.Binary;
using Kotodama.Voice.Faults;

namespace Kotodama.Voice.Audio;

/// <summary>
/// Reads a WAV file while it comes in and hands its sound out as mono samples of 16 bits. Lengths that a program could not know when it
/// began (0, or more than there is) mean until the end.
/// </summary>
/// <remarks>Not safe for threads: one for each file.</remarks>
public sealed class WavReader
{
    private const int FileHead = 12, ChunkHead = 8, LeastFormat = 16, MostFormat = 40;
    private const ushort Integer = 1, Floating = 3, Extensible = 0xFFFE;

    private readonly byte[] _head = new byte[MostFormat];
    private int _headLength, _wanted = FileHead;
    private long _skip, _skipAfterFormat, _left;
    private Part _part = Part.File;
    private PcmConverter? _converter;

    private enum Part
    {
        File,
        Chunk,
        Format,
        Sound,
        End,
    }

    /// <summary>Samples per second; 0 until the header has come.</summary>
    public int Rate { get; private set; }

    /// <summary>Reads the next piece of the file and returns the sound in it, which may be nothing.</summary>
    /// <param name="piece">The piece, which may end anywhere.</param>
    /// <exception cref="EngineException">It is not a WAV file, or of a kind that cannot be played.</exception>
    public byte[] Read(ReadOnlySpan<byte> piece)
    {
        while (_part is not (Part.Sound or Part.End) && piece.Length > 0)
        {
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, piece.Length);
                _skip -= skipped;
                piece = piece[skipped..];
                continue;
            }

            var taken = Math.Min(_wanted - _headLength, piece.Length);
            piece[..taken].CopyTo(_head.AsSpan(_headLength));
            _headLength += taken;
            piece = piece[taken..];
            if (_headLength == _wanted)
                Understand(_head.AsSpan(0, _wanted));
        }

        if (_part != Part.Sound)
            return [];
        if (piece.Length > _left)
            piece = piece[..(int)_left];
        _left -= piece.Length;
        if (_left == 0)
            _part = Part.End;
        return _converter!.Convert(piece);
    }

    /// <summary>The file is over.</summary>
    /// <exception cref="EngineException">It ended before its sound began.</exception>
    public void End()
    {
        if (_part is not (Part.Sound or Part.End))
            throw NotWav();
    }

    private static EngineException NotWav() => new("What came is not the sound of a WAV file.");

    private void Understand(ReadOnlySpan<byte> head)
    {
        switch (_part)
        {
            case Part.File:
                if (!head[..4].SequenceEqual("RIFF"u8) || !head[8..].SequenceEqual("WAVE"u8))
                    throw NotWav();
                Want(Part.Chunk, ChunkHead);
                break;
            case Part.Format:
                Understand(BinaryPrimitives.ReadUInt16LittleEndian(head), head);
                Want(Part.Chunk, ChunkHead);
                break;
            default:
                Begin(head[..4], BinaryPrimitives.ReadUInt32LittleEndian(head[4..]));
                break;
        }
    }

    private void Begin(ReadOnlySpan<byte> name, uint length)
    {
        // Chunks begin at even places.
        var whole = (long)length + (length & 1);
        if (name.SequenceEqual("fmt "u8))
        {
            if (length < LeastFormat)
                throw NotWav();
            var read = (int)Math.Min(length, MostFormat);
            Want(Part.Format, read);
            _skipAfterFormat = whole - read;
        }
        else if (name.SequenceEqual("data"u8))
        {
            if (_converter is null)
                throw NotWav();
            _left = length is 0 or uint.MaxValue ? long.MaxValue : length;
            _part = Part.Sound;
        }
        else
        {
            Want(Part.Chunk, ChunkHead);
            _skip = whole;
        }
    }

    private void Understand(ushort kind, ReadOnlySpan<byte> format)
    {
        if (kind == Extensible && format.Length >= 26)
            kind = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        if (kind is not (Integer or Floating))
            throw new EngineException($"WAV files of kind {kind} cannot be played; ask for PCM.");
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        if (rate is < 8_000 or > 48_000)
            throw new EngineException($"Sound of {rate} Hz cannot be played; ask for 8000 to 48000 Hz.");
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        _converter = new PcmConverter(channels, bits, kind == Floating);
        Rate = (int)rate;
        _skip = _skipAfterFormat;
    }

    private void Want(Part part, int length) => (_part, _wanted, _headLength) = (part, length, 0);
}
