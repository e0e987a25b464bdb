using System.Net;
using System.Net.NetworkInformation;

namespace Kotodama.Cli.Lan;

/// <summary>A network interface of this machine, as far as it matters to a phone.</summary>
/// <param name="Name">For example <c>eth0</c>.</param>
/// <param name="Description">What the system calls it.</param>
/// <param name="HasGateway">Whether the way to the internet goes through it: then the phone is probably there, too.</param>
/// <param name="Addresses">Its addresses.</param>
internal sealed record LanInterface(string Name, string Description, bool HasGateway, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>The interfaces that are up, but for the one of the machine to itself.</summary>
    public static IReadOnlyList<LanInterface> Read()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
                        && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                    .Select(Of),
            ];
        }
        catch (NetworkInformationException)
        {
            // Some sandboxes hide them; then this machine has no address that could be told.
            return [];
        }
    }

    private static LanInterface Of(NetworkInterface i)
    {
        var properties = i.GetIPProperties();
        var hasGateway = properties.GatewayAddresses
            .Any(gateway => !gateway.Address.Equals(IPAddress.Any) && !gateway.Address.Equals(IPAddress.IPv6Any));
        return new LanInterface(i.Name, i.Description, hasGateway, [.. properties.UnicastAddresses.Select(a => a.Address)]);
    }
}
