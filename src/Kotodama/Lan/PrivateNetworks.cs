using System.Net;

namespace Kotodama.Cli.Lan;

/// <summary>The networks whose addresses no packet of the internet carries: those of homes, offices, tunnels and this machine.</summary>
internal static class PrivateNetworks
{
    /// <summary>From the registries of special-purpose addresses: those that are not globally reachable.</summary>
    public static readonly IReadOnlyList<IPNetwork> All =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        // Shared by the customers of a carrier, and used by meshes between a user's own machines.
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("127.0.0.0/8"),
        // For documents and measurements: laboratories and virtual machines use them.
        IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("::1/128"),
    ];

    /// <summary>Whether an address is one of them; IPv4 in the clothes of IPv6 counts as IPv4.</summary>
    public static bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return All.Any(network => network.Contains(plain));
    }
}
