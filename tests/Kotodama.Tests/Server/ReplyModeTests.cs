using System.Net;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server;

namespace Kotodama.Tests.Server;

/// <summary>What a reply does while another one is spoken is the hub's to say when its publisher does not.</summary>
public sealed class ReplyModeTests
{
    private const string Open = """{"type":"llm_response","content":"open"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ReplyMode.Queue)]
    [InlineData(ReplyMode.Interrupt)]
    public async Task A_reply_that_does_not_say_gets_the_mode_of_the_hub_on_every_way_in(ReplyMode mode)
    {
        await using var hub = await TestHub.StartAsync(o => o.ReplyMode = mode);
        using var page = await hub.PageAsync();
        using var publisher = await TestSocket.ConnectAsync(hub.Socket);
        await publisher.SendAsync(Open);
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).StatedMode);
        await PostAsync(hub, "api/messages", Open, "application/json");
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).StatedMode);
        await PostAsync(hub, "api/speak?content=open", "RIFF", "audio/wav");
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).StatedMode);
        await hub.Stage.SendLlmResponseAsync("open", cancellationToken: Token);
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).StatedMode);
        await using var client = await hub.ClientAsync();
        await client.SendLlmResponseAsync("open", cancellationToken: Token);
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).StatedMode);
    }

    [Theory]
    [InlineData(ReplyMode.Queue, "queue")]
    [InlineData(ReplyMode.Interrupt, "interrupt")]
    public async Task A_reply_that_says_it_keeps_its_mode(ReplyMode mode, string name)
    {
        await using var hub = await TestHub.StartAsync(o => o.ReplyMode = mode == ReplyMode.Queue ? ReplyMode.Interrupt : ReplyMode.Queue);
        using var page = await hub.PageAsync();
        await PostAsync(hub, "api/messages", $$"""{"type":"llm_response","content":"x","mode":"{{name}}"}""", "application/json");
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).Mode);
        await PostAsync(hub, $"api/speak?content=x&mode={name}", "RIFF", "audio/wav");
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).Mode);
        await hub.Stage.PublishAsync(new LlmResponseMessage { Content = "x", Mode = mode }, Token);
        Assert.Equal(mode, (await page.ReceiveAsync<LlmResponseMessage>()).Mode);
    }

    [Fact]
    public void A_mode_that_is_left_open_is_read_as_the_queue_and_written_as_nothing()
    {
        var reply = Assert.IsType<LlmResponseMessage>(MessageCodec.Read(Encoding.UTF8.GetBytes(Open)).Message);
        Assert.Equal((null, ReplyMode.Queue), (reply.StatedMode, reply.Mode));
        Assert.DoesNotContain("mode", Encoding.UTF8.GetString(MessageCodec.Write(reply)), StringComparison.Ordinal);
        var said = Encoding.UTF8.GetString(MessageCodec.Write(reply with { Mode = ReplyMode.Interrupt }));
        Assert.Contains("\"mode\":\"interrupt\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_that_does_not_exist_is_named()
    {
        var problem = new KotodamaServerOptions { ReplyMode = (ReplyMode)7 }.Validate();
        Assert.Contains("Kotodama:ReplyMode must be queue or interrupt", problem, StringComparison.Ordinal);
    }

    private static async Task PostAsync(TestHub hub, string address, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await hub.Http().PostAsync(address, content, Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
