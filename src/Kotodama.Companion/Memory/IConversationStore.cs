namespace Kotodama.Companion.Memory;

/// <summary>
/// Keeps conversations. Each belongs to a channel, and no call about one channel finds or changes what belongs to another. Any number of
/// callers at once; no call holds a thread of its caller while a disk works.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ConversationException"/>: <c>not_found</c> when the channel has no such conversation, also after another
/// program deleted it; the limits of <see cref="ConversationLimits"/>; and a disk that fails, unless <see cref="Failure"/> says that memory
/// does its work.
/// </remarks>
public interface IConversationStore : IAsyncDisposable
{
    /// <summary>
    /// Why what is said now is kept in memory only although there is a folder, as an error code; null: all is well. The conversation goes
    /// on.
    /// </summary>
    string? Failure { get; }

    /// <summary>
    /// The conversation of a channel that was opened, made or chosen last, so that a restart goes on there; null when it has none.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="character">With which character, by its id; null: with any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<Conversation?> CurrentAsync(string channel, string? character, CancellationToken cancellationToken);

    /// <summary>The channel's current conversation with a character; made when there is none.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="character">The character's id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<Conversation> OpenAsync(string channel, string character, CancellationToken cancellationToken);

    /// <summary>Makes a conversation and makes it the current one. One without entries is taken instead of a further one.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="character">The character's id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<Conversation> CreateAsync(string channel, string character, CancellationToken cancellationToken);

    /// <summary>Makes a conversation the current one, of the channel and of its character.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<Conversation> ChooseAsync(string channel, string id, CancellationToken cancellationToken);

    /// <summary>Finds a conversation without changing which is the current one.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<Conversation> FindAsync(string channel, string id, CancellationToken cancellationToken);

    /// <summary>Adds what was said. When the call ends it is on the disk, if there is one.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="said">What was said; an empty text is refused with <c>missing_field</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<ConversationEntry> AppendAsync(string channel, string id, Said said, CancellationToken cancellationToken);

    /// <summary>Changes the newest entry: more of it was heard. When the call ends that is on the disk, if there is one.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="number">
    /// The entry's number; when it is not the newest one any more, the call fails with <c>not_found</c>.
    /// </param>
    /// <param name="said">What it says now; null: it was not said, and goes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask ReviseAsync(string channel, string id, int number, Said? said, CancellationToken cancellationToken);

    /// <summary>Reads entries, oldest first.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="before">
    /// Only entries with lower numbers; null: up to the newest. Page backwards with the lowest number that came.
    /// </param>
    /// <param name="limit">How many at most, the newest of them; 1 to <see cref="ConversationLimits.Page"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IReadOnlyList<ConversationEntry>> ReadAsync(
        string channel,
        string id,
        int? before,
        int limit,
        CancellationToken cancellationToken);

    /// <summary>The conversations of a channel, those first in which something was said last.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="limit">How many at most; 1 to <see cref="ConversationLimits.Page"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IReadOnlyList<Conversation>> ListAsync(string channel, int limit, CancellationToken cancellationToken);

    /// <summary>Looks for a text as it stands, in any case and any script. Newest conversations and entries first.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="text">What to look for, at most <see cref="ConversationLimits.Query"/> characters; nothing finds nothing.</param>
    /// <param name="limit">How many at most; 1 to <see cref="ConversationLimits.Page"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<IReadOnlyList<ConversationHit>> SearchAsync(string channel, string text, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes a conversation for good. The one that was current before it is current again.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask DeleteAsync(string channel, string id, CancellationToken cancellationToken);
}
