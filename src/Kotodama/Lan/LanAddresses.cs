using System.Net;
using System.Net.Sockets;

namespace Kotodama.Cli.Lan;

/// <summary>Chooses the addresses under which a phone may find this machine.</summary>
internal static class LanAddresses
{
    /// <summary>A machine with more than this is no home, and its certificate would grow with them.</summary>
    private const int Most = 16;

    /// <summary>Bridges between a machine and its own containers and virtual machines: no phone is there.</summary>
    private static readonly string[] Inner =
        ["docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "lxd", "cni", "flannel", "podman"];

    private static readonly string[] InnerWords = ["Hyper-V", "VirtualBox", "VMware", "WSL"];

    /// <summary>Tunnels: a phone may be there when its user has set it up.</summary>
    private static readonly string[] Tunnels = ["tun", "tap", "wg", "zt", "tailscale", "utun", "ppp", "ipsec"];

    /// <summary>The private addresses of the machine, the one that a phone most probably reaches first.</summary>
    /// <param name="interfaces">The interfaces that are up.</param>
    public static IReadOnlyList<IPAddress> Choose(IEnumerable<LanInterface> interfaces) =>
        [
            .. interfaces.Where(i => !IsInner(i))
                .SelectMany(i => i.Addresses.Where(IsUsable).Select(address => (Address: address, Interface: i)))
                .OrderBy(a => Rank(a.Interface, a.Address))
                .Select(a => a.Address).Distinct().Take(Most),
        ];

    /// <summary>As it stands in the address of a page.</summary>
    public static string InUrl(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    /// <summary>Addresses of one link alone need the name of an interface, which browsers do not take.</summary>
    private static bool IsUsable(IPAddress address) =>
        PrivateNetworks.Contain(address) && !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv4MappedToIPv6;

    private static bool IsInner(LanInterface i) =>
        Inner.Any(start => i.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
        || InnerWords.Any(word => i.Description.Contains(word, StringComparison.OrdinalIgnoreCase)
            || i.Name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static int Rank(LanInterface i, IPAddress address)
    {
        var isTunnel = Tunnels.Any(start => i.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        var isLinkLocal = address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..];
        return (isLinkLocal ? 8 : 0) + (isTunnel ? 4 : 0) + (i.HasGateway ? 0 : 2)
            + (address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1);
    }
}
