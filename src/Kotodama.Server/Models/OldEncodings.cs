using System.Text;
using System.Text.Unicode;

namespace Kotodama.Server.Models;

/// <summary>
/// Text that was written without saying how: UTF-8, else what Windows of Japan (Shift-JIS) or China (GBK) writes. Model makers' archives
/// and files are full of both.
/// </summary>
internal sealed class OldEncodings : Encoding
{
    private static readonly Encoding ShiftJis = Strict(932);
    private static readonly Encoding Gbk = Strict(936);

    /// <summary>Decodes names of a zip's entries that have no flag for UTF-8.</summary>
    public static OldEncodings Names { get; } = new();

    /// <summary>Decodes bytes; what is no text of any of the three is read as Latin-1, which loses nothing.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return UTF8.GetString(bytes);

        // Chinese bytes read as Shift-JIS are full of half-width katakana, which is rare in names today.
        var japanese = TryDecode(ShiftJis, bytes);
        if (japanese is not null && !japanese.Any(c => c is >= '\uff61' and <= '\uff9f'))
            return japanese;
        return TryDecode(Gbk, bytes) ?? japanese ?? Latin1.GetString(bytes);
    }

    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        UTF8.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Decode(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(0, chars, charIndex, text.Length);
        return text.Length;
    }

    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => byteCount + 1;

    private static string? TryDecode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding Strict(int page) =>
        CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
}
