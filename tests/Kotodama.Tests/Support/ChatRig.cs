using System.Text;
using System.Text.Json;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Chat.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Support;

/// <summary>A chat client and a server of ours that answers as a test likes. It proves compatibility with what is written down, not with the real servers.</summary>
internal sealed class ChatRig : IAsyncDisposable
{
    public const string Key = SecretWatch.Key, Secret = SecretWatch.Words;

    private readonly HttpClient _http = LlmDiscovery.CreateClient(TimeSpan.FromSeconds(2), isLocal: true);

    private ChatRig(FakeSpeechServer server, ChatServer? how)
    {
        Server = server;
        Client = new OpenAiChatClient((how ?? Asked) with { Address = new Uri(server.Url, "v1") }, _http, Time, Log);
    }

    /// <summary>So patient that no test that moves the clock for something else runs out of it.</summary>
    public static ChatServer Asked { get; } = new(new Uri("http://127.0.0.1/v1"), "m", Key, new ChatPatience(TimeSpan.FromDays(1), TimeSpan.FromDays(1)));

    public static ChatServer AskedAsUsual { get; } = Asked with { Patience = new ChatPatience(new LlmOptions().FirstToken, new LlmOptions().Stall) };

    public FakeSpeechServer Server { get; }

    public OpenAiChatClient Client { get; }

    public ManualTime Time { get; } = new();

    public TestLog Log { get; } = new();

    public static async Task<ChatRig> StartAsync(Func<HttpContext, string, Task> answer, ChatServer? how = null) => new(await FakeSpeechServer.StartAsync(answer), how);

    public static Task<ChatRig> StartAsync(string answer) => StartAsync((c, _) => SendAsync(c, answer));

    /// <summary>Sends an answer, or a part of one.</summary>
    public static async Task SendAsync(HttpContext context, string answer)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer));
        await context.Response.Body.FlushAsync();
    }

    /// <summary>An event with a piece of text.</summary>
    public static string Text(string text) => Delta($"\"content\":{JsonSerializer.Serialize(text)}");

    /// <summary>An event with some fields of a delta.</summary>
    public static string Delta(string fields) => "data: {\"choices\":[{\"index\":0,\"delta\":{" + fields + "}}]}\n\n";

    /// <summary>The event that says that the answer is whole.</summary>
    public static string Finish(string reason = "stop") => "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}\n\n";

    /// <summary>What came, in a line: <c>text</c>, <c>{reasoning}</c>, <c>@call(arguments)</c>, <c>=result</c>, <c>#usage</c>, <c>←</c> where the text before was reasoning, and how it ended.</summary>
    public static string Told(IEnumerable<ChatResponseUpdate> updates)
    {
        var told = new StringBuilder();
        foreach (var update in updates)
        {
            if (LateReasoning.IsMarked(update))
                told.Append('←');
            foreach (var content in update.Contents)
                told.Append(content switch
                {
                    TextContent text => text.Text,
                    TextReasoningContent reasoning => $"{{{reasoning.Text}}}",
                    FunctionCallContent call => $"@{call.CallId}:{call.Name}({(call.Exception is null ? JsonSerializer.Serialize(call.Arguments) : "bad")})",
                    FunctionResultContent result => $"={result.CallId}:{result.Result}",
                    UsageContent usage => $"#{usage.Details.InputTokenCount}/{usage.Details.OutputTokenCount}",
                    _ => "?",
                });
            if (update.FinishReason is { } finish)
                told.Append(" [").Append(finish.Value).Append(']');
        }

        return told.ToString();
    }

    public async Task<List<ChatResponseUpdate>> AskAsync(ChatOptions? options = null, CancellationTokenSource? stop = null)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, Secret)], options, stop?.Token ?? TestContext.Current.CancellationToken))
            updates.Add(update);
        return updates;
    }

    public async Task<LlmException> FailAsync()
    {
        var e = await Assert.ThrowsAsync<LlmException>(() => AskAsync().InTime("the failure"));
        Assert.DoesNotContain(Secret, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Log.Lines, l => l.Text.Contains(Secret, StringComparison.Ordinal) || l.Text.Contains(Key, StringComparison.Ordinal));
        return e;
    }

    /// <summary>Moves the clock on again and again until a task ends: for waits that begin at a moment no test can see.</summary>
    public async Task MoveUntilAsync(Task task, TimeSpan step)
    {
        await Limits.UntilAsync(
            () =>
            {
                if (!task.IsCompleted)
                    Time.Advance(step);
                return task.IsCompleted;
            },
            "the end of what waits for the clock");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
