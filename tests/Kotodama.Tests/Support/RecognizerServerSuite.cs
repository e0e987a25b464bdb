using Kotodama.Companion.Hearing;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Support;

/// <summary>What a server does with an utterance.</summary>
public enum Answer
{
    Whole,
    Hang,
    Reset,
    ResetInText,
    TooManyRequests,
    Unavailable,
    Broken,
    KeyRefused,
    Page,
    NoUtf8,
    Rubbish,
    Endless,
}

/// <summary>What every recognizer promises that asks a server.</summary>
public abstract class RecognizerServerSuite : RecognizerSuite
{
    protected const string Secret = SecretWatch.Sentence;
    protected const string Key = SecretWatch.Key;

    [Fact]
    public async Task Leaving_ends_the_request_at_the_server()
    {
        await using var rig = await StartAsync(Answer.Hang);
        await using (var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken))
        {
            await recognition.WriteAsync(rig.Sound, TestContext.Current.CancellationToken);
            await recognition.EndAsync(TestContext.Current.CancellationToken);
            await rig.Server!.Arrived.InTime("the request");
        }

        await rig.Server.Aborted.InTime("the end of the request");
    }

    [Theory]
    [InlineData(Answer.Reset)]
    [InlineData(Answer.ResetInText)]
    [InlineData(Answer.TooManyRequests)]
    [InlineData(Answer.Unavailable)]
    [InlineData(Answer.Broken)]
    [InlineData(Answer.KeyRefused)]
    [InlineData(Answer.Page)]
    [InlineData(Answer.NoUtf8)]
    [InlineData(Answer.Rubbish)]
    [InlineData(Answer.Endless)]
    public async Task What_fails_says_so_without_what_was_said_and_without_keys(Answer answer)
    {
        await using var rig = await StartAsync(answer);
        var e = await rig.FailAsync().InTime("the failure");
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Key, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("bug", e.Message, StringComparison.Ordinal);
        if (answer is Answer.Reset or Answer.ResetInText)
            Assert.True(e.MayTryAgain);
        else
            Assert.Equal(Code(answer), e.Code);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_with_what_to_check()
    {
        await using var rig = await StartAsync(Answer.Whole);
        await rig.Server!.DisposeAsync();
        var e = await rig.FailAsync();
        Assert.Equal(RecognitionException.Unreachable, e.Code);
        Assert.Contains(":Address", e.Message, StringComparison.Ordinal);
    }

    protected override async Task<RecognizerRig> StartAsync() => await StartAsync(Answer.Whole);

    private protected abstract Task<Rig> StartAsync(Answer answer);

    private protected virtual string Code(Answer answer) => answer switch
    {
        Answer.TooManyRequests or Answer.Unavailable => RecognitionException.Busy,
        Answer.KeyRefused => RecognitionException.KeyRefused,
        _ => RecognitionException.Failed,
    };

    /// <summary>Refuses over HTTP. False: that is not what was asked for.</summary>
    private protected static async Task<bool> RefuseAsync(HttpContext context, Answer answer)
    {
        context.Response.StatusCode = answer switch
        {
            Answer.TooManyRequests => 429,
            Answer.Unavailable => 503,
            Answer.Broken => 500,
            Answer.KeyRefused => 401,
            _ => 200,
        };
        if (context.Response.StatusCode == 200)
            return false;
        await context.Response.WriteAsJsonAsync(new { error = new { message = Secret + Key, code = "some_reason" } });
        return true;
    }

    private protected sealed record Rig(ISpeechRecognizer Recognizer, byte[] Sound, string Text, FakeSpeechServer? Server = null) : RecognizerRig(Recognizer, Sound, Text)
    {
        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (Server is not null)
                await Server.DisposeAsync();
        }
    }
}
