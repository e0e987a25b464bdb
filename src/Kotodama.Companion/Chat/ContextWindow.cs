using Kotodama.Companion.Chat.OpenAi;
using Kotodama.Voice.Text;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat;

/// <summary>Something of a conversation.</summary>
/// <param name="Message">What was said by the person or by the model.</param>
/// <param name="Interrupted">Whether it is a reply that the person cut short; its text is what was heard.</param>
internal sealed record ContextEntry(ChatMessage Message, bool Interrupted = false);

/// <summary>
/// Makes the messages of a request so that they fit the model: the system prompt and the newest message always, and as many of the rounds
/// before it as there is room for, the newest first. Safe for threads.
/// </summary>
/// <param name="tokens">How many tokens the model can hold, its answer included.</param>
/// <param name="rounds">How many rounds before the newest message are told at most.</param>
/// <remarks>
/// Tokens are estimated, because every model counts in its own way: a Chinese, Japanese or Korean character is one, four other characters
/// are one, a picture is 1000, and each message costs 4 more. That is more than most models need, so the window is never too full by a
/// little.
/// </remarks>
internal sealed class ContextWindow(int tokens, int rounds)
{
    private const int OfMessage = 4, OfPicture = 1000, LongestAnswer = 1024;

    /// <summary>What the model is told after it was interrupted, in front of what the person said next.</summary>
    internal const string InterruptedHint = "(Your last reply was interrupted; only its beginning, as above, was heard.)";

    /// <summary>How many tokens a text has, about.</summary>
    public static int Estimate(string text)
    {
        int dense = 0, others = 0;
        foreach (var c in text)
            if (Script.IsDense(c) || c is (>= '\u3000' and <= '\u303F') or (>= '\uFF00' and <= '\uFFEF'))
                dense++;
            else
                others++;
        return dense + ((others + 3) / 4);
    }

    /// <summary>Makes the messages.</summary>
    /// <param name="system">The system prompt; null or empty: there is none.</param>
    /// <param name="history">The conversation, oldest first, with the newest message of the person at the end.</param>
    /// <param name="hint">
    /// One line that the model is told with the newest message only, for example what the person is doing; null: none.
    /// </param>
    public IReadOnlyList<ChatMessage> Build(string? system, IReadOnlyList<ContextEntry> history, string? hint = null)
    {
        var newest = Array.FindLastIndex([.. history], e => e.Message.Role == ChatRole.User);
        var before = newest < 0 ? [.. history] : history.Take(newest).ToArray();
        var last = newest < 0 ? [] : Newest([.. history.Skip(newest)], before.LastOrDefault()?.Interrupted == true, hint);
        var room = tokens - Math.Min(LongestAnswer, tokens / 4) - Cost(system ?? "") - last.Sum(Cost);
        var told = new List<ChatMessage>();
        var count = 0;
        foreach (var round in Rounds(before))
        {
            var cost = round.Sum(e => Cost(e.Message));
            if (count++ == rounds || cost > room)
                break;
            room -= cost;
            told.InsertRange(0, round.Select(e => e.Message));
        }

        return Alternating(system, [.. told, .. last]);
    }

    // The newest first; a round begins with what the person said. A greeting before that is a round of its own.
    private static IEnumerable<ContextEntry[]> Rounds(ContextEntry[] entries)
    {
        var end = entries.Length;
        for (var i = end - 1; i >= 0; i--)
            if (i == 0 || (entries[i].Message.Role == ChatRole.User && entries[i - 1].Message.Role != ChatRole.User))
            {
                yield return entries[i..end];
                end = i;
            }
    }

    private static List<ChatMessage> Newest(ContextEntry[] entries, bool interrupted, string? hint)
    {
        string?[] hints = [interrupted ? InterruptedHint : null, string.IsNullOrWhiteSpace(hint) ? null : hint];
        var lines = hints.OfType<string>().ToArray();
        var messages = entries.Select(e => e.Message).ToList();
        if (lines.Length > 0)
            messages[0] = new ChatMessage(ChatRole.User, [new TextContent(string.Join('\n', lines) + "\n"), .. messages[0].Contents]);
        return messages;
    }

    // The templates of many models refuse what does not alternate, or begins with the model. So a greeting is told in the system prompt.
    private static List<ChatMessage> Alternating(string? system, IReadOnlyList<ChatMessage> messages)
    {
        var greeting = string.Concat(messages.TakeWhile(m => m.Role == ChatRole.Assistant).Select(m => m.Text + "\n"));
        if (greeting.Length > 0)
            system = $"{system}\n\nYou have begun the conversation with these words:\n{greeting}".TrimStart();
        var result = new List<ChatMessage>();
        if (!string.IsNullOrEmpty(system))
            result.Add(new ChatMessage(ChatRole.System, system));
        foreach (var message in messages.SkipWhile(m => m.Role == ChatRole.Assistant))
            if (result.Count > 0 && result[^1].Role == message.Role && message.Role != ChatRole.Tool && !Calls(result[^1]))
                result[^1] = new ChatMessage(message.Role, [.. result[^1].Contents, new TextContent("\n"), .. message.Contents]);
            else
                result.Add(message);
        return result;
    }

    private static bool Calls(ChatMessage message) => message.Contents.Any(c => c is FunctionCallContent);

    private static int Estimate(KeyValuePair<string, object?> argument) =>
        Estimate(argument.Key) + Estimate(argument.Value?.ToString() ?? "");

    private static int Cost(string text) => text.Length == 0 ? 0 : Estimate(text) + OfMessage;

    private static int Cost(ChatMessage message) => OfMessage + message.Contents.Sum(c => c switch
    {
        TextContent text => Estimate(text.Text),
        DataContent or UriContent => OfPicture,
        FunctionCallContent call => Estimate(call.Name) + (call.Arguments?.Sum(Estimate) ?? 0),
        FunctionResultContent result => Estimate(ChatRequestBody.ResultText(result.Result)),
        _ => 0,
    });
}
