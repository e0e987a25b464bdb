using System.Net;

namespace Kotodama.Companion.Chat;

/// <summary>Reads addresses of servers as people write them.</summary>
internal static class LlmAddress
{
    /// <summary>What an address must be, as the end of a sentence.</summary>
    public const string Rule = "an address that begins with http:// or https://, without user, password or question mark";

    private const string Completions = "/chat/completions";

    /// <summary>The base address, without a slash at its end; null when the text is none. No path means <c>/v1</c>.</summary>
    public static Uri? Parse(string? text)
    {
        if (!Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var address))
            return null;
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            return null;
        // A key in the address would get into logs.
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            return null;
        var path = address.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(Completions, StringComparison.OrdinalIgnoreCase))
            path = path[..^Completions.Length];
        return new UriBuilder(address) { Path = path.Length == 0 ? "/v1" : path }.Uri;
    }

    /// <summary>A page below an address.</summary>
    public static Uri At(Uri address, string path) => new(address.AbsoluteUri.TrimEnd('/') + path);

    /// <summary>Whether the server runs on this machine.</summary>
    public static bool IsLocal(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
