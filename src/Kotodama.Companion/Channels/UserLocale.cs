using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>What is known of where the user is: the language and the time of day. Used by the companion's loop only.</summary>
/// <param name="time">The clock.</param>
internal sealed class UserLocale(TimeProvider time)
{
    private long? _offset;

    /// <summary>The language of the page that wrote, spoke or asked last, as a BCP 47 tag; null: unknown.</summary>
    public string? Language { get; private set; }

    /// <summary>The hour of the day where the page is that asked last; where none has said its offset, of this machine.</summary>
    public int Hour => (_offset is { } minutes ? time.GetUtcNow().AddMinutes(minutes) : time.GetLocalNow()).Hour;

    /// <summary>Takes what a message of a page tells.</summary>
    /// <returns>Whether the language is another one than before.</returns>
    public bool Note(Message message)
    {
        var (language, offset) = message switch
        {
            AskMessage ask => (ask.Lang, ask.Offset),
            UserTextMessage text => (text.Lang, null),
            MicMessage mic => (mic.Lang, null),
            _ => (null, default(long?)),
        };
        _offset = offset ?? _offset;
        if (language is null || language == Language)
            return false;
        Language = language;
        return true;
    }
}
