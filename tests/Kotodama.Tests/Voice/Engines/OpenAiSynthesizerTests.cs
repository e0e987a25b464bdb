using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Engines.OpenAi;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Voice.Engines;

/// <summary>Wire-compatible with the documentation of OpenAI, Kokoro-FastAPI and speaches; not run against them.</summary>
public sealed class OpenAiSynthesizerTests : SpeechServerSuite
{
    private static readonly byte[] Samples = SpeechSounds.Samples(4_000);

    [Fact]
    public async Task It_asks_as_documented()
    {
        var options = new OpenAiSpeechOptions { Model = "kokoro", Voice = "af_heart", Instructions = "Softly." };
        options.Voices["ja"] = "jf_alpha";
        await using var rig = await StartAsync(c => PlayAsync(c, "", Play.Whole, Samples), options);
        await ReadAsync(rig.Synthesizer, new SpeechRequest("你好", "zh", null, 1.25));
        await ReadAsync(rig.Synthesizer, new SpeechRequest("こんにちは", "ja-JP"));
        await ReadAsync(rig.Synthesizer, new SpeechRequest("Hello", "ja", "nova"));
        var requests = rig.Server!.Requests.ToArray();
        Assert.All(requests, r => Assert.Equal("/v1/audio/speech", r.Target));
        Assert.All(requests, r => Assert.Equal("Bearer " + Key, r.Headers.Authorization.ToString()));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"model":"kokoro","input":"你好","voice":"af_heart","response_format":"pcm","speed":1.25,"instructions":"Softly."}"""), JsonNode.Parse(requests[0].Body)));
        Assert.Equal(["af_heart", "jf_alpha", "nova"], requests.Select(r => (string?)JsonNode.Parse(r.Body)!["voice"]));
    }

    [Fact]
    public async Task Sound_goes_out_as_it_comes()
    {
        var rest = new TaskCompletionSource();
        await using var rig = await StartAsync(async c =>
        {
            await c.Response.Body.WriteAsync(Samples.AsMemory(0, 1001));
            await c.Response.Body.FlushAsync();
            await rest.Task;
            await c.Response.Body.WriteAsync(Samples.AsMemory(1001));
        });
        await using var chunks = rig.Synthesizer.SynthesizeAsync(Request, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await chunks.MoveNextAsync().AsTask().InTime("the format"));
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 24_000), chunks.Current);
        var sound = new List<byte>();
        while (sound.Count < 1000)
        {
            Assert.True(await chunks.MoveNextAsync().AsTask().InTime("the first half"));
            sound.AddRange(((SpeechSoundChunk)chunks.Current).Data.Span);
        }

        rest.SetResult();
        while (await chunks.MoveNextAsync().AsTask().InTime("the second half"))
            sound.AddRange(((SpeechSoundChunk)chunks.Current).Data.Span);
        Assert.Equal(Samples, sound);
    }

    [Theory]
    [InlineData("mp3")]
    [InlineData("opus")]
    public async Task A_file_goes_to_the_page_as_it_is(string format)
    {
        byte[] file = [.. "ID3\u0004"u8, .. Samples];
        await using var rig = await StartAsync(c => PlayAsync(c, "", Play.Whole, file), new OpenAiSpeechOptions { Format = format });
        var chunks = await ReadAsync(rig.Synthesizer, Request);
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Encoded), chunks[0]);
        Assert.Equal(file, Sound(chunks));
    }

    [Theory]
    [InlineData("audio/L16;rate=16000;channels=1", null, null, 16_000)]
    [InlineData("audio/pcm; rate=\"16000\"", null, null, 16_000)]
    [InlineData("audio/x-raw, rate=(int)16000", null, null, 16_000)]
    [InlineData("application/octet-stream", "X-Sample-Rate", "16000", 16_000)]
    [InlineData("audio/mpeg", "X-Audio-Sample-Rate", "22050", 22_050)]
    [InlineData(null, "x-sample-rate", "44100", 44_100)]
    [InlineData("audio/pcm", "X-Sample-Rate", "1", 24_000)]
    [InlineData("audio/pcm", "X-RateLimit-Limit", "16000", 24_000)]
    public async Task A_rate_in_the_headers_is_believed(string? type, string? name, string? value, int rate)
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.ContentType = type;
            if (name is not null)
                c.Response.Headers[name] = value;
            return PlayAsync(c, "", Play.Whole, Samples);
        });
        var chunks = await ReadAsync(rig.Synthesizer, Request);
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, rate), chunks[0]);
        Assert.Equal(Samples, Sound(chunks));
    }

    [Theory]
    [InlineData("pcm")]
    [InlineData("wav")]
    [InlineData("mp3")]
    public async Task Stereo_samples_that_the_headers_name_are_mixed_whatever_was_asked_for(string format)
    {
        await using var rig = await StartAsync(
            c =>
            {
                c.Response.ContentType = "audio/L16;rate=48000;channels=2";
                return PlayAsync(c, "", Play.Whole, WavFile.Bytes([.. Enumerable.Range(0, 900).Select(i => (short)(i % 2 == 0 ? i : i + 199))]));
            },
            new OpenAiSpeechOptions { Format = format });
        var chunks = await ReadAsync(rig.Synthesizer, Request);
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 48_000), chunks[0]);
        Assert.Equal(WavFile.Bytes([.. Enumerable.Range(0, 450).Select(i => (short)((2 * i) + 100))]), Sound(chunks));
    }

    [Fact]
    public async Task Three_files_in_one_answer_take_as_long_as_three()
    {
        var file = SpeechSounds.Wav(24_000, SpeechSounds.Samples(12_000));
        await using var rig = await StartAsync(c => PlayAsync(c, "", Play.Whole, [.. file, .. file, .. file]));
        Assert.Equal(1.5, Sound(await ReadAsync(rig.Synthesizer, Request)).Length / 2 / 24_000.0);
    }

    [Theory]
    [InlineData("FORM\0\0\0\0AIFFCOMM", "AIFF came")]
    [InlineData(".snd\0\0\0\u0018\0\0\0\0", "AU came")]
    [InlineData("Voice not found, please choose another one.", "A text came instead of sound")]
    public async Task What_no_page_plays_is_named_and_the_next_engine_speaks(string beginning, string problem)
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.ContentType = "audio/pcm";
            return PlayAsync(c, "", Play.Whole, [.. Encoding.Latin1.GetBytes(beginning), .. beginning[^1] == '.' ? [] : Samples]);
        });
        var log = new TestLog();
        var patience = new SpeechPatience(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), "");
        await using var chain = new SpeechChain([new(rig.Synthesizer, patience), new(ScriptedSynthesizer.Speaking("spare"), patience)], TimeProvider.System, log);
        var chunks = await ReadAsync(chain, Request);
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), Assert.Single(chunks.OfType<SpeechFormatChunk>()));
        Assert.Contains(problem, Assert.Single(log.Lines).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "KOTODAMA_TTS_KEY")]
    [InlineData(404, "Kotodama:Voice:OpenAi:Model")]
    [InlineData(302, "Kotodama:Voice:OpenAi:Address")]
    [InlineData(400, "Kotodama:Voice:OpenAi:Voice")]
    public async Task A_refusal_says_what_to_check(int status, string setting)
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers.Location = "https://example.org/";
            return c.Response.WriteAsync("""{"error":{"message":"Incorrect key sk-sesame","code":"some_reason"}}""");
        });
        var e = await Assert.ThrowsAsync<EngineException>(() => ReadAsync(rig.Synthesizer, Request));
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
        Assert.Equal(status == 400, e.OnlyThisRequest);
        Assert.Equal(status is 401 or 404 or 400, e.Message.Contains("(some_reason)", StringComparison.Ordinal));
        Assert.Single(rig.Server!.Requests);
    }

    [Theory]
    [InlineData("""{"voices":["af_heart","zf_xiaobei"]}""")]
    [InlineData("""{"voices":[{"id":"af_heart"},{"id":"zf_xiaobei","name":"Xiaobei"}]}""")]
    [InlineData("""{"data":[{"voice_id":"af_heart"},{"name":"zf_xiaobei"},{},7,null]}""")]
    [InlineData("""["af_heart","zf_xiaobei",""]""")]
    public async Task It_lists_the_voices_of_the_server(string answer)
    {
        await using var rig = await StartAsync(c => c.Response.WriteAsync(answer));
        Assert.Equal(["af_heart", "zf_xiaobei"], (await rig.Synthesizer.ListVoicesAsync(CancellationToken.None)).Select(v => v.Name));
        Assert.Equal("/v1/audio/voices", rig.Server!.Requests.Single().Target);
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "7")]
    [InlineData(200, """{"voices":7}""")]
    public async Task A_server_that_lists_none_has_the_documented_ones(int status, string answer)
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.StatusCode = status;
            return c.Response.WriteAsync(answer);
        });
        Assert.Contains("nova", (await rig.Synthesizer.ListVoicesAsync(CancellationToken.None)).Select(v => v.Name));
    }

    [Fact]
    public async Task Headers_without_end_are_a_failure()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var line = Encoding.ASCII.GetBytes($"X-{new string('a', 500)}: b\r\n");
            try
            {
                await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
                for (var i = 0; i < 100_000; i++)
                    await client.GetStream().WriteAsync(line);
            }
            catch (IOException)
            {
                return true;
            }

            return false;
        });
        await using var synthesizer = new OpenAiSynthesizer(new OpenAiSpeechOptions { Address = new Uri($"http://{listener.LocalEndpoint}/v1") }, null, EngineServer.CreateClient(), TimeProvider.System);
        await Assert.ThrowsAsync<EngineException>(() => ReadAsync(synthesizer, Request).InTime("the failure"));
        Assert.True(await serving.InTime("the end of the connection"));
    }

    private protected override Task<Rig> StartAsync(Play play) => StartAsync(async c => await PlayAsync(c, Text, play, Samples));

    private static async Task<Rig> StartAsync(Func<HttpContext, Task> answer, OpenAiSpeechOptions? options = null)
    {
        var server = await FakeSpeechServer.StartAsync((context, _) => answer(context));
        options ??= new OpenAiSpeechOptions();
        options.Address = new Uri(server.Url, "v1/");
        return new Rig(new OpenAiSynthesizer(options, Key, EngineServer.CreateClient(), TimeProvider.System), server);
    }
}
