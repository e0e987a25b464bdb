using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Integration;

/// <summary>
/// Programs of the founding project, whose code was the server, over samples/python/founding: they run unchanged, and standard error stays
/// empty while they mix event loops and threads.
/// </summary>
public sealed class FoundingTests
{
    /// <summary>
    /// The way of the founding project's main program. Its second argument is how long a turn blocks, in seconds: 30 in life.
    /// </summary>
    private const string MainProgram = """
        import asyncio, sys, threading, time
        from src.websocket.live2d_ws_server import get_ws_server, send_llm_response, send_status

        def serve():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            loop.run_until_complete(get_ws_server())
            loop.call_soon(started.set)
            loop.run_forever()

        def show(text):
            try:
                loop = asyncio.get_event_loop()
            except RuntimeError:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            success = loop.run_until_complete(send_llm_response(text, duration=8000))
            print("成功" if success else "失败", flush=True)

        async def synthesize():
            await send_status("语音合成中")

        started = threading.Event()
        threading.Thread(target=serve, daemon=True).start()
        started.wait()
        for turn in ("第一轮", "第二轮", "第三轮"):
            show(turn)
            asyncio.run(synthesize())
            time.sleep(float(sys.argv[2]))
        """;

    private const string SecondProgram = """
        import asyncio, json
        from src.websocket import Live2DWebSocketClient, disconnect, get_ws_client, send_llm_response
        import src.websocket.live2d_ws_client as module

        async def main():
            client = await get_ws_client()
            print(isinstance(client, Live2DWebSocketClient), client.connected, client is await get_ws_client())
            print(await client.send_llm_response("客户端", 5000), await client.send_status("忙"))
            print(await client.send_message(json.dumps({"type": "llm_response", "content": "JSON"})))
            print(await module.send_llm_response("模块"), await send_llm_response("服务器"))
            await disconnect()
            print(client.connected, module.ws_client)
        asyncio.run(main())
        own = Live2DWebSocketClient("ws://localhost:%d" % PORT)
        print(asyncio.run(own.connect()), asyncio.run(own.send_status("")), own.uri)
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_that_is_the_server_finds_the_hub_and_leaves_standard_error_empty()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var program = Run(MainProgram, hub.Socket, "0.05");
        foreach (var turn in new[] { "第一轮", "第二轮", "第三轮" })
        {
            Assert.Equal(("成功", turn), (await PythonProgram.LineAsync(program), (await page.ReceiveAsync<LlmResponseMessage>()).Content));
            Assert.Equal("语音合成中", (await page.ReceiveAsync<StatusMessage>()).Content);
        }

        Assert.Equal("", await RestAsync(program));
    }

    [Fact]
    public async Task A_second_program_is_a_client_of_the_same_page()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var program = Run(SecondProgram.Replace("PORT", $"{hub.Url.Port}", StringComparison.Ordinal), hub.Socket);
        string[] expected =
            ["True True True", "True True", "True", "True True", "False None", $"True True ws://localhost:{hub.Url.Port}"];
        foreach (var line in expected)
            Assert.Equal(line, await PythonProgram.LineAsync(program));
        Assert.Equal(("客户端", 5000.0), await page.ReceiveAsync<LlmResponseMessage>() is var m ? (m.Content, m.Duration) : default);
        Assert.Equal("忙", (await page.ReceiveAsync<StatusMessage>()).Content);
        foreach (var content in new[] { "JSON", "模块", "服务器" })
            Assert.Equal(content, (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        Assert.Equal("", await RestAsync(program));
    }

    [Fact]
    public async Task Success_is_said_only_of_what_a_page_was_handed_or_the_hub_has()
    {
        const string Script = """
            import asyncio, logging, sys
            from src.websocket.live2d_ws_server import Live2DWebSocketServer, get_ws_server, send_llm_response, send_status
            from src.websocket.live2d_ws_client import send_llm_response as client_send
            logging.getLogger("kotodama").setLevel(logging.ERROR)

            async def main():
                server = await get_ws_server()
                print(server is await get_ws_server(), server.host, server.port, len(server.clients))
                print(await send_llm_response("no page yet"), await send_status("no page yet"), await client_send("kept"))
                print(await send_llm_response(""), await server.broadcast_message("no JSON"), await server.broadcast_message("[1]"))
                sys.stdout.flush()
                await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
                print(len(server.clients), await server.broadcast_message('{"type": "status", "content": "now"}'))
                await server.stop()
                print(await server.send_llm_response("the hub goes on", 1000))
            asyncio.run(main())
            """;
        await using var hub = await TestHub.StartAsync();
        using var program = Run(Script, hub.Socket);
        foreach (var line in new[] { "True localhost 8765 0", "False False True", "False False False" })
            Assert.Equal(line, await PythonProgram.LineAsync(program));
        using var page = await hub.PageAsync();
        await program.StandardInput.WriteLineAsync();
        Assert.Equal("1 True", await PythonProgram.LineAsync(program));
        Assert.Equal("True", await PythonProgram.LineAsync(program));
        Assert.Equal("", await RestAsync(program));
        Assert.Equal("no page yet", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
    }

    [Fact]
    public async Task Without_a_hub_no_success_is_said_and_the_text_says_how_to_start_it()
    {
        const string Script = """
            import asyncio, logging
            from src.websocket.live2d_ws_server import Live2DWebSocketServer, get_ws_server, send_llm_response
            from src.websocket.live2d_ws_client import get_ws_client, send_status
            logging.disable()
            try:
                asyncio.run(get_ws_server())
            except OSError as error:
                print(error)
            print(asyncio.run(send_llm_response("x")), asyncio.run(get_ws_client()).connected, asyncio.run(send_status("x")))
            print(Live2DWebSocketServer().clients)
            """;
        var away = new Uri($"ws://127.0.0.1:{Ports.Free()}");
        using var program = Run(Script, away);
        Assert.Matches($"no Kotodama hub answers at {away}.*Start it: ", await PythonProgram.LineAsync(program));
        Assert.Equal("False False False", await PythonProgram.LineAsync(program));
        Assert.Equal("set()", await PythonProgram.LineAsync(program));
        Assert.Equal("", await RestAsync(program));

        using var alone = PythonProgram.StartIn(Folder, ["-m", "src.websocket.live2d_ws_server"], away);
        await alone.WaitForExitAsync(Token).InTime("the program to end");
        Assert.Equal(1, alone.ExitCode);
        Assert.StartsWith("no Kotodama hub answers", await alone.StandardError.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_as_a_program_of_its_own_says_that_the_hub_serves_and_ends_quietly_with_an_interrupt()
    {
        await using var hub = await TestHub.StartAsync();
        using var program = PythonProgram.StartIn(Folder, ["-m", "src.websocket.live2d_ws_server"], hub.Socket);
        Assert.StartsWith($"The hub at {hub.Socket} is the server", await PythonProgram.LineAsync(program), StringComparison.Ordinal);
        await TestProcess.SignalAsync(program.Id, "INT");
        Assert.Equal("", await RestAsync(program));
    }

    [Fact]
    public async Task Another_program_on_the_port_is_told_from_a_hub()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        const string Script = """
            import asyncio
            from src.websocket.live2d_ws_server import get_ws_server
            try:
                asyncio.run(get_ws_server())
            except ConnectionError as error:
                print(error)
            """;
        using var program = Run(Script, new Uri($"ws://127.0.0.1:{port}"));
        using var stranger = await listener.AcceptTcpClientAsync(Token);
        await stranger.GetStream().WriteAsync("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 6\r\n\r\nFailed"u8.ToArray(), Token);
        Assert.Contains("is no Kotodama hub. Stop that program", await PythonProgram.LineAsync(program), StringComparison.Ordinal);
        Assert.Equal("", await RestAsync(program));
    }

    private static string Folder => Repository.PathOf("samples", "python", "founding");

    /// <summary>Newer versions of Python warn of a way to get an event loop that founding programs use.</summary>
    private static TestProcess Run(string script, Uri hub, params string[] more) =>
        PythonProgram.StartIn(Folder, ["-W", "ignore::DeprecationWarning", "-c", script, hub.ToString(), .. more], hub);

    /// <summary>What stands on standard error when the program has ended well.</summary>
    private static async Task<string> RestAsync(TestProcess program)
    {
        await PythonProgram.DoneAsync(program);
        return await program.StandardError.ReadToEndAsync(Token);
    }
}
