using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kotodama.Protocol;

/// <summary>What can be done with bytes that shall be sound.</summary>
public enum SoundKind
{
    /// <summary>They have no sign of their own, as samples.</summary>
    Unknown,

    /// <summary>A WAV file.</summary>
    Wav,

    /// <summary>A compressed file that browsers decode.</summary>
    Compressed,

    /// <summary>A file of sound that most browsers do not decode.</summary>
    Uncommon,

    /// <summary>A file that is no sound.</summary>
    Other,

    /// <summary>A text.</summary>
    Text,
}

/// <summary>
/// What bytes are by their beginning, whatever was asked for and whatever a header says: servers send WAV when asked for samples, MP3 when
/// asked for WAV, and a text with an error instead of either.
/// </summary>
/// <param name="Kind">What can be done with it.</param>
/// <param name="Name">What it is called; empty when it is unknown.</param>
public sealed record SoundSignature(SoundKind Kind, string Name)
{
    /// <summary>So many bytes hold every signature.</summary>
    public const int Length = 16;

    /// <summary>So many bytes of nothing but text are no samples.</summary>
    public const int TextLength = 64;

    private const int LeastText = 4, LeastLetters = 6;

    private static readonly SoundSignature Nothing = new(SoundKind.Unknown, ""), Words = new(SoundKind.Text, "text");

    /// <summary>What begins with something, and may have something else at the place of its second part.</summary>
    private static readonly Row[] Rows =
    [
        new("RIFF"u8, SoundKind.Wav, "WAV"),
        new("RIFX"u8, SoundKind.Wav, "WAV", 8, "WAVE"u8),
        new("RF64"u8, SoundKind.Wav, "WAV", 8, "WAVE"u8),
        new("BW64"u8, SoundKind.Wav, "WAV", 8, "WAVE"u8),
        new("ID3"u8, SoundKind.Compressed, "MP3"),
        new("OggS"u8, SoundKind.Compressed, "Ogg"),
        new("fLaC"u8, SoundKind.Compressed, "FLAC"),
        new([0x1A, 0x45, 0xDF, 0xA3], SoundKind.Compressed, "WebM"),
        new([], SoundKind.Compressed, "MP4", 4, "ftyp"u8),
        new([], SoundKind.Compressed, "MP4", 4, "styp"u8),
        new("FORM"u8, SoundKind.Uncommon, "AIFF", 8, "AIF"u8),
        new(".snd"u8, SoundKind.Uncommon, "AU"),
        new("dns."u8, SoundKind.Uncommon, "AU"),
        new("caff"u8, SoundKind.Uncommon, "CAF"),
        new("#!AMR"u8, SoundKind.Uncommon, "AMR"),
        new("#!SILK"u8, SoundKind.Uncommon, "SILK"),
        new("\u0002#!SILK"u8, SoundKind.Uncommon, "SILK"),
        new([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], SoundKind.Uncommon, "WMA"),
        new("ADIF"u8, SoundKind.Uncommon, "AAC"),
        new("wvpk"u8, SoundKind.Uncommon, "WavPack"),
        new("MAC "u8, SoundKind.Uncommon, "Monkey's Audio"),
        new("TTA1"u8, SoundKind.Uncommon, "TTA"),
        new("FLV\u0001"u8, SoundKind.Uncommon, "FLV"),
        new("riff."u8, SoundKind.Uncommon, "Wave64"),
        new("MThd"u8, SoundKind.Other, "MIDI"),
        new([0x1F, 0x8B, 0x08], SoundKind.Other, "gzip"),
        new("PK\u0003\u0004"u8, SoundKind.Other, "ZIP"),
        new([0x93, .. "NUMPY"u8], SoundKind.Other, "NumPy"),
        new("%PDF-"u8, SoundKind.Other, "PDF"),
        new([0x89, .. "PNG\r\n"u8], SoundKind.Other, "PNG"),
        new([0xFF, 0xD8, 0xFF], SoundKind.Other, "JPEG", 6, "JFIF"u8),
        new("GIF8"u8, SoundKind.Other, "GIF"),
    ];

    /// <summary>Looks at the beginning of bytes.</summary>
    /// <param name="head">
    /// The first <see cref="Length"/> bytes, or all when there are less. A text shows itself in <see cref="TextLength"/>.
    /// </param>
    public static SoundSignature Of(ReadOnlySpan<byte> head)
    {
        foreach (var row in Rows)
            if (row.Matches(head))
                return row.Signature;
        if (IsMp3(head))
            return new SoundSignature(SoundKind.Compressed, "MP3");
        if (IsAac(head))
            return new SoundSignature(SoundKind.Compressed, "AAC");
        return IsText(head) ? Words : Nothing;
    }

    // The header of a frame of layer 3. The first two bytes alone are also those of quiet samples.
    private static bool IsMp3(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2 && (head[1] & 0x18) != 0x08
        && (head[2] & 0xF0) is not (0 or 0xF0) && (head[2] & 0x0C) != 0x0C;

    // The header of ADTS: layer 0, a sampling rate that exists, and a frame that is longer than its header.
    private static bool IsAac(ReadOnlySpan<byte> head) =>
        head.Length >= 6 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0 && (head[2] & 0x3C) < 13 << 2
        && (((head[3] & 3) << 11) | (head[4] << 3) | (head[5] >> 5)) > 9;

    /// <summary>
    /// UTF-8 without control characters. Only a tone that does not move looks so for long, and it has few different bytes.
    /// </summary>
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        var most = Math.Min(head.Length, TextLength);
        var seen = new HashSet<byte>(most);
        var rest = head[..most];
        foreach (var value in rest)
            seen.Add(value);
        if (head.Length < LeastText || (head.Length >= Length && seen.Count < LeastLetters))
            return false;
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            if (status == OperationStatus.NeedMoreData)
                return true;
            if (status != OperationStatus.Done || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control && !IsOfText(rune.Value)))
                return false;
            rest = rest[consumed..];
        }

        return true;
    }

    // Programs colour what they say with escapes.
    private static bool IsOfText(int control) => control is '\t' or '\r' or '\n' or '\f' or 0x1B;

    private sealed class Row(ReadOnlySpan<byte> begin, SoundKind kind, string name, int at = 0, ReadOnlySpan<byte> second = default)
    {
        private readonly byte[] _begin = begin.ToArray(), _second = second.ToArray();

        public SoundSignature Signature { get; } = new(kind, name);

        public bool Matches(ReadOnlySpan<byte> head) =>
            head.StartsWith(_begin) && head.Length >= at + _second.Length && head.Slice(at, _second.Length).SequenceEqual(_second);
    }
}
