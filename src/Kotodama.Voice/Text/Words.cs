using System.Globalization;

namespace Kotodama.Voice.Text;

/// <summary>What can be said at all.</summary>
internal static class Words
{
    /// <summary>
    /// Whether there is anything to say: a letter, a digit, or a character beyond 16 bits, of which only letters are left.
    /// </summary>
    public static bool ContainsAnyWord(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c) || IsOtherNumber(c))
                return true;
        return false;
    }

    // For example Ⅷ or ½.
    private static bool IsOtherNumber(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber;
}
