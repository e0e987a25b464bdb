using System.Net;
using Kotodama.Cli;
using Kotodama.Cli.Commands;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kotodama.Tests.Cli;

public sealed class ExposureTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("127.0.0.1", false, false, null, null)]
    [InlineData("127.0.0.1 ::1", false, false, null, null)]
    [InlineData("127.0.0.1 192.168.1.5", true, true, null, null)]
    [InlineData("0.0.0.0", false, true, null, "token create")]
    [InlineData("::", false, false, null, "token create")]
    [InlineData("127.0.0.1 192.168.1.5", true, false, null, "no TLS")]
    [InlineData("::ffff:192.168.1.5", true, false, null, "no TLS")]
    [InlineData("0.0.0.0", false, false, "only my laptop is on this wire", null)]
    [InlineData("0.0.0.0", true, false, "only my laptop is on this wire", null)]
    [InlineData("0.0.0.0", false, false, "", "--insecure must say why")]
    [InlineData("0.0.0.0", false, false, "...", "--insecure must say why")]
    public void Other_machines_come_in_with_a_token_and_TLS_or_with_a_reason(string addresses, bool hasToken, bool hasTls, string? reason, string? problem)
    {
        var said = ExposureRule.Check([.. addresses.Split(' ').Select(IPAddress.Parse)], hasToken, hasTls, reason);
        if (problem is null)
            Assert.Null(said);
        else
            Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.168.1.5", 8765, "127.0.0.1 192.168.1.5", "localhost")]
    [InlineData("192.168.1.5", 0, "192.168.1.5", "192.168.1.5")]
    [InlineData("0.0.0.0", 8765, "0.0.0.0", "localhost")]
    [InlineData("[::]", 8765, "::", "localhost")]
    [InlineData("127.0.0.1", 8765, "127.0.0.1", "127.0.0.1")]
    [InlineData("[::1]", 8765, "::1", "[::1]")]
    public void This_machine_reaches_the_hub_as_ever_wherever_it_listens(string bind, int port, string addresses, string host)
    {
        var settings = Read(("Bind", bind), ("Port", $"{port}"));
        Assert.Equal(addresses, string.Join(' ', settings.Addresses));
        Assert.Equal(host, settings.Host);
        Assert.Contains(host, settings.Hosts);
        if (bind == "192.168.1.5")
            Assert.Contains(bind, settings.Hosts);
    }

    [Fact]
    public void What_is_no_address_is_refused() =>
        Assert.Contains("--bind must be", Assert.Throws<OptionsValidationException>(() => Read(("Bind", "mysite.test"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("30d", "2026-12-31T08:00:00Z")]
    [InlineData("12h", "2026-12-01T20:00:00Z")]
    [InlineData("90m", "2026-12-01T09:30:00Z")]
    [InlineData("2027-01-01", "2027-01-01T00:00:00Z")]
    [InlineData("2027-01-01T08:30", "2027-01-01T08:30:00Z")]
    [InlineData("2027-01-01T08:30:15Z", "2027-01-01T08:30:15Z")]
    [InlineData("3650d", "2036-11-28T08:00:00Z")]
    [InlineData("3651d", null)]
    [InlineData("2026-12-01", null)]
    [InlineData("2020-01-01", null)]
    [InlineData("2040-01-01", null)]
    [InlineData("0d", null)]
    [InlineData("-1d", null)]
    [InlineData("+1d", null)]
    [InlineData("1 d", null)]
    [InlineData("99999999999d", null)]
    [InlineData("2147483647d", null)]
    [InlineData("1w", null)]
    [InlineData("d", null)]
    [InlineData("", null)]
    [InlineData("tomorrow", null)]
    [InlineData("01/02/2027", null)]
    public void When_a_token_expires_is_read_as_users_write_it(string text, string? expected) =>
        Assert.Equal(expected, TokenCommand.ReadExpiry(text, Now)?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));

    private static ServeSettings Read(params (string Key, string Value)[] settings) => ServeSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Kotodama:{s.Key}", (string?)s.Value))).Build());
}
