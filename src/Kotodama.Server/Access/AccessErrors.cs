using Kotodama.Protocol;

namespace Kotodama.Server.Access;

/// <summary>What clients are told that may not do what they ask for.</summary>
internal static class AccessErrors
{
    /// <summary>A client lacks a right.</summary>
    /// <param name="grant">What it has.</param>
    /// <param name="needed">What it takes.</param>
    /// <param name="id">What the error refers to.</param>
    public static ErrorMessage NotAllowed(Grant grant, Right needed, string? id = null) => new()
    {
        Code = ErrorCode.NotAllowed,
        Message = $"{grant.Who} may not {What(needed & ~grant.Rights)} here",
        Hint = grant.TokenId is null
            ? "The hub's own page may, programs of its machine may, and who has a token of the role: kotodama token create --role "
                + $"{Role(needed)}."
            : $"It takes a token of another role: kotodama token create --role {Role(needed)}.",
        Id = id,
    };

    /// <summary>A client has the right, but not on this channel.</summary>
    public static ErrorMessage WrongChannel(Grant grant, string? id = null) => new()
    {
        Code = ErrorCode.NotAllowed,
        Message = $"{grant.Who} does not count on this channel",
        Hint = "Use one of its channels, or make a token for this one: kotodama token create --channel NAME.",
        Id = id,
    };

    private static string What(Right missing) => missing switch
    {
        _ when missing.HasFlag(Right.Manage) => "read or change what belongs to users and settings",
        _ when missing.HasFlag(Right.Answer) => "be the companion",
        _ when missing.HasFlag(Right.Speak) => "be the voice",
        _ when missing.HasFlag(Right.Publish) => "publish",
        _ when missing.HasFlag(Right.Talk) => "talk with the character",
        _ when missing.HasFlag(Right.Look) => "read what was said before",
        _ => "do this",
    };

    /// <summary>The least role that has a right.</summary>
    private static string Role(Right needed) =>
        Enum.GetValues<AccessRole>().First(role => (Rights.Of(role) & needed) == needed).ToString().ToLowerInvariant();
}
