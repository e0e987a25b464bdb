using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Kotodama.Protocol;
using Kotodama.Tests.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Server;

/// <summary>What the hub does with messages that it cannot read.</summary>
public sealed class SealedTests
{
    private const string Planted = "planted-words-of-a-secret";

    private static readonly MessageKey Key = MessageKey.Parse(SealedVectors.All[0].Key);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_stored_and_delivered_like_a_reply_and_its_words_are_nowhere_in_the_hub()
    {
        var data = Directory.CreateTempSubdirectory("kotodama");
        try
        {
            await using (var hub = await TestHub.StartAsync(o => o.DataFolder = data.FullName))
            {
                using var page = await hub.PageAsync();
                using var bare = await hub.BareAsync();
                await using var client = await hub.ClientAsync(o => o.EncryptionKey = Key);
                var receipt = await client.SendLlmResponseAsync(Planted, emotion: "joy", cancellationToken: Token);
                Assert.Equal((1L, 1, true), (receipt.Seq, receipt.Pages, receipt.Durable));
                var enc = await page.ReceiveAsync<EncMessage>();
                Assert.True(Key.TryOpen(enc, out var opened));
                Assert.Equal((Planted, 1L, receipt.Id), (((LlmResponseMessage)opened).Content, opened.Seq, opened.Id));

                // A page that comes later gets it, too; one that never said hello knows two types only.
                using var late = await hub.PageAsync();
                Assert.Equal(enc, await late.ReceiveAsync<EncMessage>());
                await hub.Stage.SendStatusAsync("open", cancellationToken: Token);
                Assert.Equal("open", (await bare.ReceiveAsync<StatusMessage>()).Content);
                using var http = hub.Http();
                var history = await http.GetStringAsync(new Uri("api/history", UriKind.Relative), Token);
                Assert.DoesNotContain(Planted, history, StringComparison.Ordinal);
                var entry = JsonDocument.Parse(history).RootElement.GetProperty("replies")[0];
                Assert.Equal(("", enc.Ct), (entry.GetProperty("content").GetString(), entry.GetProperty("sealed").GetProperty("ct").GetString()));
                Assert.DoesNotContain(hub.Log.Lines, line => line.Text.Contains(Planted, StringComparison.Ordinal));
                Assert.Contains(hub.Log.Lines, line => line.Level == LogLevel.Trace);
            }

            var planted = Encoding.UTF8.GetBytes(Planted);
            Assert.All(data.GetFiles("*", SearchOption.AllDirectories), file => Assert.True(File.ReadAllBytes(file.FullName).AsSpan().IndexOf(planted) < 0, file.Name));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task It_is_taken_over_HTTP_and_one_without_an_id_or_with_a_wrong_nonce_is_refused()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var http = hub.Http();
        var enc = Key.Seal(new StatusMessage { Content = "x" }, "default", TimeProvider.System.GetUtcNow());
        foreach (var (message, code) in new[] { (enc with { Id = null }, ErrorCode.MissingField), (enc with { Iv = "short" }, ErrorCode.BadValue), (enc with { Ct = enc.Ct + "=" }, ErrorCode.BadValue) })
        {
            using var refused = await PostAsync(http, message);
            Assert.Equal(400, (int)refused.StatusCode);
            Assert.Equal(code, (await refused.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("code").GetString());
        }

        using var taken = await PostAsync(http, enc);
        Assert.Equal(202, (int)taken.StatusCode);
        Assert.Equal(enc.Ct, (await page.ReceiveAsync<EncMessage>()).Ct);
        using var again = await PostAsync(http, enc with { Iv = "AAAAAAAAAAAAAAAA" });
        Assert.Equal(409, (int)again.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_page_that_shows_it_says_when_it_was_spoken_however_long_that_takes(bool hasVoice)
    {
        var hub = new TestCore(speaks: hasVoice);
        var page = hub.Come("a", sound: SoundState.On);
        var heard = hub.Say(Asking());
        hub.Tell(page, displayed: 1);
        if (hasVoice)
            hub.LoseVoice();
        hub.Wait(300);
        Assert.DoesNotContain(heard, r => r.Final == true);
        hub.Tell(page, spoken: 1, heard: new AckHeard(1, 290_000, 700));
        Assert.Equal((ReceiptStatus.Done, new ReceiptHeard(290_000, 700)), (heard[^1].Status, heard[^1].Heard));
    }

    [Fact]
    public void A_publisher_does_not_wait_for_speech_where_the_page_tells_that_it_says_nothing()
    {
        var hub = new TestCore();
        var silent = hub.Come("a", sound: SoundState.Off);
        var heard = hub.Say(Asking());
        hub.Tell(silent, displayed: 1, heard: new AckHeard(1, 0, 0));
        Assert.Equal(ReceiptStatus.Stopped, heard[^1].Status);
    }

    [Fact]
    public void A_page_that_cannot_open_it_says_why_and_another_one_is_waited_for()
    {
        var hub = new TestCore();
        var (page, other) = (hub.Come("a"), hub.Come("b"));
        var heard = hub.Say(Asking() with { Receipt = ReceiptLevel.Displayed });
        hub.Tell(page, failed: 1, code: "no_key");
        hub.Wait(1);
        Assert.Equal((ReceiptStatus.Progress, "no_key"), (heard[^1].Status, heard[^1].Failed));
        hub.Tell(other, displayed: 1);
        Assert.Equal((ReceiptStatus.Done, "no_key"), (heard[^1].Status, heard[^1].Failed));
    }

    private static EncMessage Asking() =>
        Key.Seal(new LlmResponseMessage { Content = "Hello.", Receipt = ReceiptLevel.Spoken }, "default", TimeProvider.System.GetUtcNow());

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, EncMessage message)
    {
        using var body = new ByteArrayContent(MessageCodec.Write(message));
        body.Headers.ContentType = new("application/json");
        return await http.PostAsync(new Uri("api/messages", UriKind.Relative), body, Token);
    }
}
