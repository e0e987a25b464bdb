using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Kotodama.EndToEnd.Browser;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Integration;

/// <summary>The real program in a process of its own.</summary>
public sealed partial class CliTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Serve_prints_where_it_is_and_the_other_commands_find_it_on_any_port()
    {
        await using var server = await ServeAsync();
        Assert.Contains("ws://localhost:", server.Banner, StringComparison.Ordinal);
        Assert.Contains("curl http://localhost:", server.Banner, StringComparison.Ordinal);

        var status = await RunAsync("status", "--json", "--data", _data);
        Assert.Equal(server.ProcessId, (int)JsonNode.Parse(status.Out)!["processId"]!);
        var unseen = await RunAsync("say", "hello", "--data", _data);
        Assert.Equal(0, unseen.Code);
        Assert.Equal(1, (await RunAsync("say", "still no page", "--wait", "--timeout", "100", "--data", _data)).Code);
        Assert.Contains("No page is open", unseen.Error, StringComparison.Ordinal);

        using var page = await server.PageAsync();
        Assert.Equal(["hello", "still no page"], [(await page.ReceiveAsync<LlmResponseMessage>()).Content, (await page.ReceiveAsync<LlmResponseMessage>()).Content]);
        var said = RunAsync("say", "你好！", "--emotion", "joy", "--duration", "1234", "--wait", "--data", _data);
        var shown = await page.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal(("你好！", "joy", 1234.0), (shown.Content, shown.Emotion, shown.Duration));
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = shown.Epoch!, Displayed = [shown.Seq!.Value] });
        var result = await said;
        Assert.Equal(0, result.Code);
        Assert.DoesNotContain('\e', result.Out);
    }

    [Fact]
    public async Task A_proxy_for_the_web_is_not_asked_for_a_hub_on_this_machine()
    {
        await using var server = await ServeAsync();
        var proxy = ("http_proxy", $"http://127.0.0.1:{Ports.Free()}");
        Assert.Equal(0, (await RunAsync(["status", "--data", _data], "", null, proxy)).Code);
        var doctor = await RunAsync(["doctor", "--data", _data], "", null, proxy);
        Assert.Contains("Its WebSocket lets programs in", doctor.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Say_takes_standard_input_line_by_line()
    {
        await using var server = await ServeAsync();
        using var page = await server.PageAsync();
        var result = await RunAsync(["say", "--data", _data], "one\n\n二\nthree");
        Assert.Equal(0, result.Code);
        Assert.Equal(["one", "二", "three"], [(await page.ReceiveAsync<LlmResponseMessage>()).Content, (await page.ReceiveAsync<LlmResponseMessage>()).Content, (await page.ReceiveAsync<LlmResponseMessage>()).Content]);
    }

    [Fact]
    public async Task Listen_prints_what_an_engine_understood_or_why_it_did_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is written for sh.");
        var wav = Path.Combine(_data, "said.wav");
        await File.WriteAllBytesAsync(wav, Browser.Sounds.Wav(Browser.Sounds.Sine(22_050)), TestContext.Current.CancellationToken);
        const string Command = "Kotodama__Hearing__Command__";
        Task<(int Code, string Out, string Error)> ListenAsync(string script, string file, string asr) =>
            RunAsync(["listen", file, "--asr", asr], "", null, (Command + "Program", "/bin/sh"), (Command + "Arguments__0", "-c"), (Command + "Arguments__1", script));

        var heard = await ListenAsync("wc -c; echo '[MUSIC]'", wav, "command");
        Assert.Equal((0, "32044\n"), (heard.Code, heard.Out));
        Assert.Contains("1.0 s of sound", heard.Error, StringComparison.Ordinal);
        var failed = await ListenAsync("echo no such model >&2; exit 3", wav, "command");
        Assert.Equal((1, ""), (failed.Code, failed.Out));
        Assert.Matches("failed with code 3.*\nno such model", failed.Error);
        Assert.Equal(1, (await ListenAsync("", wav, "off")).Code);
        Assert.Equal(2, (await ListenAsync("", wav, "sapi")).Code);
        foreach (var (lang, told) in new[] { ("ja", "ja"), ("auto", "any") })
            Assert.Equal($"in {told}\n", (await RunAsync(["listen", wav, "--asr", "command", "--lang", lang], "", null, ("Kotodama__Hearing__Language", "de"), (Command + "Language", "any"), (Command + "Program", "/bin/echo"), (Command + "Arguments__0", "in {language}"))).Out);
        var missing = await ListenAsync("", Path.Combine(_data, "nothing.wav"), "command");
        Assert.Equal(2, missing.Code);
        Assert.Contains("nothing.wav cannot be read", missing.Error, StringComparison.Ordinal);
        Assert.Contains("command      /bin/sh", (await RunAsync(["voices"], "", null, ("KOTODAMA_ASR", "command"), (Command + "Program", "/bin/sh"))).Out, StringComparison.Ordinal);
        Assert.StartsWith("--asr must be", (await RunAsync(["serve", "--asr", "sapi", "--port", "0", "--page-port", "0", "--data", _data], "")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_shows_messages_and_is_no_page()
    {
        await using var server = await ServeAsync();
        using var watch = Start(["watch", "--json", "--data", _data]);
        await LineAsync(watch.StandardError, "Watching");
        Assert.Contains("Sent to 0 pages", (await RunAsync("say", "observed", "--data", _data)).Error, StringComparison.Ordinal);
        var line = JsonNode.Parse(await LineAsync(watch.StandardOutput, "llm_response"))!;
        Assert.Equal("observed", (string)line["content"]!);
        watch.Kill();
    }

    [Fact]
    public async Task Watch_ends_when_its_reader_is_gone()
    {
        await using var server = await ServeAsync();
        using var watch = Start(["watch", "--json", "--data", _data]);
        await LineAsync(watch.StandardError, "Watching");
        await RunAsync("say", "enough", "--data", _data);
        await LineAsync(watch.StandardOutput, "enough");
        watch.StandardOutput.Close();
        await RunAsync("say", "too much", "--data", _data);
        await watch.WaitForExitAsync(TestContext.Current.CancellationToken).InTime("watch to end");
        Assert.Equal(0, watch.ExitCode);
    }

    [Fact]
    public async Task Say_with_a_sound_file_waits_until_it_was_heard_or_says_that_it_was_not()
    {
        await using var server = await ServeAsync();
        var file = Path.Combine(_data, "hello.wav");
        await File.WriteAllBytesAsync(file, SpeechSounds.Wav(16_000, new byte[3_200]), TestContext.Current.CancellationToken);
        var unseen = await RunAsync("say", "first", "--audio", file, "--data", _data);
        Assert.Equal(0, unseen.Code);
        Assert.Contains("No page is open", unseen.Error, StringComparison.Ordinal);

        using var page = await server.PageAsync();
        await page.ReceiveAsync<LlmResponseMessage>();
        foreach (var heard in new[] { true, false })
        {
            var said = RunAsync("say", "second", "--audio", file, "--data", _data);
            var shown = await page.ReceiveAsync<LlmResponseMessage>();
            Assert.False(said.IsCompleted);
            var seq = shown.Seq!.Value;
            await page.SendAsync(new AckMessage { Channel = "default", Epoch = shown.Epoch!, Displayed = heard ? null : [seq], Spoken = heard ? [seq] : null });
            var (code, output, error) = await said;
            Assert.Equal(heard ? 0 : 1, code);
            Assert.Contains(heard ? "Heard on a page" : "not heard to its end", heard ? output : error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_signal_ends_say_at_once_although_it_waits_for_a_line()
    {
        await using var server = await ServeAsync();
        using var page = await server.PageAsync();
        using var say = Start(["say", "--data", _data]);
        await say.StandardInput.WriteLineAsync("one");
        await say.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await page.ReceiveAsync<LlmResponseMessage>();
        await LineAsync(say.StandardOutput, "Sent");
        await TestProcess.SignalAsync(say.Id, "TERM");
        await say.WaitForExitAsync(TestContext.Current.CancellationToken).InTime("say to end");

        // 143 would say that it had to be ended after two seconds.
        Assert.Equal(1, say.ExitCode);
    }

    [Fact]
    public async Task Status_says_for_people_where_channels_stand()
    {
        await using var server = await ServeAsync("--voice", "silent");
        await RunAsync("say", "one", "--data", _data);
        var status = await RunAsync("status", "--data", _data);
        Assert.Equal(0, status.Code);
        Assert.Matches("default +0 pages, at number 1 of epoch [0-9A-Za-z]+", status.Out);
        Assert.DoesNotContain("heard", status.Out, StringComparison.Ordinal);
        using var page = await TestSocket.ConnectAsync(new UriBuilder(server.Url) { Scheme = "ws" }.Uri);
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });
        await page.WelcomeAsync();
        status = await RunAsync("status", "--data", _data);
        Assert.Matches("default +1 page, at number 1 of epoch [0-9A-Za-z]+, not heard because no page has its sound on", status.Out);
        Assert.DoesNotContain("queue", status.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("too fast", status.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_names_cause_and_cure_and_its_exit_code_tells()
    {
        var none = await RunAsync("doctor", "--url", $"http://127.0.0.1:{Ports.Free()}");
        Assert.Equal(1, none.Code);
        Assert.Contains("Start", none.Out, StringComparison.Ordinal);

        await using var server = await ServeAsync();
        var noPage = await RunAsync("doctor", "--data", _data, "--message", """{"type":"llm_response","contents":"typo"}""");
        Assert.Equal(1, noPage.Code);
        Assert.Contains("No page is connected", noPage.Out, StringComparison.Ordinal);
        Assert.Contains("content is missing", noPage.Out, StringComparison.Ordinal);

        using var page = await server.PageAsync();
        var healthy = RunAsync("doctor", "--data", _data);
        var test = await page.ReceiveAsync<StatusMessage>();
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = test.Epoch!, Displayed = [test.Seq!.Value] });
        Assert.Equal(0, (await healthy).Code);

        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = await RunAsync("doctor", "--url", $"http://127.0.0.1:{((IPEndPoint)stranger.LocalEndpoint).Port}");
        Assert.Contains("is taken by", taken.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F13_a_taken_port_is_one_sentence_with_the_owner_and_exit_code_3()
    {
        await using var server = await ServeAsync();
        var second = await RunAsync("--port", $"{server.Url.Port}", "--page-port", "0", "--open", "never", "--data", _data);
        Assert.Equal((3, ""), (second.Code, second.Out));
        Assert.Contains($"another Kotodama (pid {server.ProcessId})", second.Error, StringComparison.Ordinal);
        Assert.Single(second.Error.Trim().Split('\n'));

        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;
        var third = await RunAsync("--port", $"{port}", "--page-port", "0", "--open", "never", "--data", _data);
        Assert.Equal(3, third.Code);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"(pid {Environment.ProcessId})", third.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F13_a_data_folder_in_use_is_one_sentence_with_the_owner_and_exit_code_2()
    {
        await using var server = await ServeAsync();
        var second = await RunAsync("--port", $"{Ports.Free()}", "--page-port", "0", "--open", "never", "--data", _data);
        Assert.Equal((2, ""), (second.Code, second.Out));
        Assert.Contains($"pid {server.ProcessId}", second.Error, StringComparison.Ordinal);
        Assert.Single(second.Error.Trim().Split('\n'));
        using var page = await server.PageAsync();
        Assert.Equal(0, (await RunAsync("say", "still here", "--data", _data)).Code);
        Assert.Equal("still here", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
    }

    [Fact]
    public async Task A_taken_page_port_is_a_warning_only()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        await using var server = await ServeAsync("--page-port", $"{((IPEndPoint)stranger.LocalEndpoint).Port}");
        using var http = new HttpClient();
        Assert.Equal("ok", await http.GetStringAsync(new Uri(server.Url, "healthz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Settings_come_from_environment_and_file_and_the_command_line_wins()
    {
        string[] chosen = ["--config", "appsettings.json"];
        File.WriteAllText(Path.Combine(_data, "appsettings.json"), """{"Kotodama":{"Open":"nonsense","PagePort":0}}""");
        Assert.Contains("--open must be auto or never, got nonsense", (await RunAsync([.. chosen, "--port", "0"], "", folder: _data)).Error, StringComparison.Ordinal);
        Assert.Contains("got from-environment", (await RunAsync([.. chosen, "--port", "0"], "", folder: _data, ("KOTODAMA_OPEN", "from-environment"))).Error, StringComparison.Ordinal);
        Assert.Contains("KOTODAMA_PORT cannot be \"abc\"", (await RunAsync([], "", folder: _data, ("KOTODAMA_PORT", "abc"))).Error, StringComparison.Ordinal);
        Assert.Contains("KOTODAMA_URL must be an address", (await RunAsync(["status"], "", folder: _data, ("KOTODAMA_URL", "mailto:x"))).Error, StringComparison.Ordinal);
        Assert.Contains("got line", (await RunAsync([.. chosen, "--port", "0", "--open", "line"], "", folder: _data, ("KOTODAMA_OPEN", "environment"))).Error, StringComparison.Ordinal);
        foreach (var (json, named) in new[] { ("{ broken", "appsettings.json cannot be read"), ("[]", "appsettings.json cannot be read"), ("""{"Kotodama":{"Limits":{"Frame":"big"}}}""", "The setting Kotodama:Limits:Frame (") })
        {
            File.WriteAllText(Path.Combine(_data, "appsettings.json"), json);
            var bad = await RunAsync(["--port", "0", "--page-port", "0", "--data", _data], "", folder: _data);
            Assert.Equal(2, bad.Code);
            Assert.Contains(named, bad.Error, StringComparison.Ordinal);
        }

        File.WriteAllText(Path.Combine(_data, "appsettings.json"), """{"Kotodama":{"MaxConnections":0}}""");
        var invalid = await RunAsync(["--port", "0", "--page-port", "0", "--data", _data], "", folder: _data);
        Assert.Equal(2, invalid.Code);
        Assert.Matches(@"Kotodama:MaxConnections \(.*\) must be at least 1", invalid.Error);
    }

    [Fact]
    public async Task Help_and_version_answer()
    {
        Assert.Equal((0, "0.1.0"), await RunAsync("--version") is var (code, version, _) ? (code, version.Trim()) : default);
        var help = await RunAsync("--help");
        Assert.Equal(0, help.Code);
        Assert.All(new[] { "--port", "--page-port", "--bind", "--data", "--open", "--verbose", "say", "characters", "conversations", "status", "watch", "doctor" }, word => Assert.Contains(word, help.Out, StringComparison.Ordinal));
        Assert.Contains("--emotion", (await RunAsync("say", "--help")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_ended_at_once_does_not_wait_for_its_first_page()
    {
        // The signal may come at any moment of the start; that it comes before the wait begins is the rare one.
        for (var i = 0; i < 3; i++)
        {
            using var server = Start(["--port", "0", "--page-port", "0", "--open", "auto", "--data", _data]);
            await LineAsync(server.StandardOutput, "Ctrl+C");
            await TestProcess.SignalAsync(server.Id, "TERM");
            var rest = await server.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken).InTime("the server to end");
            Assert.DoesNotContain("No page is open yet", rest, StringComparison.Ordinal);
            Assert.Equal(0, server.ExitCode);
        }
    }

    [Fact]
    public async Task A_termination_signal_tells_pages_and_ends_the_server_within_two_seconds()
    {
        await using var server = await ServeAsync();
        using var page = await server.PageAsync();
        var start = TimeProvider.System.GetTimestamp();
        await TestProcess.SignalAsync(server.ProcessId, "TERM");
        Assert.IsType<ByeMessage>(await page.ReceiveAsync());
        Assert.Null(await page.ReceiveTextAsync());
        await server.ExitedAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.ExitCode);
        Assert.False(File.Exists(Path.Combine(_data, "hub.json")));
    }

    private async Task<Server> ServeAsync(params string[] more)
    {
        var process = Start([.. more.Contains("--page-port") ? more : [.. more, "--page-port", "0"], "--port", "0", "--open", "never", "--data", _data]);
        try
        {
            var banner = await LineAsync(process.StandardOutput, "Ctrl+C", all: true);
            var page = banner.Split('\n').Single(l => l.Contains("Page ", StringComparison.Ordinal));
            var url = page.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
            return new Server(process, banner, new Uri(url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    private static async Task<(int Code, string Out, string Error)> RunAsync(string[] arguments, string input, string? folder = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, folder, environment);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime($"kotodama {string.Join(' ', arguments)}");
        return (process.ExitCode, await output, await error);
    }

    private static TestProcess Start(string[] arguments, string? folder = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        // These pages follow a conversation message by message; speech would come between.
        start.Environment["KOTODAMA_VOICE"] = "off";
        start.Environment["KOTODAMA_LLM"] = "off";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return TestProcess.Start(start);
    }

    /// <summary>Reads up to the first line that contains a text.</summary>
    private static async Task<string> LineAsync(StreamReader reader, string containing, bool all = false)
    {
        var before = "";
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTime(containing) is { } line)
        {
            before += line + "\n";
            if (line.Contains(containing, StringComparison.Ordinal))
                return all ? before : line;
        }

        throw new InvalidOperationException($"The program ended without saying {containing}: {before}");
    }

    private sealed class Server(Process process, string banner, Uri url) : IAsyncDisposable
    {
        public string Banner => banner;

        public Uri Url => url;

        public int ProcessId => process.Id;

        public int ExitCode => process.ExitCode;

        public async Task<TestSocket> PageAsync()
        {
            var socket = await TestSocket.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri);
            await socket.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });
            await socket.ReceiveAsync<WelcomeMessage>();
            return socket;
        }

        public Task ExitedAsync() => process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime("the server to end");

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
