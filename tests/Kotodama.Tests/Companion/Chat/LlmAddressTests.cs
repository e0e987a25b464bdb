using Kotodama.Companion.Chat;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Companion.Chat;

public sealed class LlmAddressTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Clouds hand out the machine's own credentials there, and there are many ways to write it.</summary>
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", true)]
    [InlineData("http://169.254.0.1:8080", true)]
    [InlineData("http://[::ffff:169.254.169.254]/", true)]
    [InlineData("http://[::169.254.169.254]/", true)]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/", true)]
    [InlineData("http://2852039166/", true)]
    [InlineData("http://0xa9fea9fe/", true)]
    [InlineData("http://0251.0376.0251.0376/", true)]
    [InlineData("http://169.254.43518/", true)]
    [InlineData("http://[fe80::1]:11434/", true)]
    [InlineData("http://[febf::1]/", true)]
    [InlineData("http://[fd00:ec2::254]/", true)]
    [InlineData("http://100.100.100.200/", true)]
    [InlineData("http://127.0.0.1:11434", false)]
    [InlineData("http://[::1]:11434", false)]
    [InlineData("http://localhost:11434", false)]
    [InlineData("http://192.168.1.5:11434", false)]
    [InlineData("http://[fd00::5]/", false)]
    [InlineData("http://169.253.1.1", false)]
    [InlineData("http://nowhere.invalid", false)]
    public async Task A_link_local_address_is_known_however_it_is_written(string address, bool isLinkLocal)
    {
        Assert.Equal(isLinkLocal, await LlmAddress.IsLinkLocalAsync(LlmAddress.Parse(address)!, Cancelled));
        if (!isLinkLocal)
            return;
        using var selector = new LlmSelector(new LlmOptions { Server = LlmOptions.Demo }, NullLogger.Instance);
        var refused = await Assert.ThrowsAsync<LlmException>(() => selector.ChooseAsync(address, "any", null, Cancelled));
        Assert.Contains("link-local", refused.Message, StringComparison.Ordinal);
        Assert.True(selector.Current.IsDemo);
    }
}
