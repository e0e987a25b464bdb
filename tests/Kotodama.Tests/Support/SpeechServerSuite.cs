using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Support;

/// <summary>What every synthesizer promises that asks a server.</summary>
public abstract class SpeechServerSuite : SpeechSynthesizerSuite
{
    protected const string Key = SecretWatch.Key;

    [Theory]
    [InlineData(Play.HangBeforeAnswer)]
    [InlineData(Play.HangInSound)]
    public async Task Canceling_ends_the_request_at_the_server(Play play)
    {
        await using var rig = await StartAsync(play);
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync(rig.Synthesizer, Request, stop);
        await rig.Server!.Arrived.InTime("the request");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.InTime("the end of the synthesis"));
        await rig.Server.Aborted.InTime("the end of the request");
    }

    [Fact]
    public async Task Leaving_early_ends_the_request_at_the_server()
    {
        await using var rig = await StartAsync(Play.HangInSound);
        await foreach (var chunk in rig.Synthesizer.SynthesizeAsync(Request, CancellationToken.None))
            if (chunk is SpeechSoundChunk)
                break;
        await rig.Server!.Aborted.InTime("the end of the request");
    }

    [Theory]
    [InlineData(Play.HangBeforeAnswer)]
    [InlineData(Play.HangInSound)]
    public async Task Disposing_ends_what_is_spoken(Play play)
    {
        await using var rig = await StartAsync(play);
        var reading = ReadAsync(rig.Synthesizer, Request);
        await rig.Server!.Arrived.InTime("the request");
        await rig.Synthesizer.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.InTime("the end of the synthesis"));
        await rig.Server.Aborted.InTime("the end of the request");
    }

    [Theory]
    [InlineData(Play.BreakInSound)]
    [InlineData(Play.Empty)]
    [InlineData(Play.EchoError)]
    [InlineData(Play.Page)]
    [InlineData(Play.JsonWithStatus200)]
    [InlineData(Play.TooManyRequests)]
    [InlineData(Play.Unavailable)]
    public async Task What_fails_says_so_without_the_text_and_without_keys(Play play)
    {
        await using var rig = await StartAsync(play);
        var e = await Assert.ThrowsAsync<EngineException>(() => ReadAsync(rig.Synthesizer, Request).InTime("the failure"));
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Key, e.ToString(), StringComparison.Ordinal);
        if (play is Play.TooManyRequests or Play.Unavailable && AnswersOverHttp)
            Assert.Equal(TimeSpan.FromSeconds(7), e.RetryAfter);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_with_what_to_check()
    {
        await using var rig = await StartAsync(Play.Whole);
        await rig.Server!.DisposeAsync();
        var e = await Assert.ThrowsAsync<EngineException>(() => ReadAsync(rig.Synthesizer, Request).InTime("the failure"));
        Assert.Contains("cannot be reached", e.Message, StringComparison.Ordinal);
    }

    private protected virtual bool AnswersOverHttp => true;

    protected override async Task<SpeechRig> StartAsync() => await StartAsync(Play.Whole);

    private protected abstract Task<Rig> StartAsync(Play play);

    /// <summary>Plays over HTTP, whatever the path is.</summary>
    private protected static async Task PlayAsync(HttpContext context, string request, Play play, byte[] sound)
    {
        var response = context.Response;
        switch (play)
        {
            case Play.HangBeforeAnswer:
                await FakeSpeechServer.HangAsync(context);
                break;
            case Play.HangInSound:
            case Play.BreakInSound:
                await response.Body.WriteAsync(sound.AsMemory(0, sound.Length / 2));
                await response.Body.FlushAsync();
                if (play == Play.HangInSound)
                    await FakeSpeechServer.HangAsync(context);
                context.Abort();
                break;
            case Play.Empty:
                break;
            case Play.EchoError:
                response.StatusCode = 500;
                await response.WriteAsJsonAsync(new { error = new { message = request, type = "server_error", key = context.Request.Headers.Authorization.ToString() } });
                break;
            case Play.Page:
                response.ContentType = "audio/wav";
                await response.WriteAsync($"<!DOCTYPE html><title>{request}</title>");
                break;
            case Play.JsonWithStatus200:
                response.ContentType = "audio/pcm";
                await response.WriteAsync($$$"""{"error":{"message":"{{{Text}}}","code":"model_not_found"}}""");
                break;
            case Play.TooManyRequests:
            case Play.Unavailable:
                response.StatusCode = play == Play.Unavailable ? 503 : 429;
                response.Headers.RetryAfter = "7";
                break;
            default:
                await response.Body.WriteAsync(sound);
                break;
        }
    }

    private protected sealed record Rig(ISpeechSynthesizer Synthesizer, FakeSpeechServer? Server = null) : SpeechRig(Synthesizer)
    {
        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (Server is not null)
                await Server.DisposeAsync();
        }
    }
}
