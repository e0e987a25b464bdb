using Kotodama.Companion.Hearing;
using Kotodama.Protocol;
using Kotodama.Voice.Text;
using static Kotodama.EndToEnd.Integration.PythonProgram;

namespace Kotodama.EndToEnd.Integration;

/// <summary>Clients written against the founding protocol with Python's websockets, which knows nothing of this repository.</summary>
public sealed class PythonTests
{
    private const string Sender = """
        import asyncio, json, sys, websockets
        async def main():
            async with websockets.connect(sys.argv[1]) as ws:
                await ws.send(json.dumps({"type": "llm_response", "content": "LLM回复内容 😊", "duration": 8000}))
                await ws.send(json.dumps({"type": "status", "content": "状态信息"}))
        asyncio.run(main())
        """;

    private const string Listener = """
        import asyncio, json, sys, websockets
        async def main():
            async with websockets.connect(sys.argv[1]) as ws:
                print("ready", flush=True)
                for _ in range(2):
                    m = json.loads(await asyncio.wait_for(ws.recv(), 20))
                    print(m["type"], m["content"], m.get("duration"), flush=True)
        asyncio.run(main())
        """;

    private const string NeverReads = """
        import asyncio, json, sys, websockets
        async def main():
            ws = await websockets.connect(sys.argv[1], max_queue=1)
            for i in range(200):
                await ws.send(json.dumps({"type": "status", "content": "n%d" % i}))
                await asyncio.sleep(0)
            await ws.send(json.dumps({"type": "status", "content": "end"}))
            await ws.close()
        asyncio.run(main())
        """;

    [Fact]
    public async Task The_two_founding_messages_go_from_an_old_backend_to_an_old_listener_and_a_new_page()
    {
        await using var hub = await TestHub.StartAsync();
        using var listener = Start(Listener, hub.Socket);
        Assert.Equal("ready", await LineAsync(listener));
        await Limits.UntilAsync(() => hub.Hub.Channels.Any(c => c.Subscriptions.Count == 1), "the listener");
        using var page = await hub.PageAsync();
        await DoneAsync(Start(Sender, hub.Socket));
        Assert.Equal("llm_response LLM回复内容 😊 8000", await LineAsync(listener));
        Assert.Equal("status 状态信息 None", await LineAsync(listener));
        await DoneAsync(listener);
        Assert.Equal("LLM回复内容 😊", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        Assert.Equal("状态信息", (await page.ReceiveAsync<StatusMessage>()).Content);

        // A listener that comes afterwards gets what is said from then on.
        using var late = Start(Listener, hub.Socket);
        Assert.Equal("ready", await LineAsync(late));
        await Limits.UntilAsync(() => hub.Hub.Channels.Sum(c => c.Subscriptions.Count) == 2, "the late listener");
        await DoneAsync(Start(Sender, hub.Socket));
        Assert.StartsWith("llm_response", await LineAsync(late), StringComparison.Ordinal);
        await LineAsync(late);
        await DoneAsync(late);
        Assert.Equal(0, hub.Hub.Refusals.Total);
    }

    [Fact]
    public async Task A_backend_that_never_reads_gets_everything_through()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var backend = Start(NeverReads, hub.Socket);
        for (var i = 0; i < 200; i++)
            Assert.Equal($"n{i}", (await page.ReceiveAsync<StatusMessage>()).Content);
        Assert.Equal("end", (await page.ReceiveAsync<StatusMessage>()).Content);
        await DoneAsync(backend);
    }

    [Fact]
    public async Task The_sample_module_says_whether_a_page_was_reached()
    {
        const string Script = """
            import asyncio, sys
            sys.path.insert(0, sys.argv[2])
            import kotodama
            async def main():
                print(await kotodama.send_llm_response("no page", duration=1000))
                print("ready", flush=True)
                await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
                print(await kotodama.send_llm_response("one page", duration=1000))
                print(await kotodama.send_status("busy"))
                print(kotodama.get_ws_client() is kotodama.get_ws_client())
                await kotodama.disconnect()
            asyncio.run(main())
            """;
        await using var hub = await TestHub.StartAsync();
        using var backend = Start(Script, hub.Socket, Repository.PathOf("samples", "python"));
        Assert.Equal("False", await LineAsync(backend));
        Assert.Equal("ready", await LineAsync(backend));
        using var page = await hub.PageAsync();
        Assert.Equal("no page", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        await backend.StandardInput.WriteLineAsync();
        foreach (var _ in new[] { "reply", "status", "singleton" })
            Assert.Equal("True", await LineAsync(backend));
        Assert.Equal(("one page", 1000.0), await page.ReceiveAsync<LlmResponseMessage>() is var m ? (m.Content, m.Duration) : default);
        await DoneAsync(backend);
    }

    [Fact]
    public async Task The_sample_module_waits_until_a_reply_is_spoken_and_says_how_much_was_heard()
    {
        const string Script = """
            import asyncio, sys
            sys.path.insert(0, sys.argv[2])
            import kotodama
            async def main():
                for text in ("whole", "part"):
                    print(await kotodama.send_llm_response(text, wait="spoken"), kotodama.get_ws_client().heard)
                await kotodama.disconnect()
            asyncio.run(main())
            """;
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await hub.PageAsync();
        using var backend = Start(Script, hub.Socket, Repository.PathOf("samples", "python"));
        await page.ReceiveAsync<VoiceMessage>();
        var whole = await page.ReceiveAsync<LlmResponseMessage>();
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = whole.Epoch!, Spoken = [1], Heard = [new AckHeard(1, 400, 5)] });
        Assert.Equal("True {'ms': 400, 'chars': 5}", await LineAsync(backend));
        await page.ReceiveAsync<LlmResponseMessage>();
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = whole.Epoch!, Heard = [new AckHeard(2, 90, 1)] });
        Assert.Equal("False {'ms': 90, 'chars': 1}", await LineAsync(backend));
        await DoneAsync(backend);
    }

    [Fact]
    public async Task The_sample_companion_answers_a_user_who_writes()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var companion = Start(await File.ReadAllTextAsync(Repository.PathOf("samples", "python", "companion.py"), TestContext.Current.CancellationToken), hub.Socket);
        Assert.True((await page.ReceiveAsync<CompanionMessage>()).On);
        await page.SendAsync(new UserTextMessage { Content = "hello there" });
        Assert.Equal("You said 2 words: hello there", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        companion.Kill();
        Assert.False((await page.ReceiveAsync<CompanionMessage>()).On);
    }
}
