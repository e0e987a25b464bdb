using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Companion.Engines.FunAsr;
using Kotodama.Companion.Hearing;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Companion.Engines;

/// <summary>Wire-compatible with the documentation of FunASR and its two servers; not run against them.</summary>
public sealed class FunAsrRecognizerTests : RecognizerServerSuite
{
    private static readonly byte[] Samples = SpeechSounds.Samples(4_000);

    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<string> _texts = new();
    private readonly ConcurrentQueue<byte[]> _sound = new();

    [Fact]
    public async Task It_asks_as_documented_and_sends_pieces_of_60_ms()
    {
        await using var rig = await StartAsync(Answer.Whole);
        await rig.HearAsync(Samples, new RecognitionRequest("zh-CN", ["阿里巴巴"]));
        var texts = _texts.Select(t => JsonNode.Parse(t)!).ToArray();
        Assert.Equal(("2pass", 16_000, true, "zh"), ((string?)texts[0]["mode"], (int)texts[0]["audio_fs"]!, (bool)texts[0]["is_speaking"]!, (string?)texts[0]["svs_lang"]));
        Assert.Equal(20, (int)JsonNode.Parse((string)texts[0]["hotwords"]!)!["阿里巴巴"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"is_speaking":false}"""), texts[1]));
        Assert.All(_sound, piece => Assert.Equal(1_920, piece.Length));
        Assert.Equal(Samples, _sound.SelectMany(piece => piece).Take(Samples.Length));
    }

    [Fact]
    public async Task Guesses_grow_and_better_texts_replace_them()
    {
        await using var rig = await TalkAsync(
            ["""{"mode":"2pass-online","text":"你","is_final":false}""", """{"mode":"2pass-online","text":"好马","is_final":false,"timestamp":"[[100,200]]"}""", """{"mode":"2pass-offline","text":"你好吗？","is_final":false,"timestamp":"[[100,200],[200,500]]","stamp_sents":[{"text_seg":"你"}]}"""],
            ["""{"mode":"2pass-online","text":"very good","is_final":true}""", """{"mode":"2pass-offline","text":"Very good.","is_final":true}"""]);
        Assert.Equal(["你", "你好马", "你好吗？", "你好吗？very good", "你好吗？Very good.", "你好吗？Very good."], (await rig.HearAsync(Samples)).Select(r => r.Text));
    }

    [Fact]
    public async Task How_it_was_said_and_in_which_language_is_told()
    {
        await using var rig = await TalkAsync([], ["""{"mode":"2pass-offline","text":"<|zh|><|HAPPY|><|Speech|><|withitn|>太好了！","is_final":true}"""]);
        Assert.Equal(new RecognitionResult("太好了！", true, "zh", "joy"), (await rig.HearAsync(Samples))[^1]);
    }

    [Fact]
    public async Task The_Python_server_says_final_while_one_speaks_and_is_waited_for_a_moment()
    {
        await using var rig = await TalkAsync(
            ["""{"mode":"2pass-online","text":"good","is_final":true}""", """{"mode":"2pass-offline","text":"Good","is_final":true}""", """{"mode":"2pass-online","text":"mourning","is_final":true}"""],
            ["""{"mode":"2pass-offline","text":"morning.","is_final":false}"""]);
        await using var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
        await recognition.WriteAsync(Samples, TestContext.Current.CancellationToken);
        var texts = new List<string>();
        Task waiting = Task.CompletedTask;
        await foreach (var result in recognition.ReadAsync(TestContext.Current.CancellationToken))
        {
            texts.Add(result.Text);
            if (result.Text == "Good mourning")
                await recognition.EndAsync(TestContext.Current.CancellationToken);
            if (result is { Text: "Good morning.", IsFinal: false })
                waiting = LetTimePassAsync(() => texts.Count == 5);
        }

        await waiting;
        Assert.Equal(["good", "Good", "Good mourning", "Good morning.", "Good morning."], texts);
    }

    [Theory]
    [InlineData]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("""{"mode":7,"text":"a"}""")]
    [InlineData("""{"mode":"2pass-online","text":null}""")]
    public async Task A_server_that_understood_nothing_and_says_so_by_silence_is_believed_after_a_while(params string[] messages)
    {
        await using var rig = await TalkAsync(messages, []);
        var hearing = rig.HearAsync(Samples);
        await LetTimePassAsync(() => hearing.IsCompleted);
        Assert.Equal([new RecognitionResult("", true)], await hearing);
    }

    [Fact]
    public async Task A_server_that_closes_after_the_end_has_said_all()
    {
        await using var rig = await StartAsync(async (socket, _) =>
        {
            await HearAllAsync(socket);
            await SendAsync(socket, """{"mode":"2pass-offline","text":"Good","is_final":false}""");
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        Assert.Equal("Good", (await rig.HearAsync(Samples))[^1].Text);
    }

    [Theory]
    [InlineData(false, WebSocketCloseStatus.NormalClosure)]
    [InlineData(true, WebSocketCloseStatus.InternalServerError)]
    public async Task A_close_in_the_middle_or_with_an_error_is_a_failure(bool afterAll, WebSocketCloseStatus status)
    {
        await using var rig = await StartAsync(async (socket, _) =>
        {
            if (afterAll)
                await HearAllAsync(socket);
            await socket.CloseOutputAsync(status, null, CancellationToken.None);
        });
        await using var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
        await recognition.WriteAsync(Samples, TestContext.Current.CancellationToken);
        if (afterAll)
            await recognition.EndAsync(TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<RecognitionException>(() => Rig.ReadAsync(recognition).InTime("the failure"));
        Assert.True(e.MayTryAgain);
    }

    // It knows no keys.
    private protected override string Code(Answer answer) => answer == Answer.KeyRefused ? RecognitionException.Failed : base.Code(answer);

    private protected override Task<Rig> StartAsync(Answer answer) => StartAsync((socket, context) => AnswerAsync(socket, context, answer), answer);

    private async Task AnswerAsync(WebSocket socket, HttpContext context, Answer answer)
    {
        if (answer != Answer.Reset && !await HearAllAsync(socket))
            return;
        switch (answer)
        {
            case Answer.Hang:
                await FakeSpeechServer.HangAsync(context);
                break;
            case Answer.Reset:
                context.Abort();
                break;
            case Answer.ResetInText:
                await socket.SendAsync(Encoding.UTF8.GetBytes("{\"mode\":\"2pass-offline\",\"text\":\"" + Secret), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
                context.Abort();
                break;
            case Answer.NoUtf8:
                await socket.SendAsync(new byte[] { 0xFF, 0xC3, 0x28 }, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                break;
            case Answer.Rubbish:
                for (var i = 0; i < 20_000 && socket.State == WebSocketState.Open; i++)
                    await SendAsync(socket, "{\"text\":" + Secret);
                break;
            case Answer.Endless:
                while (!context.RequestAborted.IsCancellationRequested)
                    await socket.SendAsync(new byte[10_000], WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
                break;
            default:
                // In two frames, cut within a letter.
                var text = Encoding.UTF8.GetBytes("""{"mode":"2pass-offline","text":"你好。","is_final":true}""");
                await socket.SendAsync(text.AsMemory(0, 34), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
                await socket.SendAsync(text.AsMemory(34), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                await ReceiveAsync(socket);
                break;
        }
    }

    private static Task SendAsync(WebSocket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<(WebSocketMessageType Type, byte[] Bytes)> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return (received.MessageType, buffer[..received.Count]);
    }

    private Task<Rig> TalkAsync(string[] whileOneSpeaks, string[] afterwards) => StartAsync(async (socket, context) =>
    {
        _texts.Enqueue(Encoding.UTF8.GetString((await ReceiveAsync(socket)).Bytes));
        foreach (var message in whileOneSpeaks)
            await SendAsync(socket, message);
        await HearAllAsync(socket);
        foreach (var message in afterwards)
            await SendAsync(socket, message);
        await FakeSpeechServer.HangAsync(context);
    });

    /// <summary>Takes all until the end of the sound. False: the client has left before.</summary>
    private async Task<bool> HearAllAsync(WebSocket socket)
    {
        while (true)
        {
            var (type, bytes) = await ReceiveAsync(socket);
            if (type == WebSocketMessageType.Close)
                return false;
            if (type == WebSocketMessageType.Binary)
            {
                _sound.Enqueue(bytes);
                continue;
            }

            var text = Encoding.UTF8.GetString(bytes);
            _texts.Enqueue(text);
            if (text.Contains("\"is_speaking\":false", StringComparison.Ordinal))
                return true;
        }
    }

    /// <summary>Moves the clock whenever the engine waits, until a condition holds.</summary>
    private Task LetTimePassAsync(Func<bool> holds) => Limits.UntilAsync(
        () =>
        {
            if (_time.Timers > 0)
                _time.Advance(TimeSpan.FromMilliseconds(100));
            return holds();
        },
        "the end of the wait");

    private async Task<Rig> StartAsync(Func<WebSocket, HttpContext, Task> talk, Answer answer = Answer.Whole)
    {
        var server = await FakeSpeechServer.StartAsync(async (context, _) =>
        {
            if (await RefuseAsync(context, answer))
                return;
            if (answer == Answer.Page)
            {
                await context.Response.WriteAsync($"<!DOCTYPE html><title>{Secret}</title>");
                return;
            }

            try
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync("binary");
                await talk(socket, context);
            }
            catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
            {
                // The client has left.
            }
        });
        var options = new FunAsrOptions { Address = new UriBuilder(server.Url) { Scheme = "ws" }.Uri };
        return new Rig(new FunAsrRecognizer(options, _time), Samples, "你好。", server);
    }
}
