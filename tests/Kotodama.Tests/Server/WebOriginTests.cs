using Kotodama.Server;

namespace Kotodama.Tests.Server;

/// <summary>Origins and host names as users write them into settings.</summary>
public sealed class WebOriginTests
{
    [Theory]
    [InlineData("http://mysite.test", "http://mysite.test")]
    [InlineData("http://mysite.test/", "http://mysite.test")]
    [InlineData(" HTTP://MySite.Test ", "http://mysite.test")]
    [InlineData("http://mysite.test:80", "http://mysite.test")]
    [InlineData("https://mysite.test:443/", "https://mysite.test")]
    [InlineData("https://mysite.test:8443", "https://mysite.test:8443")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:9000", "http://[::1]:9000")]
    [InlineData("http://例え.test", "http://xn--r8jz45g.test")]
    [InlineData("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop")]
    [InlineData("app://localhost", "app://localhost")]
    [InlineData("null", "null")]
    [InlineData("NULL", "null")]
    [InlineData("file://", "null", "file://")]
    [InlineData("file:///home/me/page.html", "null", "file://")]
    [InlineData("file:///C:/page.html", "null", "file://")]
    public void An_origin_is_read_as_browsers_send_it(string written, params string[] sent)
    {
        Assert.True(WebOrigin.TryRead(written, out var origins, out var problem), problem);
        Assert.Equal(sent, origins);
    }

    [Theory]
    [InlineData("*", "no wildcards")]
    [InlineData("http://*.mysite.test", "no wildcards")]
    [InlineData("mysite.test", "write http://mysite.test or https://mysite.test")]
    [InlineData("mysite.test:8000", "write http://mysite.test:8000 or https://mysite.test:8000")]
    [InlineData("localhost:3000", "write http://localhost:3000")]
    [InlineData("//mysite.test", "write http://mysite.test or")]
    [InlineData("http:/mysite.test", "write http://mysite.test")]
    [InlineData("https:mysite.test", "write https://mysite.test")]
    [InlineData("http://mysite.test/app", "has no path, and lets in all pages of its site; write http://mysite.test")]
    [InlineData("http://mysite.test?a=b", "has no path")]
    [InlineData("http://mysite.test/#top", "has no path")]
    [InlineData("http://me@mysite.test", "has no user; write http://mysite.test")]
    [InlineData("ws://mysite.test:8765", "write http://mysite.test:8765")]
    [InlineData("wss://mysite.test", "write https://mysite.test")]
    [InlineData("http://a.test,http://b.test", "one origin at a time")]
    [InlineData("http://a.test http://b.test", "one origin at a time")]
    [InlineData("\"http://a.test\"", "without quotes")]
    [InlineData("http://", "a scheme, a name")]
    [InlineData("http://mysite.test:99999", "a scheme, a name")]
    [InlineData("", "write an origin such as")]
    public void What_no_browser_sends_is_refused_with_what_to_write(string written, string expected)
    {
        Assert.False(WebOrigin.TryRead(written, out var origins, out var problem));
        Assert.Empty(origins);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        var options = new KotodamaServerOptions { AllowedOrigins = { written } };
        Assert.StartsWith($"The setting Kotodama:AllowedOrigins cannot be \"{written}\": ", options.Validate(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysite.test", "mysite.test")]
    [InlineData(" mysite.test:8765 ", "mysite.test")]
    [InlineData("192.168.1.5:8765", "192.168.1.5")]
    [InlineData("::1", "[::1]")]
    [InlineData("[fe80::1]:8765", "[fe80::1]")]
    [InlineData("例え.test", "xn--r8jz45g.test")]
    public void A_host_is_read_as_clients_send_it(string written, string sent)
    {
        Assert.True(HostName.TryRead(written, out var name, out var problem), problem);
        Assert.Equal(sent, name);
    }

    [Theory]
    [InlineData("http://mysite.test", "write mysite.test")]
    [InlineData("https://mysite.test:8443/app", "write mysite.test")]
    [InlineData("*", "no wildcards")]
    [InlineData("*.mysite.test", "no wildcards")]
    [InlineData("mysite.test/app", "a name alone")]
    [InlineData("me@mysite.test", "a name alone")]
    [InlineData("a.test,b.test", "a name alone")]
    [InlineData("", "write a name")]
    public void What_no_client_sends_as_its_host_is_refused_with_what_to_write(string written, string expected)
    {
        Assert.False(HostName.TryRead(written, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        var options = new KotodamaServerOptions { AllowedHosts = { written } };
        Assert.StartsWith($"The setting Kotodama:AllowedHosts cannot be \"{written}\": ", options.Validate(), StringComparison.Ordinal);
    }
}
