using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kotodama.Voice.Faults;

namespace Kotodama.Voice.Engines.Edge;

/// <summary>A word as the service tells it.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Length">How long it is said.</param>
/// <param name="Text">The word.</param>
internal sealed record EdgeWord(TimeSpan At, TimeSpan Length, string Text);

/// <summary>Writes and reads the messages of the service: headers in lines, then a body.</summary>
internal static class EdgeFrames
{
    /// <summary>The longest text of one request, in bytes of UTF-8 as they are sent.</summary>
    public const int TextLimit = 4096;

    private const string Configuration =
        """{"context":{"synthesis":{"audio":{"metadataoptions":"""
        + """{"sentenceBoundaryEnabled":"false","wordBoundaryEnabled":"true"}"""
        + ""","outputFormat":"audio-24khz-48kbitrate-mono-mp3"}}}}""";

    /// <summary>The first message.</summary>
    public static string Configure(DateTimeOffset now) =>
        $"X-Timestamp:{Stamp(now)}\r\nContent-Type:application/json; charset=utf-8\r\nPath:speech.config\r\n\r\n{Configuration}\r\n";

    /// <summary>The second message.</summary>
    /// <param name="now">The time.</param>
    /// <param name="request">An id.</param>
    /// <param name="voice">The voice.</param>
    /// <param name="speed">How fast.</param>
    /// <param name="escaped">A piece of <see cref="Pieces"/>.</param>
    public static string Speak(DateTimeOffset now, Guid request, string voice, double speed, string escaped)
    {
        var rate = ((int)Math.Round((speed - 1) * 100)).ToString("+0;-0;+0", CultureInfo.InvariantCulture);
        return $"X-RequestId:{request:N}\r\nContent-Type:application/ssml+xml\r\nX-Timestamp:{Stamp(now)}Z\r\nPath:ssml\r\n\r\n"
            + "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xml:lang='en-US'>"
            + $"<voice name='{Escape(voice)}'><prosody pitch='+0Hz' rate='{rate}%' volume='+0%'>{escaped}</prosody></voice></speak>";
    }

    /// <summary>Cuts a text into escaped pieces that are short enough, at spaces where there are some.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        var piece = new StringBuilder();
        var (bytes, space) = (0, -1);
        foreach (var rune in text.EnumerateRunes())
        {
            var next = Escape(rune.ToString());
            var length = Encoding.UTF8.GetByteCount(next);
            if (bytes + length > TextLimit)
            {
                var cut = space > 0 ? space : piece.Length;
                yield return piece.ToString(0, cut);
                piece.Remove(0, cut);
                (bytes, space) = (Encoding.UTF8.GetByteCount(piece.ToString()), -1);
            }

            piece.Append(next);
            bytes += length;
            if (Rune.IsWhiteSpace(rune))
                space = piece.Length;
        }

        if (piece.Length > 0)
            yield return piece.ToString();
    }

    /// <summary>The path of a text message and its body.</summary>
    public static (string Path, string Body) Read(string message)
    {
        var end = message.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? (Header(message, "Path"), "") : (Header(message[..end], "Path"), message[(end + 4)..]);
    }

    /// <summary>The sound in a binary message. Null: the sound is over.</summary>
    /// <exception cref="EngineException">It is not a message with sound.</exception>
    public static ReadOnlyMemory<byte>? ReadSound(ReadOnlyMemory<byte> message)
    {
        if (message.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(message.Span) is var length && message.Length < length + 2)
            throw Strange();
        var headers = Encoding.ASCII.GetString(message.Span.Slice(2, length));
        var sound = message[(length + 2)..];
        var type = Header(headers, "Content-Type");
        if (Header(headers, "Path") != "audio" || type is not ("" or "audio/mpeg") || (type.Length == 0 && sound.Length > 0))
            throw Strange();
        return type.Length == 0 ? null : sound;
    }

    /// <summary>The words in the body of a message with the path <c>audio.metadata</c>. What cannot be understood is left out.</summary>
    public static IReadOnlyList<EdgeWord> ReadWords(string body)
    {
        var words = new List<EdgeWord>();
        try
        {
            using var document = JsonDocument.Parse(body);
            foreach (var entry in document.RootElement.GetProperty("Metadata").EnumerateArray())
            {
                if (entry.GetProperty("Type").GetString() != "WordBoundary")
                    continue;
                var data = entry.GetProperty("Data");
                if (data.GetProperty("text").GetProperty("Text").GetString() is not { Length: > 0 } text)
                    continue;
                var at = TimeSpan.FromTicks(data.GetProperty("Offset").GetInt64());
                var length = TimeSpan.FromTicks(data.GetProperty("Duration").GetInt64());
                words.Add(new EdgeWord(at, length, System.Net.WebUtility.HtmlDecode(text)));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return words;
        }

        return words;
    }

    private static EngineException Strange() => new("The Edge service sent a message of an unknown kind; it may have changed.");

    private static string Header(string headers, string name)
    {
        foreach (var line in headers.Split("\r\n"))
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                return line[(name.Length + 1)..].Trim();
        return "";
    }

    private static string Stamp(DateTimeOffset now) =>
        now.ToUniversalTime().ToString(
            "ddd MMM dd yyyy HH':'mm':'ss 'GMT+0000 (Coordinated Universal Time)'", CultureInfo.InvariantCulture);

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
            escaped.Append(character switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&apos;",
                < ' ' or '\uFFFE' or '\uFFFF' => " ",
                _ => character.ToString(),
            });
        return escaped.ToString();
    }
}
