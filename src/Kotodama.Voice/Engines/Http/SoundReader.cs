using Kotodama.Protocol;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Http;

/// <summary>What bytes are that have no sign of their own.</summary>
internal enum UnsignedSound
{
    /// <summary>Mono samples of 16 bits.</summary>
    Samples,

    /// <summary>A file that the page may know.</summary>
    File,

    /// <summary>Nothing that can be played.</summary>
    Nothing,
}

/// <summary>
/// Makes chunks of what a server sends. It looks at the first bytes and believes them more than what was asked for or what the header says:
/// servers send WAV when asked for samples, and a text with an error instead of sound.
/// </summary>
/// <remarks>Not safe for threads: one for each answer.</remarks>
/// <param name="unsigned">What it is when the first bytes say nothing.</param>
/// <param name="rate">Samples per second of <see cref="UnsignedSound.Samples"/>.</param>
/// <param name="saysText">Whether the header says that it is text or JSON.</param>
internal sealed class SoundReader(UnsignedSound unsigned, int rate, bool saysText = false)
{
    private const int HeadLength = 16, TextLimit = 4096;

    private readonly List<byte> _head = new(HeadLength);
    private Kind _kind;
    private bool _formatGiven;
    private PcmConverter? _samples;
    private WavReader? _wav;

    private enum Kind
    {
        Unknown,
        Samples,
        Wav,
        File,
        Text,
    }

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="EngineException">This is no sound.</exception>
    public IReadOnlyList<SpeechChunk> Read(ReadOnlySpan<byte> bytes)
    {
        if (_kind != Kind.Unknown && _kind != Kind.Text)
            return Chunks(bytes);
        _head.AddRange(bytes);
        if (_kind == Kind.Text)
            return _head.Count < TextLimit ? [] : throw TextCame();
        return _head.Count < HeadLength ? [] : Begin();
    }

    /// <summary>There are no more bytes.</summary>
    /// <exception cref="EngineException">There was no sound.</exception>
    public IReadOnlyList<SpeechChunk> End()
    {
        var chunks = _kind == Kind.Unknown && _head.Count > 0 ? Begin() : [];
        if (_kind == Kind.Text)
            throw TextCame();
        _wav?.End();
        return _formatGiven || chunks.Count > 0 ? chunks : throw new EngineException("The answer holds no sound.");
    }

    private List<SpeechChunk> Begin()
    {
        var head = _head.ToArray();
        _kind = Recognize(head);
        switch (_kind)
        {
            case Kind.Text:
                return [];
            case Kind.Wav:
                _wav = new WavReader();
                break;
            case Kind.Samples:
                _samples = new PcmConverter();
                break;
            case Kind.Unknown:
                throw new EngineException("What came is no sound that can be played.");
        }

        _head.Clear();
        return Chunks(head);
    }

    private List<SpeechChunk> Chunks(ReadOnlySpan<byte> bytes)
    {
        var sound = _kind switch
        {
            Kind.Wav => _wav!.Read(bytes),
            Kind.Samples => _samples!.Convert(bytes),
            _ => bytes.ToArray(),
        };
        var chunks = new List<SpeechChunk>(2);
        if (sound.Length == 0)
            return chunks;
        if (!_formatGiven)
        {
            _formatGiven = true;
            chunks.Add(_kind == Kind.File
                ? new SpeechFormatChunk(SpeechFormat.Encoded)
                : new SpeechFormatChunk(SpeechFormat.Pcm, _wav?.Rate ?? rate));
        }

        chunks.Add(new SpeechSoundChunk(sound));
        return chunks;
    }

    private Kind Recognize(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("RIFF"u8))
            return Kind.Wav;
        if (head.StartsWith("ID3"u8) || head.StartsWith("OggS"u8) || head.StartsWith("fLaC"u8) || IsMp3(head))
            return Kind.File;
        if (IsMarkup(head) || (saysText && IsPrintable(head)))
            return Kind.Text;
        return unsigned switch
        {
            UnsignedSound.Samples => Kind.Samples,
            UnsignedSound.File => Kind.File,
            _ => Kind.Unknown,
        };
    }

    // The header of a frame of layer 3. The first two bytes alone are also those of quiet samples.
    private static bool IsMp3(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2 && (head[1] & 0x18) != 0x08
        && (head[2] & 0xF0) is not (0 or 0xF0) && (head[2] & 0x0C) != 0x0C;

    private static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        var text = head.TrimStart(" \t\r\n"u8);
        return text.Length >= 2 && IsPrintable(head) && text[0] switch
        {
            (byte)'{' => text[1..].TrimStart(" \t\r\n"u8) is [] or [(byte)'"' or (byte)'}', ..],
            (byte)'<' => text[1] is (byte)'!' or (byte)'?' || char.IsAsciiLetter((char)text[1]),
            _ => false,
        };
    }

    private static bool IsPrintable(ReadOnlySpan<byte> head)
    {
        foreach (var value in head)
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
                return false;
        return true;
    }

    private EngineException TextCame() => new($"A text came instead of sound{ProblemCode.Quote([.. _head])}.");
}
