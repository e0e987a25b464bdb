namespace Kotodama.Companion.Memory;

/// <summary>A store that may fail, and takes over later what was kept elsewhere meanwhile.</summary>
internal interface IConversationDisk : IConversationStore
{
    /// <summary>Takes a conversation and entries that were added to it, as often as asked; it becomes the current one.</summary>
    ValueTask AdoptAsync(Conversation conversation, IReadOnlyList<ConversationEntry> entries, CancellationToken cancellationToken);
}
