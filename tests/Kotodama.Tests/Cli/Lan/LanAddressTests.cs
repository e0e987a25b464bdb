using System.Net;
using Kotodama.Cli.Lan;

namespace Kotodama.Tests.Cli.Lan;

/// <summary>Which of a machine's addresses a phone is told.</summary>
public sealed class LanAddressTests
{
    [Fact]
    public void The_way_to_the_internet_comes_first_and_what_no_phone_reaches_is_left_out()
    {
        LanInterface[] interfaces =
        [
            Of("docker0", "172.17.0.1"),
            Of("br-1234", "172.18.0.1"),
            Of("vEthernet (WSL)", "172.29.0.1"),
            new("Ethernet 3", "VirtualBox Host-Only Ethernet Adapter", false, [IPAddress.Parse("192.168.56.1")]),
            Of("wg0", "10.9.0.2"),
            Of("tailscale0", "100.100.1.2"),
            Of("eth1", "169.254.3.4"),
            Of("wlan1", "10.0.0.7"),
            Of("eth0", isWay: true, "fd00::2", "fe80::1%2", "2001:db8:1::5", "192.168.1.5"),
            Of("public0", "8.8.8.8"),
        ];
        Assert.Equal(
            ["192.168.1.5", "fd00::2", "10.0.0.7", "10.9.0.2", "100.100.1.2", "169.254.3.4"],
            LanAddresses.Choose(interfaces).Select(address => address.ToString()));
    }

    [Fact]
    public void A_machine_without_a_network_has_none() => Assert.Empty(LanAddresses.Choose([]));

    [Fact]
    public void No_more_than_a_certificate_should_hold() =>
        Assert.Equal(16, LanAddresses.Choose([Of("eth0", [.. Enumerable.Range(1, 200).Select(i => $"10.0.0.{i}")])]).Count);

    [Fact]
    public void This_machine_can_be_asked() => Assert.All(LanInterface.Read(), i => Assert.NotEmpty(i.Name));

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.0.1", true)]
    [InlineData("192.169.0.1", false)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::ffff:192.168.0.1", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::192.168.0.1", false)]
    [InlineData("fd12::1", true)]
    [InlineData("fe80::1%2", true)]
    [InlineData("fec0::1", false)]
    [InlineData("2001:4860:4860::8888", false)]
    [InlineData("64:ff9b::c0a8:1", false)]
    [InlineData("2002:c0a8:1::", false)]
    public void Private_networks_are_those_of_the_registries(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PrivateNetworks.Contain(IPAddress.Parse(address)));

    private static LanInterface Of(string name, params string[] addresses) => Of(name, isWay: false, addresses);

    private static LanInterface Of(string name, bool isWay, params string[] addresses) =>
        new(name, name, isWay, [.. addresses.Select(address => IPAddress.Parse(address))]);
}
