using Kotodama.Companion.Hearing;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Support;

/// <summary>What every recogniser promises.</summary>
public abstract class RecognizerSuite
{
    protected const string Secret = "the secret sentence";

    private protected static RecognitionRequest Request { get; } = new("en", ["Kotodama"]);

    private protected abstract Task<Rig> StartAsync();

    [Fact]
    public async Task Guesses_come_first_then_one_final_text_and_nothing_after_it()
    {
        await using var rig = await StartAsync();
        var results = await rig.HearAsync(rig.Sound);
        Assert.Equal([.. Enumerable.Repeat(false, results.Count - 1), true], results.Select(r => r.IsFinal));
        Assert.Equal(rig.Text, results[^1].Text);
    }

    [Fact]
    public async Task Pieces_may_end_in_the_middle_of_a_sample()
    {
        await using var rig = await StartAsync();
        await using var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
        foreach (var piece in rig.Sound.Chunk(1_001))
            await recognition.WriteAsync(piece, TestContext.Current.CancellationToken);
        await recognition.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(rig.Text, (await Rig.ReadAsync(recognition))[^1].Text);
    }

    [Fact]
    public async Task Several_utterances_may_be_heard_at_once()
    {
        await using var rig = await StartAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rig.HearAsync(rig.Sound)));
        Assert.All(all, results => Assert.Equal(rig.Text, results[^1].Text));
    }

    [Fact]
    public async Task An_utterance_without_sound_is_nothing()
    {
        await using var rig = await StartAsync();
        Assert.Equal("", Assert.Single(await rig.HearAsync([])).Text);
    }

    [Fact]
    public async Task What_is_canceled_already_is_not_begun()
    {
        await using var rig = await StartAsync();
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await rig.Recognizer.StartAsync(Request, canceled.Token));
    }

    [Fact]
    public async Task Disposing_the_recogniser_ends_what_is_heard()
    {
        await using var rig = await StartAsync();
        await using var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
        await recognition.WriteAsync(rig.Sound, TestContext.Current.CancellationToken);
        await rig.Recognizer.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rig.ReadAsync(recognition).InTime("the end of the recognition"));
    }

    [Fact]
    public async Task Leaving_an_utterance_in_its_middle_leaves_the_next_one_alone()
    {
        await using var rig = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await using var left = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
            await left.WriteAsync(rig.Sound.AsMemory(0, i * 2_000), TestContext.Current.CancellationToken);
        }

        Assert.Equal(rig.Text, (await rig.HearAsync(rig.Sound))[^1].Text);
    }

    private protected sealed record Rig(ISpeechRecognizer Recognizer, byte[] Sound, string Text, FakeSpeechServer? Server = null) : IAsyncDisposable
    {
        public static async Task<List<RecognitionResult>> ReadAsync(IRecognition recognition)
        {
            var results = new List<RecognitionResult>();
            await foreach (var result in recognition.ReadAsync(TestContext.Current.CancellationToken))
                results.Add(result);
            return results;
        }

        public async Task<List<RecognitionResult>> HearAsync(byte[] sound, RecognitionRequest? request = null)
        {
            await using var recognition = await Recognizer.StartAsync(request ?? Request, TestContext.Current.CancellationToken);
            await recognition.WriteAsync(sound, TestContext.Current.CancellationToken);
            await recognition.EndAsync(TestContext.Current.CancellationToken);
            return await ReadAsync(recognition).InTime("the text");
        }

        public Task<RecognitionException> FailAsync() => Assert.ThrowsAsync<RecognitionException>(() => HearAsync(Sound));

        public async ValueTask DisposeAsync()
        {
            await Recognizer.DisposeAsync();
            if (Server is not null)
                await Server.DisposeAsync();
        }
    }
}

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

/// <summary>What every recogniser promises that asks a server.</summary>
public abstract class RecognizerServerSuite : RecognizerSuite
{
    protected const string Key = "sk-sesame";

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

    private protected override Task<Rig> StartAsync() => StartAsync(Answer.Whole);

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
}
