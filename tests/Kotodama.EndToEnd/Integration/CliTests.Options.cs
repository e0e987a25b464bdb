namespace Kotodama.EndToEnd.Integration;

public sealed partial class CliTests
{
    [Theory]
    [InlineData(2, "--bind 0.0.0.0", "--bind", "0.0.0.0")]
    [InlineData(2, "--open must be auto or never", "--open", "perhaps")]
    [InlineData(2, "--port must be 0 to 65535", "--port", "70000")]
    [InlineData(2, "--port must be 0 to 65535, got abc", "--port", "abc")]
    [InlineData(2, "--limit must be 1 to 1000, got 0", "conversations", "--limit", "0")]
    [InlineData(2, "--limit must be 1 to 1000, got 5000", "conversations", "show", "x", "--limit", "5000")]
    [InlineData(2, "--limit must be 1 to 1000, got x", "history", "--limit", "x")]
    [InlineData(2, "--wait must be 0 to 3600, got abc", "demo", "--wait", "abc")]
    [InlineData(2, "text must say something", "chat", "")]
    [InlineData(2, "Kotodama:Voice:OpenAi:Address is not set", "voices", "openai")]
    [InlineData(2, "--colour", "--colour")]
    [InlineData(2, "--url must be an address", "status", "--url", "ftp://x")]
    public async Task A_bad_option_is_named(int code, string named, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal(code, result.Code);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }
}
