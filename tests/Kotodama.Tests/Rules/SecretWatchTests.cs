using System.Text;

namespace Kotodama.Tests.Rules;

/// <summary>The watch that reads all logs of a test run finds what it is there for.</summary>
public sealed class SecretWatchTests
{
    private const string Token = "kt_abcd2345_0123456789012345678901234567890123456789abc";

    [Theory]
    [InlineData("The server refused Bearer planted-key-1.", true)]
    [InlineData("Incorrect API key provided: SK-SESAME", true)]
    [InlineData("GET http://user:planted-key-2@localhost/v1", true)]
    [InlineData("The user said planted-words-1", true)]
    [InlineData($"hello {Token}.", true)]
    [InlineData("The token kt_abcd2345 is for talkers.", false)]
    [InlineData("A request was not served (bad_json): it is no JSON.", false)]
    public void A_line_that_shows_a_secret_is_found(string line, bool isFound)
    {
        var watch = new SecretWatch();
        watch.See("a log", line);
        Assert.Equal((isFound ? 1 : 0, 1L), (watch.Found.Count, watch.Lines));
    }

    [Fact]
    public void Words_may_stand_at_Trace_and_a_token_where_a_user_asks_for_one_but_a_key_nowhere()
    {
        var watch = new SecretWatch();
        watch.See("a log", "content planted-words-1", mayHaveWords: true);
        watch.See("token create", Token, mayHaveTokens: true);
        Assert.Empty(watch.Found);
        watch.See("a log", "content planted-key-1", mayHaveWords: true, mayHaveTokens: true);
        Assert.Contains("a log shows a key", Assert.Single(watch.Found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_what_a_program_prints_is_found_however_it_is_read()
    {
        var watch = new SecretWatch();
        using var printed = new WatchedStream(new MemoryStream(Encoding.UTF8.GetBytes("one\nplanted-key-3\ntwo planted-words-2")), line => watch.See("a program", line));
        var part = new byte[5];
        while (await printed.ReadAsync(part, TestContext.Current.CancellationToken) > 0 && printed.CanRead)
            Assert.InRange(watch.Found.Count, 0, 2);
        Assert.Equal((2, 3L), (watch.Found.Count, watch.Lines));
    }

    [Fact]
    public async Task The_log_of_every_hub_of_a_test_is_read()
    {
        var before = SecretWatch.OfThisRun.Lines;
        await using (var hub = await TestHub.StartAsync())
            await hub.Stage.SendStatusAsync("hello", cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(SecretWatch.OfThisRun.Lines > before);
    }
}
