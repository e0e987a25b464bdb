using System.Net;
using Kotodama.Protocol;
using Kotodama.Voice.Audio;

namespace Kotodama.Tests.Server;

/// <summary>What a publisher may post to <c>/api/speak</c> in place of a file.</summary>
public sealed class PostedSoundTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("audio/L16;rate=16000;channels=2", null, 16_000, 2)]
    [InlineData("audio/pcm; rate=\"24000\"", null, 24_000, 1)]
    [InlineData("application/octet-stream", "22050", 22_050, 1)]
    public async Task Samples_can_be_posted_with_their_rate(string type, string? header, int rate, int channels)
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        var samples = SpeechSounds.Samples(4_000);
        using var body = new ByteArrayContent(samples);
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        if (header is not null)
            body.Headers.TryAddWithoutValidation("X-Sample-Rate", header);
        var answer = await hub.Http().PostAsync(new Uri("api/speak?content=Listen.", UriKind.Relative), body, Token);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var file = await HubSpeechTests.SoundAsync(voice, Assert.IsType<LlmResponseMessage>(await voice.HearAsync()));
        Assert.Equal((rate, channels), (BitConverter.ToInt32(file, 24), BitConverter.ToInt16(file, 22)));
        Assert.Equal(samples, file[44..]);
        var wav = new WavReader();
        Assert.Equal(samples.Length / channels, wav.Read(file).Length + wav.End().Length);
    }

    [Fact]
    public async Task The_high_byte_of_posted_samples_may_come_first()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        var samples = SpeechSounds.Samples(40);
        using var body = new ByteArrayContent([.. samples.Chunk(2).SelectMany(s => s.Reverse())]);
        body.Headers.TryAddWithoutValidation("Content-Type", "audio/L16;rate=16000");
        await hub.Http().PostAsync(new Uri("api/speak?content=Listen.", UriKind.Relative), body, Token);
        Assert.Equal(samples, (await HubSpeechTests.SoundAsync(voice, Assert.IsType<LlmResponseMessage>(await voice.HearAsync())))[44..]);
    }

    [Theory]
    [InlineData("audio/wav", "{\"error\":\"no such voice\"}", "text")]
    [InlineData("audio/mpeg", "Internal Server Error", "text")]
    [InlineData("application/octet-stream", "PK\u0003\u0004 a folder", "ZIP")]
    [InlineData("audio/pcm", "\0\u0001\0\u0002\0\u0003", "rate")]
    public async Task A_body_that_is_no_sound_is_refused(string type, string body, string name)
    {
        await using var hub = await TestHub.StartAsync();
        using var content = new StringContent(body);
        content.Headers.ContentType = new(type);
        var answer = await hub.Http().PostAsync(new Uri("api/speak?content=Listen.&id=s1", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains(name, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }
}
