using System.Net;
using System.Net.Sockets;

namespace Kotodama.Companion.Chat;

/// <summary>Reads addresses of servers as people write them.</summary>
internal static class LlmAddress
{
    /// <summary>What an address must be, as the end of a sentence.</summary>
    public const string Rule = "an address that begins with http:// or https://, without user, password or question mark";

    private static readonly IPNetwork LinkLocal = IPNetwork.Parse("169.254.0.0/16"), Translated = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPAddress AmazonMetadata = IPAddress.Parse("fd00:ec2::254");

    private static readonly IPAddress AlibabaMetadata = IPAddress.Parse("100.100.100.200");

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

    /// <summary>
    /// Whether an address leads to what only answers the machine itself and its neighbors on the wire: link-local addresses, behind which
    /// clouds hand out the machine's own credentials. What cannot be resolved leads nowhere.
    /// </summary>
    public static async Task<bool> IsLinkLocalAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Dns.GetHostAddressesAsync(address.DnsSafeHost, cancellationToken).ConfigureAwait(false);
            return Array.Exists(found, IsLinkLocal);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether an address is link-local, however it is written, or one where a cloud does the same.</summary>
    internal static bool IsLinkLocal(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var bytes = address.GetAddressBytes();

            // Within these networks the last four bytes are an address of IPv4.
            var isEmbedded = bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0;
            var holdsOther = address.IsIPv4MappedToIPv6 || Translated.Contains(address) || isEmbedded;
            if (!holdsOther || IPAddress.IsLoopback(address))
                return address.IsIPv6LinkLocal || address.Equals(AmazonMetadata);
            address = new IPAddress(bytes[12..]);
        }

        return LinkLocal.Contains(address) || address.Equals(AlibabaMetadata);
    }

    /// <summary>Whether the server runs on this machine.</summary>
    public static bool IsLocal(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
