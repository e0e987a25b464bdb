using System.Net.WebSockets;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Edge;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Voice.Engines;

/// <summary>Compatible with what others found out about the service, which documents nothing; not run against it.</summary>
public sealed class EdgeSynthesizerTests : SpeechServerSuite
{
    private static readonly byte[] Mp3 = [0xFF, 0xF3, 0x64, 0xC4, .. SpeechSounds.Samples(500)];

    private readonly ManualTime _time = new();

    [Fact]
    public void The_token_is_the_one_of_the_known_vector() =>
        Assert.Equal("42301B335578FEFDAE2637DED1ABD614505D432559EC08032B82048483726AFF", EdgeToken.Of(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));

    [Fact]
    public async Task It_speaks_as_others_found_out()
    {
        var received = new List<string>();
        await using var rig = await StartAsync(async c =>
        {
            using var socket = await c.WebSockets.AcceptWebSocketAsync();
            received.Add(await ReceiveAsync(socket));
            received.Add(await ReceiveAsync(socket));
            await SpeakAsync(socket, Play.Whole, c);
        });
        var chunks = await ReadAsync(rig.Synthesizer, new SpeechRequest("Hello <you> & me", "en", null, 1.25));
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Encoded), chunks[0]);
        Assert.Equal(Mp3, Sound(chunks));
        var (target, headers, _) = rig.Server!.Requests.Single();
        Assert.Equal($"/edge/v1?TrustedClientToken={EdgeToken.Client}&ConnectionId={Guid.Empty:N}&Sec-MS-GEC={EdgeToken.Of(_time.GetUtcNow())}&Sec-MS-GEC-Version=1-143.0.3650.75", target);
        Assert.Equal("chrome-extension://jdiccldimpdaibmpdkjnbmckianbfold", headers.Origin.ToString());
        Assert.Equal($"muid={new string('0', 32)};", headers.Cookie.ToString());
        Assert.Contains("Edg/143", headers.UserAgent.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("X-Timestamp:Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)\r\nContent-Type:application/json; charset=utf-8\r\nPath:speech.config\r\n\r\n{", received[0], StringComparison.Ordinal);
        Assert.EndsWith("}\r\n", received[0], StringComparison.Ordinal);
        Assert.StartsWith($"X-RequestId:{Guid.Empty:N}\r\nContent-Type:application/ssml+xml\r\nX-Timestamp:Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)Z\r\nPath:ssml\r\n\r\n<speak ", received[1], StringComparison.Ordinal);
        Assert.Contains("<voice name='en-US-AriaNeural'><prosody pitch='+0Hz' rate='+25%' volume='+0%'>Hello &lt;you&gt; &amp; me</prosody>", received[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_are_found_in_the_text()
    {
        await using var rig = await StartAsync(Play.Whole);
        var words = (await ReadAsync(rig.Synthesizer, Request)).OfType<SpeechMarksChunk>().SelectMany(m => m.Words);
        Assert.Equal([new(TimeSpan.FromMilliseconds(100), 0, 3), new(TimeSpan.FromMilliseconds(300), 4, 5), new(TimeSpan.FromMilliseconds(600), 16, 3)], words);
    }

    [Fact]
    public async Task It_lists_the_voices_of_its_settings_and_others_for_the_languages_of_the_page()
    {
        var options = new EdgeOptions { Voices = { ["de"] = "de-DE-ConradNeural" } };
        await using var synthesizer = new EdgeSynthesizer(options, _time, () => Guid.Empty);
        var voices = await synthesizer.ListVoicesAsync(CancellationToken.None);
        Assert.Equal(voices.Count, voices.Select(v => v.Name).Distinct(StringComparer.Ordinal).Count());
        foreach (var (name, language) in new[] { ("de-DE-ConradNeural", "de"), ("zh-CN-XiaoxiaoNeural", "zh"), ("zh-CN-XiaoyiNeural", "zh-CN"), ("en-US-GuyNeural", "en-US"), ("ja-JP-KeitaNeural", "ja-JP") })
            Assert.Contains(voices, v => (v.Name, v.Language) == (name, language));
        Assert.Contains($"{voices.Count} voices", await synthesizer.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_may_ask_for_the_founding_voice()
    {
        var received = "";
        await using var rig = await StartAsync(async c =>
        {
            using var socket = await c.WebSockets.AcceptWebSocketAsync();
            await ReceiveAsync(socket);
            received = await ReceiveAsync(socket);
            await SpeakAsync(socket, Play.Whole, c);
        });
        await ReadAsync(rig.Synthesizer, new SpeechRequest("你好！", "zh", "zh-CN-XiaoyiNeural"));
        Assert.Contains("<voice name='zh-CN-XiaoyiNeural'>", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_corrected_once()
    {
        var date = new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);
        await using var rig = await StartAsync(async c =>
        {
            if (c.Request.Query["Sec-MS-GEC"] == EdgeToken.Of(date))
            {
                await AnswerAsync(c, Play.Whole);
                return;
            }

            c.Response.StatusCode = 403;
            c.Response.Headers.Date = date.ToString("R");
        });
        Assert.Equal(Mp3, Sound(await ReadAsync(rig.Synthesizer, Request)));
        Assert.Equal(2, rig.Server!.Requests.Count);
        await ReadAsync(rig.Synthesizer, Request);
        Assert.Equal(3, rig.Server.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_goes_on_refusing_is_not_asked_a_third_time()
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        var e = await Assert.ThrowsAsync<EngineException>(() => ReadAsync(rig.Synthesizer, Request));
        Assert.Contains("403", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, rig.Server!.Requests.Count);
    }

    [Fact]
    public async Task A_long_text_is_sent_in_several_requests_and_its_words_go_on()
    {
        await using var rig = await StartAsync(Play.Whole);
        var half = "The quick fox" + new string('.', 4000) + " ";
        var words = (await ReadAsync(rig.Synthesizer, new SpeechRequest(half + half, "en"))).OfType<SpeechMarksChunk>().SelectMany(m => m.Words).ToArray();
        Assert.Equal(2, rig.Server!.Requests.Count);
        Assert.Equal([0, 4, 10, half.Length, half.Length + 4, half.Length + 10], words.Select(w => w.Start));
        Assert.Equal(TimeSpan.FromMilliseconds(600 + 200 + 875 + 100), words[3].At);
    }

    [Theory]
    [InlineData("语", 3)]
    [InlineData("😀", 4)]
    [InlineData("&", 5)]
    [InlineData("ab c", 4)]
    public void Pieces_are_short_enough_and_cut_no_character(string unit, int bytes)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 3000));
        var pieces = EdgeFrames.Pieces(text).ToArray();
        Assert.Equal((int)Math.Ceiling(3000.0 * bytes / (4096 / bytes * bytes)), pieces.Length);
        Assert.All(pieces, p => Assert.InRange(Encoding.UTF8.GetByteCount(p), 1, EdgeFrames.TextLimit));
        Assert.Equal(text, System.Net.WebUtility.HtmlDecode(string.Concat(pieces)));
        Assert.All(pieces, p => Assert.DoesNotContain('\uFFFD', p));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"Metadata\":7}")]
    [InlineData("{\"Metadata\":[{\"Type\":\"WordBoundary\",\"Data\":{}}]}")]
    [InlineData("{\"Metadata\":[{\"Type\":\"WordBoundary\",\"Data\":{\"Offset\":\"x\",\"Duration\":1e99,\"text\":{\"Text\":\"a\"}}}]}")]
    public void Strange_words_are_left_out(string body) => Assert.Empty(EdgeFrames.ReadWords(body));

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 1 })]
    [InlineData(new byte[] { 0, 1, (byte)'P', 9, 9 })]
    public void Strange_sound_is_a_failure(byte[] message) => Assert.Throws<EngineException>(() => EdgeFrames.ReadSound(message));

    [Fact]
    public async Task It_speaks_only_languages_that_it_has_a_voice_for()
    {
        await using var rig = await StartAsync(Play.Whole);
        Assert.True(rig.Synthesizer.CanSpeak(new SpeechRequest("a", "zh-TW")));
        Assert.False(rig.Synthesizer.CanSpeak(new SpeechRequest("a", "tlh")));
        Assert.True(rig.Synthesizer.CanSpeak(new SpeechRequest("a", "tlh", "en-US-AriaNeural")));
    }

    private protected override bool AnswersOverHttp => false;

    private protected override Task<Rig> StartAsync(Play play) => StartAsync(c => AnswerAsync(c, play));

    private static async Task AnswerAsync(HttpContext context, Play play)
    {
        if (play is not (Play.Whole or Play.HangInSound or Play.BreakInSound or Play.Empty))
        {
            await PlayAsync(context, Text, play, Mp3);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await ReceiveAsync(socket);
        await ReceiveAsync(socket);
        await SpeakAsync(socket, play, context);
    }

    private static async Task SpeakAsync(WebSocket socket, Play play, HttpContext context)
    {
        await SendAsync(socket, "X-RequestId:1\r\nPath:turn.start\r\n\r\n{}");
        if (play != Play.Empty)
        {
            await SendAsync(socket, "Path:audio.metadata\r\n\r\n" + """{"Metadata":[{"Type":"WordBoundary","Data":{"Offset":1000000,"Duration":2000000,"text":{"Text":"The","Length":3}}},{"Type":"SessionEnd","Data":{}}]}""");
            await SendAsync(socket, Sounding("Path:audio\r\nContent-Type:audio/mpeg\r\n", Mp3.AsSpan(0, 300)));
        }

        if (play == Play.HangInSound)
            await FakeSpeechServer.HangAsync(context);
        if (play == Play.BreakInSound)
        {
            context.Abort();
            return;
        }

        if (play == Play.Whole)
        {
            await SendAsync(socket, "Path:audio.metadata\r\n\r\n" + """{"Metadata":[{"Type":"WordBoundary","Data":{"Offset":3000000,"Duration":2000000,"text":{"Text":"quick"}}},{"Type":"WordBoundary","Data":{"Offset":4000000,"Duration":2000000,"text":{"Text":"unheard-of"}}},{"Type":"WordBoundary","Data":{"Offset":6000000,"Duration":2000000,"text":{"Text":"fox"}}}]}""");
            await SendAsync(socket, Sounding("Content-Type:audio/mpeg\r\nPath:audio\r\n", Mp3.AsSpan(300)));
            await SendAsync(socket, Sounding("Path:audio\r\n", []));
        }

        await SendAsync(socket, "Path:turn.end\r\n\r\n{}");
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static byte[] Sounding(string headers, ReadOnlySpan<byte> sound) =>
        [(byte)(headers.Length >> 8), (byte)headers.Length, .. Encoding.ASCII.GetBytes(headers), .. sound];

    private static Task SendAsync(WebSocket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    private static Task SendAsync(WebSocket socket, byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Assert.True(received.EndOfMessage);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private async Task<Rig> StartAsync(Func<HttpContext, Task> answer)
    {
        var server = await FakeSpeechServer.StartAsync((context, _) => answer(context));
        var options = new EdgeOptions { Address = new UriBuilder(server.Url) { Scheme = "ws", Path = "/edge/v1" }.Uri };
        return new Rig(new EdgeSynthesizer(options, _time, () => Guid.Empty), server);
    }
}
