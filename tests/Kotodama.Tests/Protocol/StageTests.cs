using System.Collections.Concurrent;
using Kotodama.Protocol;

namespace Kotodama.Tests.Protocol;

/// <summary>Replies that are shown piece by piece, from sources that take their time.</summary>
public sealed class StageTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingStage _stage;
    private readonly TaskCompletionSource<string> _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StageTests() => _stage = new RecordingStage(_time);

    [Fact]
    public async Task A_source_that_is_silent_for_a_while_loses_no_reply()
    {
        var saying = _stage.SayAsync(Pieces("One moment. "), cancellationToken: TestContext.Current.CancellationToken);
        await SilentAsync(5);
        _rest.SetResult("Sunny.");
        await saying.InTime("the end of the reply");
        var pieces = _stage.Published.OfType<LlmDeltaMessage>().Select(p => (p.Part, p.Content));
        Assert.Equal([(0, "One moment. "), (1, ""), (2, ""), (3, ""), (4, ""), (5, ""), (6, "Sunny.")], pieces);
        Assert.Equal("One moment. Sunny.", Assert.IsType<LlmResponseMessage>(_stage.Published.Last()).Content);
    }

    [Fact]
    public async Task A_source_that_never_goes_on_is_not_kept_alive_for_ever()
    {
        var saying = _stage.SayAsync(Pieces("One moment. "), cancellationToken: TestContext.Current.CancellationToken);
        await SilentAsync(40);
        Assert.Equal(31, _stage.Published.Count);
        _rest.SetException(new InvalidDataException());
        await Assert.ThrowsAsync<InvalidDataException>(() => saying.InTime("the end of the reply"));
        Assert.Equal("One moment. ", Assert.IsType<LlmResponseMessage>(_stage.Published.Last()).Content);
    }

    [Fact]
    public async Task A_reply_that_has_not_begun_is_not_kept_alive()
    {
        var saying = _stage.SayAsync(Pieces(), cancellationToken: TestContext.Current.CancellationToken);
        await SilentAsync(3);
        _rest.SetResult("Sunny.");
        await saying.InTime("the end of the reply");
        Assert.Equal(["Sunny."], _stage.Published.OfType<LlmDeltaMessage>().Select(p => p.Content));
    }

    [Fact]
    public async Task A_hub_that_is_away_for_a_moment_ends_no_source()
    {
        var saying = _stage.SayAsync(Pieces("One moment. "), cancellationToken: TestContext.Current.CancellationToken);
        await SilentAsync(1);
        _stage.Fails = true;
        await SilentAsync(1);
        _stage.Fails = false;
        _rest.SetResult("Sunny.");
        Assert.NotNull(await saying.InTime("the end of the reply"));
    }

    /// <summary>Lets time pass in which no piece comes.</summary>
    private async Task SilentAsync(int waits)
    {
        for (var i = 0; i < waits; i++)
        {
            await Limits.UntilAsync(() => _time.Timers > 0, "the wait for the next piece");
            _time.Advance(TimeSpan.FromSeconds(4));
        }

        await Limits.UntilAsync(() => _time.Timers > 0, "the wait for the next piece");
    }

    private async IAsyncEnumerable<string> Pieces(params string[] first)
    {
        foreach (var piece in first)
            yield return piece;
        yield return await _rest.Task;
    }

    private sealed class RecordingStage(TimeProvider time) : Stage
    {
        public ConcurrentQueue<Publication> Published { get; } = new();

        public bool Fails { get; set; }

        protected override TimeProvider Time => time;

        public override Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken = default)
        {
            Published.Enqueue(message);
            return Fails
                ? Task.FromException<ReceiptMessage>(new KotodamaException(KotodamaException.NotConnected, "the hub is away", "Wait."))
                : Task.FromResult(new ReceiptMessage { Id = message.Id ?? "1", Channel = "default", Status = ReceiptStatus.Stored });
        }
    }
}
