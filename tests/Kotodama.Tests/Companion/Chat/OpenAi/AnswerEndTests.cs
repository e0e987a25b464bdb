using Kotodama.Tests.Simulation;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat.OpenAi;

/// <summary>How servers say that an answer has ended, and how they seem to.</summary>
public sealed class AnswerEndTests
{
    private const string Cost = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n";

    [Theory]
    [InlineData("stop at every piece", "One. ^stop|Two. ^stop|Three.^stop|.")]
    [InlineData("stop at every piece, and an empty one with it first", "^stop|One. ^stop|Two. ^stop|Three.^stop|.")]
    [InlineData("an empty first piece with stop", "^stop|One. Two. |Three.|^stop|.")]
    [InlineData("an empty piece with stop in the middle", "One. ^stop|Two. ^stop|^stop|Three.^stop|.")]
    [InlineData("the end beside the last words", "One. |Two. |Three.^stop|.")]
    [InlineData("the cost before the end", "One. |Two. |Three.|$|.")]
    public async Task A_pause_after_a_reason_that_is_none_loses_nothing(string how, string script)
    {
        using var next = new SemaphoreSlim(0);
        await using var rig = await ChatRig.StartAsync(
            async (c, _) =>
            {
                foreach (var piece in script.Split('|'))
                {
                    await ChatRig.SendAsync(c, piece is "." ? "data: [DONE]\n\n" : Event(piece));
                    await next.WaitAsync(c.RequestAborted);
                }
            },
            ChatRig.AskedAsUsual);
        await using var updates = rig.Client.GetStreamingResponseAsync([], cancellationToken: TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var all = new List<ChatResponseUpdate>();
        while (true)
        {
            var more = updates.MoveNextAsync().AsTask();
            // Longer than the wait after a sure end.
            if (all.Count > 0)
                rig.Time.Advance(TimeSpan.FromSeconds(4));
            await Limits.UntilAsync(
                () =>
                {
                    if (more.IsCompleted)
                        return true;
                    next.Release();
                    return false;
                },
                "the next piece");
            if (!await more)
                break;
            all.Add(updates.Current);
        }

        Assert.Equal((how, "One. Two. Three."), (how, string.Concat(all.Select(u => u.Text))));
        Assert.Equal(ChatFinishReason.Stop, all[^1].FinishReason);
    }

    [Theory]
    [InlineData("a reason alone", "Hello|^stop", 1)]
    [InlineData("the cost alone", "Hello|$", 1)]
    [InlineData("both", "Hello|^stop|$", 1)]
    [InlineData("a reason beside words, after reasons that were none", "Hel^stop|lo^stop|^stop", 5)]
    [InlineData("a reason beside the last words", "Hel|lo^stop", 20)]
    public async Task Silence_after_the_end_is_the_end(string how, string script, int seconds)
    {
        var sent = new TaskCompletionSource();
        await using var rig = await ChatRig.StartAsync(
            async (c, _) =>
            {
                await ChatRig.SendAsync(c, string.Concat(script.Split('|').Select(Event)));
                sent.SetResult();
                await FakeSpeechServer.HangAsync(c);
            },
            ChatRig.AskedAsUsual);
        var asking = rig.AskAsync();
        await sent.Task.InTime("the answer");
        var begin = rig.Time.GetUtcNow();
        await rig.MoveUntilAsync(asking, TimeSpan.FromMilliseconds(250));
        var told = ChatRig.Told(await asking).Replace("#1/2", "", StringComparison.Ordinal);
        Assert.Equal((how, "Hello [stop]"), (how, told));
        Assert.InRange((rig.Time.GetUtcNow() - begin).TotalSeconds, seconds - 0.1, double.MaxValue);
    }

    [Theory]
    [InlineData("reasons", "Hello^stop", "stop")]
    [InlineData("[DONE] alone", "Hello|.", "stop")]
    [InlineData("the cost alone", "Hello|$", "stop")]
    [InlineData("nothing", "Hello", "truncated")]
    [InlineData("a reason that was none", "Hel^stop|lo", "truncated")]
    [InlineData("the limit", "Hello|^length|.", "length")]
    [InlineData("the limit of Mistral", "Hello|^model_length|.", "length")]
    [InlineData("the limit of Gemini", "Hello|^MAX_TOKENS|.", "length")]
    [InlineData("a filter", "Hello|^SAFETY|.", "content_filter")]
    [InlineData("another word for the end", "Hello|^end_turn|.", "stop")]
    public async Task A_whole_answer_is_told_from_one_that_is_not(string how, string script, string reason)
    {
        await using var rig = await ChatRig.StartAsync(string.Concat(script.Split('|').Select(p => p == "." ? "data: [DONE]\n\n" : Event(p))));
        var all = await rig.AskAsync();
        Assert.Equal((how, "Hello", reason), (how, string.Concat(all.Select(u => u.Text)), all[^1].FinishReason?.Value));
    }

    /// <summary>An event of a script: a text, and a reason behind the circumflex; or the cost.</summary>
    private static string Event(string piece)
    {
        if (piece == "$")
            return Cost;
        var parts = piece.Split('^');
        var reason = parts.Length > 1 ? $",\"finish_reason\":\"{parts[1]}\"" : "";
        var text = parts[0].Length > 0 ? $"\"content\":\"{parts[0]}\"" : "\"role\":\"assistant\"";
        return "data: {\"choices\":[{\"index\":0,\"delta\":{" + text + "}" + reason + "}]}\n\n";
    }
}
