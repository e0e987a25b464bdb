using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Access;

/// <summary>
/// What one request or connection may do, decided when it came in and checked for each message. It does not change; it ends when its token
/// does. May be used from any thread.
/// </summary>
internal sealed class Grant
{
    /// <summary>Everything: a program of this machine, or the hub's own page on it.</summary>
    public static Grant Everything { get; } = new(Right.All, "this machine");

    /// <summary>What needs no proof: the files of the page, and whether the hub lives.</summary>
    public static Grant Nothing { get; } = new(Right.None, "a client without a token");

    private readonly IReadOnlyList<string>? _channels;

    /// <param name="rights">What it allows.</param>
    /// <param name="who">Who has it, as a sentence begins with it.</param>
    /// <param name="ended">Cancelled when it counts no more.</param>
    public Grant(Right rights, string who, CancellationToken ended = default) => (Rights, Who, Ended) = (rights, who, ended);

    /// <param name="token">The token it is of.</param>
    /// <param name="ended">Cancelled when the token counts no more.</param>
    public Grant(AccessToken token, CancellationToken ended)
    {
        var role = token.Role.ToString().ToLowerInvariant();
        (Rights, Who) = (Access.Rights.Of(token.Role), $"the {role} token {token.Id}");
        (_channels, TokenId, Ended, Expires) = (token.Channels, token.Id, ended, token.Expires);
    }

    /// <summary>What it allows.</summary>
    public Right Rights { get; }

    /// <summary>Who has it: a text for users, without secrets.</summary>
    public string Who { get; }

    /// <summary>The id of its token; null: it has none.</summary>
    public string? TokenId { get; }

    /// <summary>When its token expires; null: never, or it has none.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>Cancelled when it counts no more.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether it counts on all channels.</summary>
    public bool HasAllChannels => _channels is null;

    /// <summary>The grant of a request that came in.</summary>
    public static Grant Of(HttpContext context) => context.Features.Get<Grant>() ?? Nothing;

    /// <summary>Calls when it counts no more, with the close code and the reason of the connection that it is for.</summary>
    public CancellationTokenRegistration WhenEnded(Action<int, string> end) => Ended.Register(() =>
    {
        if (TokenId is null)
            end(CloseCode.NotAllowed, "pages of this origin may not use this hub any more");
        else
            end(CloseCode.BadToken, "the token was revoked or has expired");
    });

    /// <summary>Whether it allows all of something.</summary>
    public bool Allows(Right right) => (Rights & right) == right;

    /// <summary>Whether it counts on a channel.</summary>
    public bool Reaches(string channel) => _channels?.Contains(channel, StringComparer.Ordinal) != false;
}
