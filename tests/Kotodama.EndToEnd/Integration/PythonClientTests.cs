using Kotodama.Protocol;
using static Kotodama.EndToEnd.Integration.PythonProgram;

namespace Kotodama.EndToEnd.Integration;

/// <summary>What the module of the samples promises beyond the two messages: waits, turns, threads and loops.</summary>
public sealed class PythonClientTests
{
    private const string Head = """
        import asyncio, logging, sys, threading
        sys.path.insert(0, sys.argv[2])
        import kotodama
        logging.getLogger("kotodama").setLevel(logging.ERROR)
        def printed(value):
            print(value, flush=True)

        """;

    private static string Module => Repository.PathOf("samples", "python");

    [Fact]
    public async Task A_wait_that_is_given_up_lets_the_next_message_go()
    {
        const string Script = """
            async def main():
                try:
                    await asyncio.wait_for(kotodama.send_llm_response("long", wait="spoken", timeout=600), 0.2)
                except asyncio.TimeoutError:
                    printed("given up")
                printed(await kotodama.send_status("next"))
            asyncio.run(main())
            """;
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await hub.PageAsync();
        using var program = Start(Head + Script, hub.Socket, Module);
        Assert.Equal("given up", await LineAsync(program));
        Assert.Equal("True", await LineAsync(program));
        await DoneAsync(program);
    }

    [Theory]
    [InlineData("def heard(touch):", "call it in a thread")]
    [InlineData("async def heard(touch):", "await it in the loop")]
    public async Task Touches_are_told_to_a_callback_also_after_the_hub_was_away(string head, string how)
    {
        Assert.NotEmpty(how);
        var script = $$"""
            {{head}}
                printed(touch["area"] + " " + touch["gesture"] + " " + touch.get("avatar", "?"))
                if touch["area"] == "fail":
                    raise RuntimeError("the program's own mistake")
            async def main():
                kotodama.on_touch(heard)
                printed(await kotodama.choose_avatar("hiyori"))
                await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
            logging.getLogger("kotodama").setLevel(logging.CRITICAL)
            asyncio.run(main())
            """;
        var port = Ports.Free();
        Uri socket;
        TestProcess program;
        await using (var hub = await TestHub.StartAsync(port: port))
        {
            socket = hub.Socket;
            program = Start(Head + script, socket, Module);
            Assert.Equal("True", await LineAsync(program));
            await TouchAsync(hub, "head", "hiyori");
            Assert.Equal("head stroke hiyori", await LineAsync(program));
            await TouchAsync(hub, "fail", null);
            Assert.Equal("fail stroke ?", await LineAsync(program));
        }

        using (program)
        await using (var again = await TestHub.StartAsync(port: port))
        {
            await TouchAsync(again, "face", null);
            Assert.Equal("face stroke ?", await LineAsync(program));
            await program.StandardInput.WriteLineAsync();
            await DoneAsync(program);
        }
    }

    [Fact]
    public async Task A_reply_that_waits_for_a_page_is_still_waited_for_until_it_is_spoken()
    {
        const string Script = """
            async def main():
                printed("begin")
                printed(await kotodama.send_llm_response("later", wait="spoken", id="r-1"))
                printed(kotodama.get_ws_client().heard)
            asyncio.run(main())
            """;
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var program = Start(Head + Script, hub.Socket, Module);
        Assert.Equal("begin", await LineAsync(program));
        await Limits.UntilAsync(() => hub.Hub.Published == 1, "the reply to be stored");
        using var page = await hub.PageAsync();
        await page.ReceiveAsync<VoiceMessage>();
        var reply = await page.ReceiveAsync<LlmResponseMessage>();
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = reply.Epoch!, Displayed = [1] });
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = reply.Epoch!, Spoken = [1], Heard = [new AckHeard(1, 400, 5)] });
        Assert.Equal("True", await LineAsync(program));
        Assert.Equal("{'ms': 400, 'chars': 5}", await LineAsync(program));
        await DoneAsync(program);
    }

    [Fact]
    public async Task Threads_and_loops_share_a_client_and_each_keeps_its_order()
    {
        const string Script = """
            async def say(name):
                client = await kotodama.get_ws_client()
                for i in range(10):
                    assert await client.send_status(f"{name} {i}")
            threads = [threading.Thread(target=lambda name=name: asyncio.run(say(name))) for name in "abc"]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            loop = asyncio.new_event_loop()
            left = loop.create_task(kotodama.send_status("left behind", wait="displayed", timeout=60))
            loop.run_until_complete(asyncio.sleep(0.05))
            left.cancel()
            loop.run_until_complete(asyncio.gather(left, return_exceptions=True))
            loop.close()
            print(asyncio.run(kotodama.send_status("end")))
            """;
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var program = Start(Head + Script, hub.Socket, Module);
        var said = new List<string>();
        while (said.LastOrDefault() != "end")
            said.Add((await page.ReceiveAsync<StatusMessage>()).Content);
        foreach (var name in new[] { "a", "b", "c" })
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{name} {i}"), said.Where(s => s.StartsWith($"{name} ", StringComparison.Ordinal)));
        Assert.Equal("True", await LineAsync(program));
        await DoneAsync(program);
        Assert.Equal("", await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_address_may_name_a_channel_and_the_socket_below_a_prefix()
    {
        const string Script = """
            client = kotodama.WsClient(sys.argv[1] + "/ws?channel=left")
            print(client.url, asyncio.run(client.send_status("left")), asyncio.run(client.send_status("right", channel="right")))
            print(asyncio.run(client.send_llm_response("kept", channel="other", wait="taken")), len(client.pages()))
            """;
        await using var hub = await TestHub.StartAsync(prefix: "/character");
        using var left = await TestSocket.ConnectAsync(new Uri(hub.Socket, "/character/ws?channel=left"));
        using var right = await TestSocket.ConnectAsync(new Uri(hub.Socket, "/character/ws?channel=right"));
        await Limits.UntilAsync(() => hub.Hub.Channels.Sum(c => c.Subscriptions.Count) == 2, "the listeners");
        var address = new Uri(hub.Socket, "/character");
        using var program = Start(Head + Script, address, Module);
        Assert.Equal($"{address}/ws?channel=left True True", await LineAsync(program));
        Assert.Equal("True 2", await LineAsync(program));
        Assert.Equal("left", (await left.ReceiveAsync<StatusMessage>()).Content);
        Assert.Equal("right", (await right.ReceiveAsync<StatusMessage>()).Content);
        await DoneAsync(program);
    }

    [Fact]
    public async Task A_program_that_is_too_fast_for_HTTP_is_slowed_down_and_loses_nothing()
    {
        const string Script = """
            async def main():
                printed(all([await kotodama.send_status(str(i)) for i in range(4)]))
            asyncio.run(main())
            """;
        await using var hub = await TestHub.StartAsync(o => o.Limits = new ProtocolLimits { PublishRate = 2, PublishBurst = 2 });
        using var page = await hub.PageAsync();
        using var program = Start(Head + Script, hub.Socket, Module);
        for (var i = 0; i < 4; i++)
            Assert.Equal($"{i}", (await page.ReceiveAsync<StatusMessage>()).Content);
        Assert.Equal("True", await LineAsync(program));
        await DoneAsync(program);
        Assert.InRange(hub.Hub.Limited, 1, 4);
    }

    [Fact]
    public async Task A_broken_half_of_a_character_does_not_stop_a_program()
    {
        const string Script = """
            printed(asyncio.run(kotodama.send_llm_response("Great " + chr(0xd83d) + " news")))
            """;
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var program = Start(Head + Script, hub.Socket, Module);
        Assert.Equal("Great ? news", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        Assert.Equal("True", await LineAsync(program));
        await DoneAsync(program);
    }

    /// <summary>A user touches the character, once the program listens.</summary>
    private static async Task TouchAsync(TestHub hub, string area, string? avatar)
    {
        await Limits.UntilAsync(() => hub.Hub.Connections.Any(c => c.Client == "kotodama.py"), "the program to listen");
        using var page = await hub.PageAsync();
        await page.SendAsync(new TouchMessage { Area = area, Gesture = TouchGesture.Stroke, Avatar = avatar });
        await page.SendAsync("""{"type":"dance"}""");
        while (await page.ReceiveAsync() is not ErrorMessage)
        {
        }
    }
}
