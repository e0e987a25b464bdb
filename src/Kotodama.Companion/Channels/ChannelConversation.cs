using Kotodama.Companion.Characters;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <summary>What one channel said, in the store. Calls of one thread; the work is done in their order.</summary>
internal sealed partial class ChannelConversation(string channel, IConversationStore store, string character, ILogger logger)
{
    private string? _conversation;

    /// <summary>The character of a conversation that is begun.</summary>
    public string Character { get; set; } = character;

    /// <summary>Ends when everything so far has been written.</summary>
    public Task Written { get; private set; } = Task.CompletedTask;

    /// <summary>Adds what was said.</summary>
    public void Append(Said said) => Written = AfterAsync(Written, () => AppendAsync(said));

    /// <summary>Goes on with another conversation, the store's current one.</summary>
    public void Change() => Written = AfterAsync(Written, () =>
    {
        _conversation = null;
        return Task.CompletedTask;
    });

    /// <summary>The newest entries, with everything that was appended before the call, and nothing after.</summary>
    /// <param name="entries">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<ConversationEntry>> ReadAsync(int entries, CancellationToken cancellationToken)
    {
        var read = ReadAfterAsync(Written, entries);
        Written = read;
        return read.WaitAsync(cancellationToken);
    }

    private async Task AfterAsync(Task before, Func<Task> next)
    {
        await before.ConfigureAwait(false);
        try
        {
            await next().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any store may be plugged in, and a conversation outlives its failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Forget(e);
        }
    }

    private async Task<IReadOnlyList<ConversationEntry>> ReadAfterAsync(Task before, int entries)
    {
        await before.ConfigureAwait(false);
        try
        {
            var id = await IdAsync().ConfigureAwait(false);
            return await store.ReadAsync(channel, id, null, entries, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any store may be plugged in, and a conversation outlives its failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Forget(e);
            return [];
        }
    }

    private async Task AppendAsync(Said said)
    {
        try
        {
            await store.AppendAsync(channel, await IdAsync().ConfigureAwait(false), said, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ConversationException e)
        {
            Forget(e);
            if (e.Code is ConversationException.ConversationFull or AnswerCode.NotFound)
                await BeginAsync(said).ConfigureAwait(false);
        }
    }

    /// <summary>The conversation is full, or was deleted meanwhile: what is said now begins another.</summary>
    private async Task BeginAsync(Said said)
    {
        _conversation = (await store.CreateAsync(channel, Character, CancellationToken.None).ConfigureAwait(false)).Id;
        await store.AppendAsync(channel, _conversation, said, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The store's current conversation is asked for again. What others throw may hold anything, even what was said.</summary>
    private void Forget(Exception e)
    {
        var known = e as ConversationException;
        var reason = known?.Message ?? $"The store failed with {e.GetType().Name}, which no store should throw.";
        LogForgotten(logger, channel, known?.Code ?? AnswerCode.StorageFailed, reason);
        _conversation = null;
    }

    private async ValueTask<string> IdAsync() =>
        _conversation ??= (await store.OpenAsync(channel, Character, CancellationToken.None).ConfigureAwait(false)).Id;

    [LoggerMessage(302, LogLevel.Warning, "Words on the channel {Channel} were not stored ({Code}): {Reason}")]
    private static partial void LogForgotten(ILogger logger, PlainText channel, PlainText code, PlainText reason);
}
