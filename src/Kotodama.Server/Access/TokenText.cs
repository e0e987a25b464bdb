using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Kotodama.Server.Access;

/// <summary>
/// The text of a token, <c>kt_ID_SECRET</c>: what a user copies. The prefix lets scanners of secrets find a token that was committed by
/// mistake; the id finds its row, so that one comparison is enough.
/// </summary>
internal static class TokenText
{
    public const int IdLength = 8;

    private const string Prefix = "kt_", IdLetters = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>256 bits cannot be guessed, so a plain hash is enough to store.</summary>
    private const int SecretBytes = 32;

    /// <summary>Makes a new id.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(IdLetters, IdLength);

    /// <summary>Whether a text may be an id.</summary>
    public static bool IsId(string text) => text is { Length: IdLength } && text.AsSpan().ContainsOnly(IdLetters);

    /// <summary>Makes the text of a new token.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="hash">What is stored of its secret.</param>
    public static string New(string id, out byte[] hash)
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        var text = Base64Url.EncodeToString(secret);
        hash = Hash(text);
        return $"{Prefix}{id}_{text}";
    }

    /// <summary>Takes a text apart that has the form of a token; whether it is one is not known then.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? id, [NotNullWhen(true)] out byte[]? hash)
    {
        (id, hash) = (null, null);
        var secret = Prefix.Length + IdLength + 1;
        if (text.Length != secret + Base64Url.GetEncodedLength(SecretBytes)
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[secret - 1] != '_'
            || !text.AsSpan(Prefix.Length, IdLength).ContainsOnly(IdLetters))
            return false;
        foreach (var c in text.AsSpan(secret))
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        (id, hash) = (text.Substring(Prefix.Length, IdLength), Hash(text[secret..]));
        return true;
    }

    /// <summary>Of the letters, not of the bytes they stand for: exactly one text is right.</summary>
    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private static bool ContainsOnly(this ReadOnlySpan<char> text, string letters) => text.IndexOfAnyExcept(letters) < 0;
}
