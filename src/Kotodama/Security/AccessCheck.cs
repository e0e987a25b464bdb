using Kotodama.Protocol;
using Kotodama.Server.Access;

namespace Kotodama.Cli.Security;

/// <summary>Tokens, and web sites: who may do what without being this machine's user.</summary>
internal static class AccessCheck
{
    /// <summary>Tokens that are named in a line.</summary>
    private const int MostNamed = 5;

    /// <summary>More sites than a user keeps in mind.</summary>
    private const int ManyOrigins = 20;

    /// <summary>The tokens of the data folder.</summary>
    /// <param name="tokens">All of them.</param>
    /// <param name="now">The date.</param>
    public static IEnumerable<SecurityFinding> Tokens(IReadOnlyList<AccessToken> tokens, DateTimeOffset now)
    {
        var live = tokens.Where(token => token.Expires is null || token.Expires > now).ToArray();
        if (live.Length == 0)
            yield return new(SecurityGrade.Ok, "No token counts.", Reach.You);
        else
        {
            var roles = live.GroupBy(token => token.Role).OrderBy(role => role.Key).Select(role => $"{role.Count()} {Name(role.Key)}");
            yield return new(
                SecurityGrade.Note,
                $"{(live.Length == 1 ? "1 token counts" : $"{live.Length} tokens count")}: {string.Join(", ", roles)}.",
                Reach.Holders,
                "kotodama token list");
        }

        AccessToken[] endless = [.. live.Where(token => token.Expires is null)];
        AccessToken[] admins = [.. live.Where(token => token.Role == AccessRole.Admin)];
        AccessToken[] lasting = [.. admins.Intersect(endless)];
        if (lasting.Length > 0)
        {
            yield return new(
                SecurityGrade.Warning,
                $"A token of the role admin does everything and never expires: {Ids(lasting)}.",
                Reach.Holders,
                Revoke(lasting));
        }

        if (admins.Length > lasting.Length)
        {
            AccessToken[] ending = [.. admins.Except(lasting)];
            yield return new(
                SecurityGrade.Note,
                $"A token of the role admin does everything until it expires: {Ids(ending)}.",
                Reach.Holders,
                Revoke(ending));
        }

        AccessToken[] others = [.. endless.Except(admins)];
        if (others.Length > 0)
        {
            yield return new(
                SecurityGrade.Note,
                $"Without an end: {Ids(others)}.",
                Reach.Holders,
                $"kotodama token create --role {Name(others[0].Role)} --expires 90d, then {Revoke(others)}");
        }

        AccessToken[] expired = [.. tokens.Except(live)];
        if (expired.Length > 0)
            yield return new(SecurityGrade.Ok, $"Expired, and of no use any more: {Ids(expired)}.", Reach.You, Revoke(expired));
    }

    /// <summary>The web sites that are allowed.</summary>
    /// <param name="stored">Those of <c>kotodama origin allow</c>.</param>
    /// <param name="set">Those of the settings.</param>
    public static IEnumerable<SecurityFinding> Origins(IReadOnlyList<string> stored, IEnumerable<string> set)
    {
        var all = stored.Select(origin => (Text: origin, Cure: $"kotodama origin remove {origin}"))
            .Concat(set.Select(origin => (Text: origin.Trim(), Cure: $"Take {origin.Trim()} out of Kotodama:AllowedOrigins.")))
            .DistinctBy(origin => origin.Text, StringComparer.OrdinalIgnoreCase).ToArray();
        if (all.Length == 0)
            yield return new(SecurityGrade.Ok, "No web site is allowed.", "pages of the hub, and of other programs on this machine");
        if (all.Length > ManyOrigins)
        {
            yield return new(
                SecurityGrade.Warning,
                $"{all.Length} origins are allowed: are all of them still needed?",
                Reach.Origins,
                "kotodama origin list");
        }

        var good = new List<string>();
        foreach (var (text, cure) in all)
        {
            if (text.Equals("null", StringComparison.OrdinalIgnoreCase) || text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            {
                yield return new(
                    SecurityGrade.Warning,
                    $"Pages without an origin are allowed ({text}): any web site can make one, which makes the character speak.",
                    "pages of any web site that a user of this machine opens",
                    cure);
            }
            else if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            {
                yield return new(
                    SecurityGrade.Warning, $"The allowed origin {text} is none, so the hub does not start.", Reach.Unknown, cure);
            }
            else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
            {
                yield return new(
                    SecurityGrade.Warning,
                    $"Pages of {text} are allowed, and come without TLS: a machine on their way can change them.",
                    "pages of that site, and machines between it and its users",
                    cure);
            }
            else
                good.Add(text);
        }

        if (good.Count > 0)
        {
            yield return new(
                SecurityGrade.Note,
                $"{(good.Count == 1 ? "1 origin" : $"{good.Count} origins")} may show the character and make it speak: "
                    + $"{Some(good)}.",
                Reach.Origins,
                "kotodama origin list");
        }
    }

    private static string Ids(AccessToken[] tokens) =>
        Some([.. tokens.Select(token => token.Name is { } name ? $"{token.Id} ({name})" : token.Id)]);

    private static string Revoke(AccessToken[] tokens) => $"kotodama token revoke {(tokens.Length == 1 ? tokens[0].Id : "ID")}";

    private static string Name(AccessRole role) => role.ToString().ToLowerInvariant();

    private static string Some(List<string> names) => names.Count <= MostNamed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";
}
