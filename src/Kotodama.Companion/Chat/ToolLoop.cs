using System.Runtime.CompilerServices;
using Kotodama.Companion.Chat.OpenAi;
using Kotodama.Protocol;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Chat;

/// <summary>
/// Runs the tools that a model calls, and asks it again with their results. Calls and results are part of the stream, so that its reader
/// can show what happens. A tool that fails or takes too long is told to the model, not thrown. Safe for threads; it does not own the inner
/// client.
/// </summary>
internal sealed partial class ToolLoop(IChatClient inner, TimeProvider time, ILogger logger) : IChatClient
{
    /// <summary>So often a model may call tools before it must answer.</summary>
    internal const int MostRounds = 8;

    /// <summary>Longer results are cut: they would fill the model's window.</summary>
    internal const int LongestResult = 16_000;

    /// <summary>How long a tool may take.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var tools = Tools(options);
        var conversation = messages.ToList();
        for (var round = 0; ; round++)
        {
            var said = new List<AIContent>();
            var updates = inner.GetStreamingResponseAsync(conversation, For(round, options), cancellationToken);
            await foreach (var update in updates.ConfigureAwait(false))
            {
                if (LateReasoning.IsMarked(update))
                    said.RemoveAll(c => c is TextContent);
                said.AddRange(update.Contents.Where(c => c is TextContent or FunctionCallContent));
                yield return update;
            }

            var calls = said.OfType<FunctionCallContent>().ToArray();
            if (calls.Length == 0 || tools.Count == 0 || round == MostRounds)
                yield break;
            var text = string.Concat(said.OfType<TextContent>().Select(t => t.Text));
            AIContent[] words = text.Length > 0 ? [new TextContent(text)] : [];
            conversation.Add(new ChatMessage(ChatRole.Assistant, [.. words, .. calls]));
            foreach (var call in calls)
            {
                var answer = await RunAsync(call, tools.GetValueOrDefault(call.Name), cancellationToken).ConfigureAwait(false);
                var result = new FunctionResultContent(call.CallId, answer);
                conversation.Add(new ChatMessage(ChatRole.Tool, [result]));
                yield return new ChatResponseUpdate(ChatRole.Tool, [result]);
            }
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : inner.GetService(serviceType, serviceKey);

    public void Dispose()
    {
    }

    private static Dictionary<string, AIFunction> Tools(ChatOptions? options) =>
        options?.Tools?.OfType<AIFunction>()
            .DistinctBy(t => t.Name, StringComparer.Ordinal)
            .ToDictionary(t => t.Name, StringComparer.Ordinal) ?? [];

    private static ChatOptions? For(int round, ChatOptions? options)
    {
        if (round == 0 || options is null)
            return options;
        var next = options.Clone();
        // A tool that must be called was called. After the last round the model has nothing left but words.
        next.ToolMode = null;
        if (round == MostRounds)
            next.Tools = null;
        return next;
    }

    private static string Cut(string text) => text.Length <= LongestResult ? text : text[..LongestResult] + " (cut)";

    private async Task<string> RunAsync(FunctionCallContent call, AIFunction? tool, CancellationToken cancellationToken)
    {
        if (tool is null)
            return "Error: there is no tool with this name.";
        if (call.Exception is not null)
            return "Error: the arguments are no JSON object.";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Not every tool listens to its token, and some work before they first wait.
            var arguments = new AIFunctionArguments(call.Arguments);
            var running = Task.Run(async () => await tool.InvokeAsync(arguments, stop.Token).ConfigureAwait(false), stop.Token);
            return Cut(ChatRequestBody.ResultText(await running.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false)));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(logger, tool.Name, e.GetType().Name);
            return e is TimeoutException
                ? $"Error: the tool took longer than {Patience.TotalSeconds} seconds."
                : Cut("Error: " + e.Message);
        }
        finally
        {
            // The caller that cancels may come here before the tool's own token has heard of it.
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    [LoggerMessage(402, LogLevel.Warning, "Tool {Tool} failed with {Exception}; the language model is told.")]
    private static partial void Failed(ILogger logger, PlainText tool, PlainText exception);
}
