using System.Diagnostics;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Faults;

/// <summary>F2 of the fault matrix: a program that streams a reply is killed in the middle of it. KOTODAMA_PUBLISHER_KILLS says how often.</summary>
public sealed class F2PythonTests
{
    private const int Lanes = 4;

    private const string Writer = """
        import asyncio, itertools, json, sys, websockets
        async def main():
            async with websockets.connect(sys.argv[1]) as ws:
                for part in itertools.count():
                    await ws.send(json.dumps({"type": "llm_delta", "id": sys.argv[2], "part": part, "content": "word "}))
                    await asyncio.sleep(0.001)
        asyncio.run(main())
        """;

    private static readonly int Kills = Volume.Of("KOTODAMA_PUBLISHER_KILLS", 20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_whose_program_is_killed_is_ended_on_the_page_in_time()
    {
        await using var hub = await TestHub.StartAsync();
        var longest = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => KillAsync(hub, lane)));
        TestContext.Current.TestOutputHelper?.WriteLine($"The last piece was ended {longest.Max().TotalMilliseconds:0} ms after the kill, at the latest.");
        Assert.InRange(longest.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(11));
        Assert.Equal(0, await hub.Hub.AskAsync(core => core.Channels.Values.Sum(c => c.Streams.Count), Token));
    }

    private static async Task<TimeSpan> KillAsync(TestHub hub, int lane)
    {
        using var page = await hub.PageAsync($"lane{lane}");
        var random = new Random(lane);
        var longest = TimeSpan.Zero;
        for (var kill = lane; kill < Kills; kill += Lanes)
        {
            var id = $"reply-{kill}";
            using var writer = Start(new Uri(hub.Socket, $"?channel=lane{lane}"), id);
            var expected = 0;
            for (var pieces = random.Next(1, 40); expected < pieces; expected++)
                Assert.Equal((id, expected), await page.ReceiveAsync<LlmDeltaMessage>() is var piece ? (piece.Id, piece.Part) : default);
            var start = TimeProvider.System.GetTimestamp();
            writer.Kill();

            // What was on its way still comes; then the end, and nothing of this reply after it.
            Message? message;
            while ((message = await page.ReceiveAsync()) is LlmDeltaMessage more)
                Assert.Equal((id, expected++), (more.Id, more.Part));
            var took = TimeProvider.System.GetElapsedTime(start);
            longest = took > longest ? took : longest;
            Assert.Equal(id, Assert.IsType<LlmAbortMessage>(message).Id);
            await writer.WaitForExitAsync(Token).InTime("the program to end");
        }

        return longest;
    }

    private static Process Start(Uri hub, string id) =>
        Process.Start(Environment.GetEnvironmentVariable("KOTODAMA_TEST_PYTHON") ?? "/usr/bin/python3", ["-c", Writer, hub.ToString(), id]);
}
