using System.Runtime.CompilerServices;
using Kotodama.Voice.Text;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat;

/// <summary>
/// Answers without any model, by rules, in English, Chinese and Japanese: so that everything can be tried at once. It says what it is and
/// never pretends to understand. Its answers come in words, as a model's do, with emotions as tags. Safe for threads.
/// </summary>
internal sealed class DemoCompanion(TimeProvider time) : IChatClient
{
    /// <summary>The name in <see cref="ChatResponseUpdate.ModelId"/>.</summary>
    public const string Model = "demo";

    // About as fast as a model on a good machine writes, faster than speech.
    private static readonly TimeSpan
        First = TimeSpan.FromMilliseconds(250), PerCharacter = TimeSpan.FromMilliseconds(15), Longest = TimeSpan.FromMilliseconds(120);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = DemoAnswer.To([.. messages], time.GetLocalNow());
        var wait = First;
        foreach (var word in Words(answer))
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            yield return new ChatResponseUpdate(ChatRole.Assistant, word) { ModelId = Model };
            wait = PerCharacter * word.Length;
            wait = wait < Longest ? wait : Longest;
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { ModelId = Model, FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>Cuts a text as models do: before blanks, and every two characters where there are none.</summary>
    internal static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var afterDense = Script.IsDense(text[i - 1]) && i - start >= 2;
            if ((text[i] == ' ' || afterDense) && !char.IsLowSurrogate(text[i]) && !IsClosing(text[i]))
            {
                yield return text[start..i];
                start = i;
            }
        }

        if (start < text.Length)
            yield return text[start..];
    }

    private static bool IsClosing(char c) => c is '。' or '、' or '，' or '！' or '？' or '」' or '”' or '：';
}
