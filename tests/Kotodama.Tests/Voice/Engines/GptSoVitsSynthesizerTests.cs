using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.GptSoVits;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Voice.Engines;

/// <summary>Wire-compatible with the documentation of <c>api_v2</c>; not run against GPT-SoVITS.</summary>
public sealed class GptSoVitsSynthesizerTests : SpeechServerSuite
{
    private static readonly byte[] Samples = SpeechSounds.Samples(4_000);

    [Fact]
    public async Task It_asks_as_documented_and_takes_the_rate_from_the_header()
    {
        await using var rig = await StartAsync(Play.Whole);
        var chunks = await ReadAsync(rig.Synthesizer, new SpeechRequest("你好。", "zh-CN", null, 1.5));
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 32_000), chunks[0]);
        Assert.Equal(Samples, Sound(chunks));
        var (target, _, body) = rig.Server!.Requests.Single();
        Assert.Equal("/tts", target);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"text":"你好。","text_lang":"zh","ref_audio_path":"/voices/a.wav","prompt_text":"テスト","prompt_lang":"ja","speed_factor":1.5,"streaming_mode":1,"media_type":"wav"}"""),
            JsonNode.Parse(body)));
    }

    [Theory]
    [InlineData("zh", "zh")]
    [InlineData("zh-Hant-HK", "yue")]
    [InlineData("yue", "yue")]
    [InlineData("en-GB", "en")]
    [InlineData("JA", "ja")]
    [InlineData("ko-KR", "ko")]
    [InlineData("und", "auto")]
    [InlineData("de", null)]
    public async Task It_speaks_the_languages_that_it_has_names_for(string language, string? name)
    {
        Assert.Equal(name, GptSoVitsSynthesizer.LanguageName(language));
        await using var rig = await StartAsync(Play.Whole);
        Assert.Equal(name is not null, rig.Synthesizer.CanSpeak(new SpeechRequest("a", language)));
    }

    [Fact]
    public async Task It_gets_one_clause_at_a_time()
    {
        var (most, now) = (0, 0);
        await using var rig = await StartAsync(async c =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            var file = SpeechSounds.Wav(32_000, Samples);
            await c.Response.Body.WriteAsync(file.AsMemory(0, 1000));
            await c.Response.Body.FlushAsync();
            Interlocked.Decrement(ref now);
            await c.Response.Body.WriteAsync(file.AsMemory(1000));
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync(rig.Synthesizer, Request)));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_refusal_says_what_to_check()
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.StatusCode = 400;
            return c.Response.WriteAsync($$"""{"message":"tts failed","Exception":"{{Text}}"}""");
        });
        var e = await Assert.ThrowsAsync<EngineException>(() => ReadAsync(rig.Synthesizer, Request));
        Assert.Contains("Kotodama:Voice:GptSoVits:Voices", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_voices_are_those_of_the_settings()
    {
        await using var rig = await StartAsync(Play.Whole);
        Assert.Equal(["default"], (await rig.Synthesizer.ListVoicesAsync(CancellationToken.None)).Select(v => v.Name));
        var e = await Assert.ThrowsAsync<EngineException>(() => ReadAsync(rig.Synthesizer, Request with { Voice = "unknown" }));
        Assert.True(e.OnlyThisRequest);
    }

    private protected override Task<Rig> StartAsync(Play play) => StartAsync(c => PlayAsync(c, Text, play, SpeechSounds.Wav(32_000, Samples, 0)));

    private static async Task<Rig> StartAsync(Func<HttpContext, Task> answer)
    {
        var server = await FakeSpeechServer.StartAsync((context, _) => answer(context));
        var options = new GptSoVitsOptions { Address = server.Url };
        options.Voices["default"] = new GptSoVitsVoice { Audio = "/voices/a.wav", Text = "テスト", Language = "ja" };
        return new Rig(new GptSoVitsSynthesizer(options, EngineServer.CreateClient(), TimeProvider.System), server);
    }
}
