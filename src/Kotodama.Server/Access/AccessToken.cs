namespace Kotodama.Server.Access;

/// <summary>What is known of a token; its secret is not.</summary>
/// <param name="Id">Its name for users, which stands in its text as well: 8 characters of <c>a-z 0-9</c>.</param>
/// <param name="Role">What its holder may do.</param>
/// <param name="Name">What the user calls it; null: nothing.</param>
/// <param name="Channels">The only channels on which it counts; null: all.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">From when on it counts no more; null: it never expires.</param>
public sealed record AccessToken(
    string Id,
    AccessRole Role,
    string? Name,
    IReadOnlyList<string>? Channels,
    DateTimeOffset Created,
    DateTimeOffset? Expires);
