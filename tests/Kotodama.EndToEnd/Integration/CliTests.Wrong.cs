using System.Net;
using System.Net.Sockets;
using System.Text;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Integration;

public sealed partial class CliTests
{
    [Theory]
    [InlineData("say has no option --wiat; did you mean --wait?", "say", "--wiat", "hello")]
    [InlineData("say has no option --wiat; did you mean --wait?", "say", "hello", "--wiat")]
    [InlineData("say has no option --wiat;", "say", "--emotion", "--wiat")]
    [InlineData("say has no option --WAIT; did you mean --wait?", "say", "--WAIT", "x")]
    [InlineData("say has no option -wait; did you mean --wait?", "say", "-wait", "x")]
    [InlineData("—wait begins with another dash; write --wait.", "say", "x", "—wait")]
    [InlineData("chat has no option --bogus; it has --channel, --url, --hub, --data, --token, --help.", "chat", "--bogus")]
    [InlineData("chat has no option --chanel; did you mean --channel?", "chat", "--chanel=left", "hi")]
    [InlineData("kotodama has no option --prot; did you mean --port?", "--prot", "9000")]
    [InlineData("serve has no option --allow-orign; did you mean --allow-origin?", "serve", "--allow-orign", "*")]
    [InlineData("search has no option --limt; did you mean --limit?", "conversations", "search", "--limt")]
    [InlineData("listen has no option --lnag; did you mean --lang?", "listen", "--lnag", "en")]
    [InlineData("voices has no option --bogus;", "voices", "--bogus")]
    [InlineData("--data has no effect before list; write it behind.", "conversations", "--data", "x", "list")]
    [InlineData("say has no option --port; it is one of kotodama.", "--port", "9000", "say", "hi")]
    [InlineData("There is no command sya; did you mean say?", "sya", "hello")]
    [InlineData("say takes one TEXT, and world is more; put quotes round a text of several words.", "say", "hello", "world")]
    [InlineData("--lang needs a value, TAG.", "say", "x", "--lang")]
    [InlineData("--duration must be a number, for example 8000, got abc", "say", "x", "--duration", "abc")]
    [InlineData("--duration must be a number", "say", "x", "--duration", "NaN")]
    [InlineData("--timeout must be 100 to 600000, got abc", "say", "x", "--wait", "--timeout", "abc")]
    [InlineData("--timeout must be 100 to 60000 without --audio, got 70000", "say", "x", "--wait", "--timeout", "70000")]
    [InlineData("--timeout says how long --wait waits, and there is no --wait", "say", "x", "--timeout", "500")]
    [InlineData("--channel must be 1 to 64 characters of a-z 0-9 . _ -, got Left", "watch", "--channel", "Left")]
    [InlineData("--data must name a folder, got nothing", "conversations", "--data", "")]
    [InlineData("--format must be json or markdown, got pdf", "conversations", "export", "x", "--format", "pdf")]
    [InlineData("show needs ID: The conversation, as list shows it.", "conversations", "show")]
    [InlineData("text must say something", "say", " ")]
    [InlineData("--url has no use with --security", "doctor", "--security", "--url", "http://127.0.0.1:9")]
    [InlineData("--config has no use without --security", "doctor", "--config", "settings.json")]
    [InlineData("--hub must be an address", "say", "x", "--hub", "ftp://x")]
    [InlineData("--voice must name engines", "--voice", ",")]
    [InlineData("--voice must be", "--voice", "espaek")]
    [InlineData("--allow-origin cannot be \"*\": there are no wildcards", "--allow-origin", "*")]
    [InlineData("--allow-origin cannot be \"mysite.test\": an origin begins with a scheme; write http://mysite.test", "--allow-origin", "mysite.test")]
    [InlineData("--allow-host cannot be \"http://mysite.test\": a host is a name alone; write mysite.test", "--allow-host", "http://mysite.test")]
    public async Task What_was_written_is_named_with_what_is_right_in_a_line_or_two(string said, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.InRange(result.Error.Trim().Split('\n').Length, 1, 3);
        Assert.DoesNotContain("System.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_may_begin_with_a_sign_and_behind_two_hyphens_like_an_option()
    {
        await using var server = await ServeAsync();
        using var page = await server.PageAsync();
        foreach (var text in new[] { "-5 degrees", "@home now", "— No!" })
        {
            Assert.Equal(0, (await RunAsync("say", text, "--data", _data)).Code);
            Assert.Equal(text, (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        }

        Assert.Equal(0, (await RunAsync("say", "--data", _data, "--", "--wiat")).Code);
        Assert.Equal("--wiat", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
    }

    [Fact]
    public async Task A_setting_is_named_as_it_was_written()
    {
        string[] serve = ["--port", "0", "--page-port", "0", "--data", _data];
        File.WriteAllText(Path.Combine(_data, "appsettings.json"), """{"Kotodama":{"Open":"nonsense"}}""");
        Assert.Contains($"got nonsense (Kotodama:Open in {Path.Combine(_data, "appsettings.json")}).", (await RunAsync(serve, "", _data)).Error, StringComparison.Ordinal);
        Assert.StartsWith("KOTODAMA_OPEN must be", (await RunAsync(serve, "", _data, ("KOTODAMA_OPEN", "x"))).Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(_data, "appsettings.json"));
        Assert.StartsWith("KOTODAMA_VOICE must be", (await RunAsync(serve, "", _data, ("KOTODAMA_VOICE", "espaek"))).Error, StringComparison.Ordinal);
        Assert.StartsWith("KOTODAMA__VOICE__ENGINES__0 must be", (await RunAsync(serve, "", _data, ("KOTODAMA_VOICE", ""), ("KOTODAMA__VOICE__ENGINES__0", "espaek"))).Error, StringComparison.Ordinal);
        Assert.Contains("Kotodama__Voice__Speed cannot be \"fast\": it must be a number", (await RunAsync(serve, "", _data, ("Kotodama__Voice__Speed", "fast"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_without_a_hub_is_an_error_and_no_other_hub_is_used()
    {
        await using var server = await ServeAsync();
        var empty = Directory.CreateDirectory(Path.Combine(_data, "empty")).FullName;
        foreach (var command in new string[][] { ["say", "x"], ["chat", "x"], ["status"], ["history"], ["watch"] })
        {
            var result = await RunAsync([.. command, "--data", empty], "", null, ("KOTODAMA_URL", $"{server.Url}"));
            Assert.Equal((4, ""), (result.Code, result.Out));
            Assert.Contains($"no hub runs with the data folder {empty}", result.Error, StringComparison.Ordinal);
        }

        // What a hub that was killed has left behind may be another one's address by now.
        File.WriteAllText(Path.Combine(empty, "hub.json"), $$"""{"url":"{{server.Url}}","processId":1}""");
        Assert.Contains("is another one", (await RunAsync("say", "x", "--data", empty)).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(["status"], "", null, ("KOTODAMA_URL", $"{server.Url}ws?channel=left"))).Code);
        Assert.Equal(0, (await RunAsync("status", "--hub", $"{server.Url}demo/demo.html")).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    public async Task What_is_no_hub_is_told_in_time(string answer)
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var serving = AnswerAsync(stranger, answer);
        var url = $"http://127.0.0.1:{((IPEndPoint)stranger.LocalEndpoint).Port}/";
        foreach (var command in new string[][] { ["say", "x"], ["chat", "x"], ["status"], ["watch"], ["voice", "--llm", "demo"] })
        {
            var result = await RunAsync([.. command, "--url", url, .. command[0] == "voice" ? new[] { "--data", _data } : []]);
            Assert.Equal(4, result.Code);

            // After 101 nothing more comes, as from a port that is silent.
            var isSilent = answer.Length == 0 || answer.Contains(" 101 ", StringComparison.Ordinal);
            Assert.Matches(isSilent ? "has not answered within 3 s" : "is not a Kotodama hub|cannot reach a Kotodama hub", result.Error);
        }

        stranger.Stop();
        await serving;
    }

    [Fact]
    public async Task Conversations_that_cannot_be_read_are_not_missing()
    {
        Directory.CreateDirectory(Path.Combine(_data, "conversations.db"));
        var unreadable = await RunAsync("conversations", "--data", _data);
        Assert.Equal(2, unreadable.Code);
        Assert.Contains("conversations.db cannot be read", unreadable.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("..", unreadable.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_prints_and_acknowledges_its_own_answer_only()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        using var chat = Start(["chat", "hello", "--url", $"{hub.Url}"]);
        await IntroduceAsync(companion);
        await UntilAsync<UserTextMessage>(companion);
        await hub.Stage.SendLlmResponseAsync("Buy now!", cancellationToken: Cancel);
        await companion.SendAsync(Turn(1, TurnState.Thinking), Cancel);
        await companion.SendAsync(new LlmDeltaMessage { Id = "a", Part = 0, Content = "It is " }, Cancel);
        var foreign = await hub.Stage.SendLlmResponseAsync("Buy more!", cancellationToken: Cancel);
        await companion.SendAsync(new LlmResponseMessage { Id = "a", Content = "It is noon." }, Cancel);
        await companion.SendAsync(Turn(1, TurnState.Idle), Cancel);
        Assert.Equal("It is noon.\n", await chat.StandardOutput.ReadToEndAsync(Cancel).InTime("the answer"));
        await chat.WaitForExitAsync(Cancel).InTime("the chat to end");
        Assert.Equal(0, chat.ExitCode);
        var state = await hub.Http().GetStringAsync($"api/messages/{foreign.Id}", Cancel);
        Assert.Contains("\"displayed\":0", state, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        var open = new List<Socket>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(Cancel);
                open.Add(socket);
                if (answer.Length > 0)
                    await socket.SendAsync(Encoding.ASCII.GetBytes(answer), Cancel);
            }
        }
        catch (SocketException)
        {
            // The test is over.
            foreach (var socket in open)
                socket.Dispose();
        }
    }
}
