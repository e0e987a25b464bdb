using Kotodama.Companion.Characters;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <summary>What one channel said, in the store. Calls of one thread; the work is done in their order.</summary>
internal sealed partial class ChannelConversation(string channel, IConversationStore store, string character, ILogger logger)
{
    private string? _conversation;
    private Unfinished? _unfinished;

    /// <summary>The character of a conversation that is begun.</summary>
    public string Character { get; set; } = character;

    /// <summary>Ends when everything so far has been written.</summary>
    public Task Written { get; private set; } = Task.CompletedTask;

    /// <summary>The entry of an answer of which more is to come; null: there is none. May be read from any thread.</summary>
    public (string Conversation, int Number)? InProgress =>
        Volatile.Read(ref _unfinished) is { } entry ? (entry.Conversation, entry.Number) : null;

    /// <summary>Does what the conversation wants remembered, after all that it wanted before.</summary>
    public void Store(ConversationCommand.OfMemory what) => Written = AfterAsync(Written, () => what switch
    {
        ConversationCommand.StoreUser(_, var text, var language) =>
            AppendAsync(new Said(ConversationRole.User, text) { Language = language }),
        ConversationCommand.StoreProgress(var exchange, var text) => WriteAsync(exchange, Answer(text, interrupted: true), isAll: false),
        ConversationCommand.StoreAssistant(var exchange, var text, var interrupted) =>
            WriteAsync(exchange, Answer(text, interrupted), isAll: true),
        ConversationCommand.ForgetProgress(var exchange) => TakeBackAsync(exchange),
        _ => Task.CompletedTask,
    });

    /// <summary>Goes on with another conversation, the store's current one.</summary>
    public void Change() => Written = AfterAsync(Written, () =>
    {
        _conversation = null;
        Volatile.Write(ref _unfinished, null);
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

    private static Said Answer(string text, bool interrupted) => new(ConversationRole.Assistant, text) { Interrupted = interrupted };

    /// <summary>Stores what the user has of an answer, in the place of what was stored of it before.</summary>
    private async Task WriteAsync(long exchange, Said said, bool isAll)
    {
        // Cleared first: should the store fail, the next words must not take the place of others.
        var entry = Interlocked.Exchange(ref _unfinished, null);
        if (entry?.Exchange != exchange)
        {
            var added = await AppendAsync(said).ConfigureAwait(false);
            if (!isAll && added is var (conversation, number))
                Volatile.Write(ref _unfinished, new Unfinished(exchange, conversation, number));
            return;
        }

        try
        {
            await store.ReviseAsync(channel, entry.Conversation, entry.Number, said, CancellationToken.None).ConfigureAwait(false);
            if (!isAll)
                Volatile.Write(ref _unfinished, entry);
        }
        catch (ConversationException e) when (isAll && e.Code == AnswerCode.NotFound)
        {
            // The conversation was deleted, or went on elsewhere.
            await AppendAsync(said).ConfigureAwait(false);
        }
    }

    private async Task TakeBackAsync(long exchange)
    {
        if (Interlocked.Exchange(ref _unfinished, null) is { } entry && entry.Exchange == exchange)
            await store.ReviseAsync(channel, entry.Conversation, entry.Number, null, CancellationToken.None).ConfigureAwait(false);
    }

    /// <returns>Where it was added; null when it was not.</returns>
    private async Task<(string Conversation, int Number)?> AppendAsync(Said said)
    {
        try
        {
            return await AppendToAsync(await IdAsync().ConfigureAwait(false), said).ConfigureAwait(false);
        }
        catch (ConversationException e)
        {
            Forget(e);
            if (e.Code is ConversationException.ConversationFull or AnswerCode.NotFound)
                return await BeginAsync(said).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>The conversation is full, or was deleted meanwhile: what is said now begins another.</summary>
    private async Task<(string Conversation, int Number)?> BeginAsync(Said said)
    {
        _conversation = (await store.CreateAsync(channel, Character, CancellationToken.None).ConfigureAwait(false)).Id;
        return await AppendToAsync(_conversation, said).ConfigureAwait(false);
    }

    private async Task<(string Conversation, int Number)?> AppendToAsync(string conversation, Said said)
    {
        var entry = await store.AppendAsync(channel, conversation, said, CancellationToken.None).ConfigureAwait(false);
        return (conversation, entry.Number);
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

    /// <summary>An entry of which more is to come.</summary>
    private sealed record Unfinished(long Exchange, string Conversation, int Number);

    [LoggerMessage(302, LogLevel.Warning, "Words on the channel {Channel} were not stored ({Code}): {Reason}")]
    private static partial void LogForgotten(ILogger logger, PlainText channel, PlainText code, PlainText reason);
}
