using System.Buffers;
using System.Globalization;

namespace Kotodama.Protocol;

/// <summary>Checks the values of one message and keeps the first error.</summary>
internal sealed class FieldChecks(string? messageId)
{
    private const int NameLength = 64, LongestWord = 32;

    /// <summary>What base64url is written with.</summary>
    public static SearchValues<char> Base64UrlCharacters { get; } =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public ErrorMessage? Error { get; private set; }

    public void Missing(string field, string hint) =>
        Fail(ErrorCode.MissingField, $"{field} is missing", hint);

    public void Id(string field, string? value, string hint)
    {
        if (value is not null && !IsId(value))
            Fail(ErrorCode.BadValue, $"{field} must be 1 to {NameLength} characters of A-Z a-z 0-9 . _ : -", hint);
    }

    public void Channel(string field, string? value)
    {
        if (value is not null && !ChannelName.IsValid(value))
            Fail(
                ErrorCode.BadValue,
                $"{field} must be 1 to {NameLength} characters of a-z 0-9 . _ -",
                $"Leave it out for the channel \"{ChannelName.Default}\".");
    }

    public void Name(string field, string? value)
    {
        if (value is null)
            return;
        if (value.Length is 0 or > NameLength || value.Any(char.IsControl))
            Fail(
                ErrorCode.BadValue,
                $"{field} must be 1 to {NameLength} characters without control characters",
                "Send a short name, for example \"joy\".");
    }

    public void Avatar(string field, string? value)
    {
        if (value is not null && !AvatarName.IsValid(value))
            Fail(
                ErrorCode.BadValue,
                $"{field} {AvatarName.Rule}",
                "Send the name of a model or of a drawn character, for example \"koto\".");
    }

    public void Text(string field, string value, int least, int most)
    {
        if (value.Length < least)
            Fail(ErrorCode.BadValue, $"{field} is empty", "Send at least one character.");
        else if (value.Length > most)
            Fail(
                ErrorCode.TooLong,
                $"{field} has {value.Length} characters, the limit is {most}",
                "Send it in several messages, or raise the hub's limit Kotodama:Limits:Content.");
    }

    /// <summary>Bytes in base64url without padding, by the number of characters.</summary>
    public void Base64Url(string field, string value, int least, int most, string hint)
    {
        var count = least == most ? $"{least}" : $"{least} to {most}";
        if (value.Length < least || value.Length > most || value.AsSpan().ContainsAnyExcept(Base64UrlCharacters))
            Fail(ErrorCode.BadValue, $"{field} must be {count} characters of A-Z a-z 0-9 - _", hint);
    }

    public void Range(string field, double value, double least, double most, string unit, string hint)
    {
        if (value >= least && value <= most)
            return;
        var range = string.Create(CultureInfo.InvariantCulture, $"{field} must be {least} to {most} {unit}").TrimEnd();
        Fail(ErrorCode.OutOfRange, string.Create(CultureInfo.InvariantCulture, $"{range}, got {value}"), hint);
    }

    public void Fail(string code, string message, string hint) =>
        Error ??= new ErrorMessage { Code = code, Message = message, Hint = hint, Id = messageId };

    /// <summary>
    /// A word of the protocol as it was written, such as a type, with a blank before it; empty when it may be something else, which is not
    /// repeated.
    /// </summary>
    public static string Quote(string word) =>
        word.Length is > 0 and <= LongestWord && word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-')
            ? $" \"{word}\""
            : "";

    /// <summary>Whether a text may stand for a message; also used to echo ids safely.</summary>
    public static bool IsId(string value) =>
        value.Length is > 0 and <= NameLength && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');
}
