using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Kotodama.Companion.Characters;
using Kotodama.Protocol;

namespace Kotodama.Companion.Memory;

/// <summary>A conversation as a file.</summary>
/// <param name="Name">A name for the file, safe everywhere.</param>
/// <param name="Text">What is in it.</param>
public sealed record ConversationExport(string Name, string Text)
{
    /// <summary>The formats.</summary>
    public const string Json = "json", Markdown = "markdown";

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Writes a whole conversation.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="format"><see cref="Json"/> or <see cref="Markdown"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ConversationException">There is no such conversation or format, or the disk fails.</exception>
    public static async ValueTask<ConversationExport> WriteAsync(
        IConversationStore store,
        string channel,
        string id,
        string format,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (format is not (Json or Markdown))
            throw new ConversationException(ErrorCode.BadValue, "the format must be json or markdown", "Send one of them.");
        var conversation = await store.FindAsync(channel, id, cancellationToken).ConfigureAwait(false);
        var pages = new Stack<IReadOnlyList<ConversationEntry>>();
        int? before = null;
        do
        {
            pages.Push(await store.ReadAsync(channel, id, before, ConversationLimits.Page, cancellationToken).ConfigureAwait(false));
            before = pages.Peek().Count > 0 ? pages.Peek()[0].Number : 1;
        }
        while (before > 1);
        var entries = pages.SelectMany(p => p);
        var day = conversation.StartedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var name = $"{day} {Safe(conversation.Title ?? conversation.Id)}";
        return format == Json
            ? new ConversationExport(name + ".json", ToJson(conversation, entries))
            : new ConversationExport(name + ".md", ToMarkdown(conversation, entries));
    }

    private static string ToJson(Conversation conversation, IEnumerable<ConversationEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", conversation.Id);
            json.WriteString("channel", conversation.Channel);
            json.WriteString("character", conversation.Character);
            json.WriteString("title", conversation.Title);
            json.WriteString("startedAt", conversation.StartedAt);
            json.WriteString("lastAt", conversation.LastAt);
            json.WriteStartArray("entries");
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                json.WriteNumber("number", entry.Number);
                json.WriteString("at", entry.At);
                json.WriteString("role", entry.Said.Role == ConversationRole.User ? "user" : "assistant");
                json.WriteString("text", entry.Said.Text);
                json.WriteBoolean("interrupted", entry.Said.Interrupted);
                if (entry.Said.Language is { } language)
                    json.WriteString("lang", language);
                if (entry.Said.Emotion is { } emotion)
                    json.WriteString("emotion", emotion);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static string ToMarkdown(Conversation conversation, IEnumerable<ConversationEntry> entries)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Escape(conversation.Title ?? conversation.Id)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Escape(conversation.Character)}, {conversation.StartedAt:yyyy-MM-dd HH:mm} UTC\n");
        foreach (var entry in entries)
        {
            var who = entry.Said.Role == ConversationRole.User ? "user" : Escape(conversation.Character);
            var interrupted = entry.Said.Interrupted ? ", interrupted" : "";
            text.Append(CultureInfo.InvariantCulture, $"\n**{who}**, {entry.At:HH:mm:ss}{interrupted}\n\n{Escape(entry.Said.Text)}\n");
        }

        return text.ToString();
    }

    /// <summary>Text that no reader of Markdown takes for more than text.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        var begins = true;
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' || (begins && c is '#' or '-' or '+' or '=' or '~' or '|'))
                escaped.Append('\\');
            escaped.Append(c);
            begins = c == '\n' || (begins && c == ' ');
        }

        return escaped.ToString();
    }

    private static string Safe(string title)
    {
        var name = string.Concat(title.EnumerateRunes().Select(r => Rune.IsLetterOrDigit(r) ? r.ToString() : " "));
        return string.Join('-', name.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } safe ? safe : "conversation";
    }
}
