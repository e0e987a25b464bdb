using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kotodama.Protocol;

namespace Kotodama.Companion.Memory;

/// <summary>What every store of conversations does alike.</summary>
internal static class ConversationRules
{
    private const int MostName = 64;

    /// <summary>Letters and digits that are not mistaken for each other.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    public static string NewId() => RandomNumberGenerator.GetString(Alphabet, 12);

    /// <summary>The time as it is kept, in whole milliseconds.</summary>
    public static DateTimeOffset Now(TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>What is kept: characters whole, names within their limits.</summary>
    /// <exception cref="ConversationException">There is no text, or too much of it.</exception>
    public static Said Check(Said said, ConversationLimits limits)
    {
        if (string.IsNullOrWhiteSpace(said.Text))
            throw new ConversationException(ErrorCode.MissingField, "an entry must have a text", "Send what was said.");
        if (said.Text.Length > limits.Text)
            throw new ConversationException(
                ErrorCode.TooLong,
                $"an entry must have at most {limits.Text} characters, has {said.Text.Length}",
                "Send it in parts.");
        return said with { Text = Whole(said.Text), Language = Name(said.Language), Emotion = Name(said.Emotion) };
    }

    public static int CheckLimit(int limit) => Math.Clamp(limit, 1, ConversationLimits.Page);

    /// <summary>What is searched for; null: nothing.</summary>
    public static string? CheckQuery(string text)
    {
        text = text.Trim();
        if (text.Length > ConversationLimits.Query)
            throw new ConversationException(
                ErrorCode.TooLong,
                $"a search must have at most {ConversationLimits.Query} characters, has {text.Length}",
                "Search for less.");
        return text.Length == 0 ? null : text;
    }

    public static void CheckChannel(string channel)
    {
        if (!ChannelName.IsValid(channel))
            throw new ConversationException(
                ErrorCode.BadValue,
                "a channel must be 1 to 64 characters of a-z 0-9 . _ -",
                "Send the channel's name.");
    }

    public static ConversationException NotFound() =>
        new(
            ErrorCode.NotFound,
            "the channel has no such conversation",
            "Ask for the conversations of the channel; it may have been deleted.");

    public static ConversationException Full(ConversationLimits limits) =>
        new(ConversationException.ConversationFull, $"a conversation has at most {limits.Entries} entries", "Begin a new conversation.");

    public static ConversationException TooMany(ConversationLimits limits) =>
        new(
            ConversationException.TooManyConversations,
            $"a channel has at most {limits.Conversations} conversations",
            "Export and delete some.");

    public static ConversationException TooMuch(ConversationLimits limits) =>
        new(
            ConversationException.TooManyConversations,
            $"the conversations of all channels have at most {limits.Bytes} bytes",
            "Export and delete some.");

    public static bool IsStorage(ConversationException e) => e.Code is ErrorCode.StorageFull or ErrorCode.StorageFailed;

    /// <summary>The beginning of a text on one line, cut at a word where there are words.</summary>
    public static string Title(string text)
    {
        var line = OneLine(text.AsSpan(0, Math.Min(text.Length, 8 * ConversationLimits.Title))).Trim();
        if (line.Length <= ConversationLimits.Title)
            return line.Length > 0 ? line : "…";
        var cut = Boundary(line, ConversationLimits.Title - 1);
        var space = line.LastIndexOf(' ', cut, cut / 2);
        return line[..(space > 0 && !char.IsWhiteSpace(line[cut]) ? space : cut)].TrimEnd(' ', ',', '，', '、', '.', '。') + "…";
    }

    /// <summary>Where a text has another one, in any case; below 0: nowhere.</summary>
    public static int Find(string text, string query) => text.IndexOf(query, StringComparison.OrdinalIgnoreCase);

    /// <summary>A conversation that begins now, with nothing in it.</summary>
    public static Conversation Begin(string channel, string character, DateTimeOffset now) => new()
    {
        Id = NewId(),
        Channel = channel,
        Character = character,
        StartedAt = now,
        LastAt = now,
        Messages = 0,
    };

    /// <summary>An entry that was found by a text of this length at this place.</summary>
    public static ConversationHit Hit(string conversation, ConversationEntry entry, int at, int length) =>
        new(conversation, entry.Number, entry.At, entry.Said.Role, Excerpt(entry.Said.Text, at, length));

    /// <summary>The words around a place.</summary>
    public static string Excerpt(string text, int at, int length)
    {
        var centred = at - ((ConversationLimits.Excerpt - length) / 2);
        var latest = text.Length - ConversationLimits.Excerpt;
        var from = Boundary(text, Math.Max(0, Math.Min(centred, latest)));
        var to = Boundary(text, Math.Min(text.Length, from + ConversationLimits.Excerpt));
        return (from > 0 ? "…" : "") + OneLine(text.AsSpan(from, to - from)) + (to < text.Length ? "…" : "");
    }

    private static string OneLine(ReadOnlySpan<char> text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            line.Append(char.IsWhiteSpace(c) || char.IsControl(c) ? ' ' : c);
        return line.ToString();
    }

    /// <summary>A place at or before another one where no character is cut in two.</summary>
    private static int Boundary(string text, int at)
    {
        while (at > 0 && at < text.Length && Continues(text[at]))
            at--;
        return at;
    }

    /// <summary>Whether it is the second half of a character, or a mark on the one before it.</summary>
    private static bool Continues(char c) =>
        char.IsLowSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static string? Name(string? name) => string.IsNullOrEmpty(name) ? null : Whole(name[..Math.Min(name.Length, MostName)]);

    /// <summary>Without half characters, which no file can hold.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
