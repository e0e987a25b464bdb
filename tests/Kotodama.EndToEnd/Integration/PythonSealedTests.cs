using Kotodama.Protocol;
using static Kotodama.EndToEnd.Integration.PythonProgram;

namespace Kotodama.EndToEnd.Integration;

/// <summary>Encryption in the Python module of the samples, with the vectors that C# and the page test as well.</summary>
public sealed class PythonSealedTests
{
    private const string Head = """
        import asyncio, json, sys
        sys.path.insert(0, sys.argv[2])
        import kotodama

        """;

    private static string Module => Repository.PathOf("samples", "python");

    [Fact]
    public async Task It_opens_and_refuses_what_the_other_languages_do()
    {
        const string Script = """
            vectors = json.load(open(sys.argv[3], encoding="utf-8"))
            for vector in vectors["vectors"]:
                key, message, inner = kotodama.MessageKey(vector["key"]), vector["message"], json.loads(vector["plaintext"])
                assert key.id == message["kid"], vector["name"]
                assert key.open(message) == {**inner, "id": inner.get("id", message["id"]), "channel": message["channel"]}, vector["name"]
            for vector in vectors["refused"]:
                assert kotodama.MessageKey(vector["key"]).open(vector["message"]) is None, vector["name"]
            for text in ["", "secret", vectors["vectors"][0]["key"] + "="]:
                try:
                    kotodama.MessageKey(text)
                    raise AssertionError(text)
                except ValueError as error:
                    assert "43 characters" in str(error) and (not text or text not in str(error)), error
            print(len(vectors["vectors"]), len(vectors["refused"]))
            """;
        await using var hub = await TestHub.StartAsync();
        using var program = Start(Head + Script, hub.Socket, Module, Repository.PathOf("docs", "protocol", "encryption.json"));
        Assert.Matches("^[1-9][0-9]* [1-9][0-9]*$", await LineAsync(program));
        await DoneAsync(program);
    }

    [Fact]
    public async Task What_it_sends_opens_here_and_what_the_hub_acts_on_stays_open()
    {
        const string Script = """
            async def main():
                client = kotodama.WsClient(sys.argv[1] + "?channel=left", key=sys.argv[3])
                print(await client.send_llm_response("你好", emotion="joy"), flush=True)
                print(await client.send({"type": "llm_delta", "id": "r", "part": 0, "content": "Hel"}, wait="taken"), flush=True)
                print(await client.send({"type": "stop"}, wait="taken"), flush=True)
            asyncio.run(main())
            """;
        var key = MessageKey.Create();
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync("left");
        using var program = Start(Head + Script, hub.Socket, Module, key.Reveal());
        foreach (var _ in Enumerable.Range(0, 3))
            Assert.Equal("True", await LineAsync(program));
        await DoneAsync(program);
        Assert.True(key.TryOpen(await page.ReceiveAsync<EncMessage>(), out var reply));
        Assert.Equal(("你好", "joy", 1L), (((LlmResponseMessage)reply).Content, ((LlmResponseMessage)reply).Emotion, reply.Seq));
        Assert.True(key.TryOpen(await page.ReceiveAsync<EncMessage>(), out var piece));
        Assert.Equal(("r", "Hel"), (piece.Id, ((LlmDeltaMessage)piece).Content));
        await page.ReceiveAsync<StopMessage>();
    }
}
