using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Integration;

public sealed partial class CliTests
{
    [Fact]
    public async Task Founding_shows_what_programs_send_and_does_nothing_of_its_own_whatever_the_environment_says()
    {
        string[] arguments = ["--founding", "--port", "0", "--page-port", "0", "--open", "never", "--data", _data];
        using var process = Start(arguments, null, ("KOTODAMA_VOICE", "espeak"), ("KOTODAMA_LLM", "demo"));
        var banner = await LineAsync(process.StandardOutput, "Ctrl+C", all: true);
        Assert.Contains("Voice    off", banner, StringComparison.Ordinal);
        Assert.Contains("Replies  replace each other at once", banner, StringComparison.Ordinal);
        Assert.DoesNotContain("Hears", banner, StringComparison.Ordinal);
        var page = banner.Split('\n').Single(l => l.Contains("Socket ", StringComparison.Ordinal)).Split(' ')[^1];
        var socket = new Uri(page.Replace("localhost", "127.0.0.1", StringComparison.Ordinal));

        using var viewer = await TestSocket.ConnectAsync(socket);
        await viewer.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });
        await viewer.ReceiveAsync<WelcomeMessage>();
        using var publisher = await TestSocket.ConnectAsync(socket);
        await publisher.SendAsync("""{"type":"llm_response","content":"LLM回复内容","duration":8000}""");
        Assert.Equal(ReplyMode.Interrupt, (await viewer.ReceiveAsync<LlmResponseMessage>()).Mode);
        await publisher.SendAsync("""{"type":"llm_response","content":"waits","mode":"queue"}""");
        Assert.Equal(ReplyMode.Queue, (await viewer.ReceiveAsync<LlmResponseMessage>()).Mode);
        process.Kill();
    }

    [Theory]
    [InlineData("--voice espeak contradicts --founding", "--founding", "--voice", "espeak")]
    [InlineData("--voice auto contradicts --founding", "--voice", "auto", "--founding")]
    [InlineData("--llm demo contradicts --founding", "serve", "--founding", "--llm", "demo")]
    [InlineData("--model qwen3:8b contradicts --founding", "--founding", "--llm", "off", "--model", "qwen3:8b")]
    [InlineData("--asr openai contradicts --founding", "--founding", "--asr", "openai")]
    [InlineData("--character sora contradicts --founding", "--founding", "--character", "sora")]
    public async Task Founding_refuses_what_contradicts_it(string named, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Founding_may_repeat_what_it_stands_for_and_stands_in_the_help()
    {
        Assert.Contains("--founding", (await RunAsync("--help")).Out, StringComparison.Ordinal);
        await using var server = await ServeAsync("--founding", "--voice", "off", "--llm", "OFF", "--asr", "off");
        Assert.Contains("Voice    off", server.Banner, StringComparison.Ordinal);
    }
}
