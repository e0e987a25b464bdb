namespace Kotodama.Protocol;

/// <summary>Names of channels.</summary>
public static class ChannelName
{
    /// <summary>The channel of clients and messages that name none.</summary>
    public const string Default = "default";

    /// <summary>Whether a text may name a channel: 1 to 64 characters of <c>a-z 0-9 . _ -</c>.</summary>
    /// <param name="value">The text.</param>
    public static bool IsValid(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length is > 0 and <= 64 && value.All(MayBeIn);
    }

    private static bool MayBeIn(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-';
}
