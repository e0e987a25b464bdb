using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Kotodama.Server;

/// <summary>Reads the name of a host as a user writes it into a setting: what clients send as <c>Host</c>, without its port.</summary>
internal static class HostName
{
    /// <summary>Reads one setting.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="name">The name as clients send it.</param>
    /// <param name="problem">Why it can be none, and what to write, as the end of a sentence.</param>
    public static bool TryRead(string text, out string name, [NotNullWhen(false)] out string? problem)
    {
        (name, problem) = (text.Trim(), null);
        if (IPAddress.TryParse(name, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
            name = $"[{address}]";
        else if (name.Length == 0)
            problem = "write a name such as mysite.test";
        else if (name.Contains('*', StringComparison.Ordinal))
            problem = "there are no wildcards, because they would let in the names of strangers; name each host, for example mysite.test";
        else if (name.Contains("//", StringComparison.Ordinal) && Uri.TryCreate(name, UriKind.Absolute, out var uri) && uri.Host.Length > 0)
            problem = $"a host is a name alone; write {uri.IdnHost}";
        else if (!Uri.TryCreate($"http://{name}/", UriKind.Absolute, out uri)
            || uri.UserInfo.Length > 0
            || uri.AbsolutePath != "/"
            || name.IndexOfAny(['/', '?', '#', ',', '"', '\'']) >= 0)
            problem = "a host is a name alone, for example mysite.test; give each its own";
        else
            name = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return problem is null;
    }
}
