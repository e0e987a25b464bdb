using System.Buffers.Binary;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;

namespace Kotodama.Voice.Audio;

/// <summary>
/// Reads a WAV file, or several in a row, while they come in, and hands their sound out as mono samples of 16 bits of one rate. Lengths
/// that a program could not know when it began (0, or more than there is) mean until the end, or until the next file. What stands behind
/// the sound and is no file is silent.
/// </summary>
/// <remarks>Not safe for threads: one for each body.</remarks>
public sealed class WavReader
{
    private const int FileHead = 12, ChunkHead = 8, LeastFormat = 16, MostFormat = 40, LongSizes = 16;
    private const ushort Integer = 1, Floating = 3, ALaw = 6, MuLaw = 7, Extensible = 0xFFFE;

    private readonly byte[] _head = new byte[MostFormat];
    private int _headLength, _wanted = FileHead;
    private long _skip, _skipAfterRead, _left, _longLength;
    private Part _part = Part.File;
    private bool _isBigEndian, _hasSound;
    private PcmConverter? _converter;
    private RateConverter? _rates;

    /// <summary>The last bytes of a piece, when another file may begin with them.</summary>
    private byte[] _held = [];

    private enum Part
    {
        File,
        Chunk,
        Sizes,
        Format,
        Sound,
        Behind,
    }

    /// <summary>Samples per second of all that is handed out: those of the first file. 0 until its header has come.</summary>
    public int Rate { get; private set; }

    /// <summary>Reads the next piece and returns the sound in it, which may be nothing.</summary>
    /// <param name="piece">The piece, which may end anywhere.</param>
    /// <exception cref="EngineException">It is not a WAV file, or of a kind that cannot be played.</exception>
    public byte[] Read(ReadOnlySpan<byte> piece)
    {
        byte[] sound = [];
        if (_held.Length > 0)
        {
            piece = (byte[])[.. _held, .. piece];
            _held = [];
        }

        while (piece.Length > 0)
            piece = _part is Part.Sound or Part.Behind ? ReadSound(piece, ref sound) : ReadHead(piece);
        return sound;
    }

    /// <summary>There are no more pieces. Returns the last of the sound, which may be nothing.</summary>
    /// <exception cref="EngineException">The file ended before its sound began.</exception>
    public byte[] End()
    {
        if (!_hasSound)
            throw NotWav();
        byte[] sound = [];
        Take(_held, ref sound);
        EndFile(ref sound);
        _held = [];
        return sound;
    }

    private static EngineException NotWav() => new("What came is not the sound of a WAV file.");

    private static bool IsFile(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("RIFF"u8) || name.SequenceEqual("RIFX"u8) || name.SequenceEqual("RF64"u8) || name.SequenceEqual("BW64"u8);

    /// <summary>Where the next file begins; -1 when none does.</summary>
    private static int Find(ReadOnlySpan<byte> piece)
    {
        for (var from = 0; ; from++)
        {
            var at = piece[from..].IndexOf("WAVE"u8);
            if (at < 0)
                return -1;
            from += at;
            if (from >= ChunkHead && IsFile(piece.Slice(from - ChunkHead, 4)))
                return from - ChunkHead;
        }
    }

    /// <summary>How many of the last bytes may be the beginning of the next file.</summary>
    private static int Unfinished(ReadOnlySpan<byte> piece)
    {
        for (var length = Math.Min(FileHead - 1, piece.Length); length > 0; length--)
        {
            var end = piece[^length..];
            var name = end[..Math.Min(4, length)];
            if (("RIFF"u8.StartsWith(name) || "RIFX"u8.StartsWith(name) || "RF64"u8.StartsWith(name) || "BW64"u8.StartsWith(name))
                && (length <= ChunkHead || "WAVE"u8.StartsWith(end[ChunkHead..])))
                return length;
        }

        return 0;
    }

    private ReadOnlySpan<byte> ReadSound(ReadOnlySpan<byte> piece, scoped ref byte[] sound)
    {
        // Also within the sound: servers put the length of the whole speech into the header of each part.
        var next = Find(piece);
        if (next < 0)
        {
            var held = Unfinished(piece);
            Take(piece[..^held], ref sound);
            _held = piece[^held..].ToArray();
            return [];
        }

        Take(piece[..next], ref sound);
        EndFile(ref sound);
        (_converter, _longLength) = (null, 0);
        Want(Part.File, FileHead);
        return piece[next..];
    }

    private void Take(ReadOnlySpan<byte> bytes, ref byte[] sound)
    {
        if (_part != Part.Sound)
            return;
        if (bytes.Length > _left)
            bytes = bytes[..(int)_left];
        _left -= bytes.Length;
        if (_left == 0)
            _part = Part.Behind;
        var samples = _converter!.Convert(bytes);
        Add(_rates is null ? samples : _rates.Convert(samples), ref sound);
    }

    private void EndFile(ref byte[] sound)
    {
        Add(_rates?.End() ?? [], ref sound);
        _rates = null;
    }

    private static void Add(byte[] more, ref byte[] sound)
    {
        if (more.Length > 0)
            sound = sound.Length == 0 ? more : [.. sound, .. more];
    }

    private ReadOnlySpan<byte> ReadHead(ReadOnlySpan<byte> piece)
    {
        if (_skip > 0)
        {
            var skipped = (int)Math.Min(_skip, piece.Length);
            _skip -= skipped;
            return piece[skipped..];
        }

        var taken = Math.Min(_wanted - _headLength, piece.Length);
        piece[..taken].CopyTo(_head.AsSpan(_headLength));
        _headLength += taken;
        if (_headLength == _wanted && !Understand(_head.AsSpan(0, _wanted)))
        {
            // Behind sound that was heard, rubbish is as good as silence.
            _part = _hasSound ? Part.Behind : throw NotWav();
        }

        return piece[taken..];
    }

    /// <summary>Understands the part of the header that is complete. False: it is none.</summary>
    private bool Understand(ReadOnlySpan<byte> head)
    {
        switch (_part)
        {
            case Part.File:
                if (!IsFile(head[..4]) || !head[8..].SequenceEqual("WAVE"u8))
                    return false;
                _isBigEndian = head[3] == 'X';
                Want(Part.Chunk, ChunkHead);
                return true;
            case Part.Sizes:
                _longLength = (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(head[8..]));
                _skip = _skipAfterRead;
                Want(Part.Chunk, ChunkHead);
                return true;
            case Part.Format:
                UnderstandFormat(head);
                Want(Part.Chunk, ChunkHead);
                return true;
            default:
                return Begin(head[..4], Long(head[4..]));
        }
    }

    private bool Begin(ReadOnlySpan<byte> name, uint length)
    {
        // Chunks begin at even places.
        var whole = (long)length + (length & 1);
        if (IsFile(name))
        {
            // The file before had a header and no sound.
            (_converter, _part, _wanted) = (null, Part.File, FileHead);
        }
        else if (name.SequenceEqual("fmt "u8))
        {
            if (length < LeastFormat)
                return false;
            Want(Part.Format, (int)Math.Min(length, MostFormat));
            _skipAfterRead = whole - _wanted;
        }
        else if (name.SequenceEqual("ds64"u8) && length >= LongSizes)
        {
            Want(Part.Sizes, LongSizes);
            _skipAfterRead = whole - LongSizes;
        }
        else if (name.SequenceEqual("data"u8))
        {
            if (_converter is null)
                return false;
            _left = length is 0 or uint.MaxValue ? long.MaxValue : length;
            if (length == uint.MaxValue && _longLength > 0)
                _left = _longLength;
            (_part, _hasSound) = (Part.Sound, true);
        }
        else
        {
            Want(Part.Chunk, ChunkHead);
            _skip = whole;
        }

        return true;
    }

    private void UnderstandFormat(ReadOnlySpan<byte> format)
    {
        var kind = Short(format);
        if (kind == Extensible && format.Length >= 26)
            kind = Short(format[24..]);
        var bits = Short(format[14..]);
        var rate = Long(format[4..]);
        if (kind is not (Integer or Floating or ALaw or MuLaw))
            throw new EngineException($"WAV files of kind {kind} cannot be played; ask for PCM.");
        if (rate is < 8_000 or > 48_000)
            throw new EngineException($"Sound of {rate} Hz cannot be played; ask for 8000 to 48000 Hz.");
        _converter = new PcmConverter(new SampleFormat
        {
            Channels = Short(format[2..]),
            Bits = bits,
            IsBigEndian = _isBigEndian,
            Kind = kind switch
            {
                Floating => SampleKind.FloatingPoint,
                ALaw => SampleKind.ALaw,
                MuLaw => SampleKind.MuLaw,
                _ => bits == 8 ? SampleKind.Offset : SampleKind.Whole,
            },
        });
        if (Rate == 0)
            Rate = (int)rate;
        _rates = rate == Rate ? null : new RateConverter((int)rate, Rate);
        _skip = _skipAfterRead;
    }

    private ushort Short(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint Long(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private void Want(Part part, int length) => (_part, _wanted, _headLength) = (part, length, 0);
}
