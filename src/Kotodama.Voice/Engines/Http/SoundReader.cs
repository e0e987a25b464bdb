using Kotodama.Protocol;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Http;

/// <summary>What bytes are that have no sign of their own.</summary>
internal enum UnsignedSound
{
    /// <summary>Samples.</summary>
    Samples,

    /// <summary>A file that the page may know.</summary>
    File,

    /// <summary>A file that the user's own browser may know, also when most browsers do not.</summary>
    Brought,

    /// <summary>Nothing that can be played.</summary>
    Nothing,
}

/// <summary>
/// Makes chunks of what a server, a program or a publisher sends. It looks at the first bytes and believes them more than what was asked
/// for or what the header says.
/// </summary>
/// <remarks>Not safe for threads: one for each answer.</remarks>
/// <param name="unsigned">What it is when the first bytes say nothing.</param>
/// <param name="samples">What samples are, if they are samples. With a name for them they are, whatever was asked for.</param>
/// <param name="saysText">Whether the header says that it is text or JSON.</param>
internal sealed class SoundReader(UnsignedSound unsigned, SampleFormat samples, bool saysText = false)
{
    private const int TextLimit = 4096, OrderLength = 512, LongestSilence = 64 * 1024;

    private readonly List<byte> _head = new(SoundSignature.Length);
    private Kind _kind;
    private bool _formatGiven;
    private PcmConverter? _samples;
    private WavReader? _wav;

    /// <summary>Reads mono samples of 16 bits where the first bytes say nothing else.</summary>
    /// <param name="unsigned">What it is when the first bytes say nothing.</param>
    /// <param name="rate">Samples per second of <see cref="UnsignedSound.Samples"/>.</param>
    /// <param name="saysText">Whether the header says that it is text or JSON.</param>
    public SoundReader(UnsignedSound unsigned, int rate, bool saysText = false)
        : this(unsigned, new SampleFormat { Rate = rate }, saysText)
    {
    }

    private enum Kind
    {
        Unknown,
        Samples,
        Wav,
        File,
        Text,
    }

    /// <summary>
    /// Whether a text comes in lines of words. Programs write so, and a few letters of theirs are taken for samples; servers answer with as
    /// little as <c>Not found</c>.
    /// </summary>
    public bool TextIsLines { get; init; }

    /// <summary>Samples per second of a WAV file whose header came, and no sound; else 0.</summary>
    public int SilentRate => _formatGiven ? 0 : _wav?.Rate ?? 0;

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="EngineException">This is no sound.</exception>
    public IReadOnlyList<SpeechChunk> Read(ReadOnlySpan<byte> bytes)
    {
        if (_kind is Kind.Wav or Kind.File || _samples is not null)
            return Chunks(Convert(bytes));
        _head.AddRange(bytes);
        return _kind switch
        {
            Kind.Text => _head.Count < TextLimit ? [] : throw TextCame(),
            Kind.Samples => Chunks(Order(isEnd: false)),
            _ => Begin(isEnd: false),
        };
    }

    /// <summary>There are no more bytes.</summary>
    /// <exception cref="EngineException">There was no sound.</exception>
    public IReadOnlyList<SpeechChunk> End()
    {
        List<SpeechChunk> chunks = _kind == Kind.Unknown && _head.Count > 0 ? Begin(isEnd: true) : [];
        if (_kind == Kind.Text)
            throw TextCame();
        if (_kind == Kind.Wav)
            chunks.AddRange(Chunks(_wav!.End()));
        else if (_kind == Kind.Samples && _samples is null)
            chunks.AddRange(Chunks(Order(isEnd: true)));
        return _formatGiven ? chunks : throw new EngineException("The answer holds no sound.");
    }

    private List<SpeechChunk> Begin(bool isEnd)
    {
        byte[] head = [.. _head];
        var signature = SoundSignature.Of(head);
        var isLine = TextIsLines && signature.Kind == SoundKind.Text && head.Contains((byte)'\n');
        if (!isEnd && !isLine && head.Length < SoundSignature.Length && signature.Kind is SoundKind.Unknown or SoundKind.Text)
            return [];
        if (signature.Kind == SoundKind.Text && !IsMarkup(head) && head.Length < SoundSignature.TextLength)
        {
            if (!isEnd && !isLine)
                return [];
            if (TextIsLines && !(isLine && head.Any(value => char.IsAsciiLetter((char)value) || value >= 0x80)))
                signature = signature with { Kind = SoundKind.Unknown };
        }

        _kind = Recognize(signature, head);
        switch (_kind)
        {
            case Kind.Text:
                return [];
            case Kind.Unknown:
                throw new EngineException(signature.Name.Length > 0
                    ? $"{signature.Name} came, which pages do not play."
                    : "What came is no sound that can be played.");
            case Kind.Samples:
                return Chunks(Order(isEnd));
            case Kind.Wav:
                _wav = new WavReader();
                break;
        }

        _head.Clear();
        return Chunks(Convert(head));
    }

    private Kind Recognize(SoundSignature signature, ReadOnlySpan<byte> head) => signature.Kind switch
    {
        SoundKind.Wav => Kind.Wav,
        SoundKind.Compressed => Kind.File,
        SoundKind.Uncommon => unsigned == UnsignedSound.Brought ? Kind.File : Kind.Unknown,
        SoundKind.Other => Kind.Unknown,
        SoundKind.Text => Kind.Text,
        _ when IsMarkup(head) || (saysText && IsPrintable(head)) => Kind.Text,
        _ when unsigned == UnsignedSound.Samples || (samples is { IsNamed: true, Rate: not null }) => Kind.Samples,
        _ => unsigned == UnsignedSound.Nothing ? Kind.Unknown : Kind.File,
    };

    /// <summary>
    /// Finds out which byte of a sample is the high one, where only the sound tells it, and converts what came. Nothing before it is known,
    /// which takes some milliseconds of sound.
    /// </summary>
    private byte[] Order(bool isEnd)
    {
        byte[] came = [.. _head];
        var isBigEndian = samples.IsBigEndian;
        if (isBigEndian is null)
        {
            // Silence is the same in both orders.
            var sound = Math.Max(0, came.AsSpan().IndexOfAnyExcept((byte)0)) / samples.FrameBytes * samples.FrameBytes;
            var isSilent = sound == 0 && came.AsSpan().IndexOfAnyExcept((byte)0) < 0;
            if (!isEnd && (isSilent ? came.Length < LongestSilence : came.Length - sound < OrderLength))
                return [];
            isBigEndian = samples.LooksBigEndian(came.AsSpan(sound));
        }

        _samples = new PcmConverter(samples with { IsBigEndian = isBigEndian });
        _head.Clear();
        return _samples.Convert(came);
    }

    private byte[] Convert(ReadOnlySpan<byte> bytes) => _kind switch
    {
        Kind.Wav => _wav!.Read(bytes),
        Kind.Samples => _samples!.Convert(bytes),
        _ => bytes.ToArray(),
    };

    private List<SpeechChunk> Chunks(byte[] sound)
    {
        var chunks = new List<SpeechChunk>(2);
        if (sound.Length == 0)
            return chunks;
        if (!_formatGiven)
        {
            _formatGiven = true;
            chunks.Add(_kind == Kind.File
                ? new SpeechFormatChunk(SpeechFormat.Encoded)
                : new SpeechFormatChunk(SpeechFormat.Pcm, _wav?.Rate ?? samples.Rate ?? 0));
        }

        chunks.Add(new SpeechSoundChunk(sound));
        return chunks;
    }

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
