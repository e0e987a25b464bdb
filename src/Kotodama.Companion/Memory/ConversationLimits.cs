namespace Kotodama.Companion.Memory;

/// <summary>
/// How much a store of conversations takes. Beyond it there is an error; nothing that was said gives way to something else.
/// </summary>
public sealed record ConversationLimits
{
    /// <summary>Characters of a title.</summary>
    public const int Title = 48;

    /// <summary>Characters of what is shown of a hit.</summary>
    public const int Excerpt = 160;

    /// <summary>Characters of a text that is searched for.</summary>
    public const int Query = 100;

    /// <summary>Entries, conversations or hits that are given out at once.</summary>
    public const int Page = 1_000;

    /// <summary>Characters of one entry.</summary>
    public int Text { get; init; } = 65_536;

    /// <summary>Entries of one conversation.</summary>
    public int Entries { get; init; } = 20_000;

    /// <summary>Conversations of one channel.</summary>
    public int Conversations { get; init; } = 1_000;

    /// <summary>Bytes of all conversations of all channels on the disk.</summary>
    public long Bytes { get; init; } = 1024 * 1024 * 1024;
}
