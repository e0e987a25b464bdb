using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Kotodama.Server;

/// <summary>Reads the address of a proxy, or a network of them, as a user writes it into a setting.</summary>
internal static class ProxyAddress
{
    /// <summary>Reads one setting.</summary>
    /// <param name="text">What the user wrote, for example <c>127.0.0.1</c> or <c>10.0.0.0/8</c>.</param>
    /// <param name="network">The addresses that it means.</param>
    /// <param name="problem">Why it can be none, and what to write, as the end of a sentence.</param>
    public static bool TryRead(string text, out IPNetwork network, [NotNullWhen(false)] out string? problem)
    {
        (network, problem) = (default, null);
        text = text.Trim();
        if (!text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text.Trim('[', ']'), out var address))
        {
            address = Plain(address);
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }
        else if (!IPNetwork.TryParse(text, out network)
            || !IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)), out var first)
            || !network.BaseAddress.Equals(first))
        {
            problem = "write the address of the proxy, such as 127.0.0.1, or a network that begins where it says, such as 10.0.0.0/8";
        }
        else if (network.PrefixLength == 0)
        {
            problem = "that is every address, so any client could say that it is any other one; name the proxy's own";
        }

        return problem is null;
    }

    /// <summary>The same address, whichever way the system writes it.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
