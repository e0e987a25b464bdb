using System.Text;
using System.Text.Json;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// Joins characters that a server cut in two, because a token ends within one: halves that JSON escapes, and bytes of UTF-8. What finds no
/// other half becomes U+FFFD. Not safe for threads: one for each text that grows.
/// </summary>
internal sealed class CutCharacters
{
    /// <summary>Bytes that are no UTF-8 are given as halves from here on, so that they pass through JSON.</summary>
    private const char FirstByte = '\uDC00';

    private readonly List<byte> _bytes = [];
    private char _half;

    /// <summary>Escapes the bytes of a JSON text that are no UTF-8.</summary>
    public static byte[] Escape(ReadOnlySpan<byte> json)
    {
        var valid = new MemoryStream(json.Length + 16);
        while (json.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(json, out _, out var length);
            if (status == System.Buffers.OperationStatus.Done)
                valid.Write(json[..length]);
            else
                foreach (var b in json[..length])
                    valid.Write(Encoding.ASCII.GetBytes($"\\u{FirstByte + b:x4}"));
            json = json[length..];
        }

        return valid.ToArray();
    }

    /// <summary>The string of an element with its halves as they are; null when it is none.</summary>
    public static string? Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a character, which .NET does not give.
            return Unescaped(element.GetRawText());
        }
    }

    /// <summary>The string in a field of an object with its halves as they are; null when there is none.</summary>
    public static string? Of(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Of(value) : null;

    /// <summary>Joins the halves within a text.</summary>
    public static string Joined(string text)
    {
        var join = new CutCharacters();
        return join.Read(text) + join.End();
    }

    /// <summary>Reads the next piece.</summary>
    /// <returns>It with what was held back, and without a half at its end.</returns>
    public string Read(string piece)
    {
        if (_half == 0 && _bytes.Count == 0 && !piece.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return piece;
        var text = new StringBuilder(piece.Length + 2);
        foreach (var c in piece)
            Put(c, text);
        return text.ToString();
    }

    /// <summary>There is no more.</summary>
    /// <returns>What was held back.</returns>
    public string End()
    {
        var text = new StringBuilder();
        Flush(text);
        return text.ToString();
    }

    private static string Unescaped(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 1; i < raw.Length - 1; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            var c = raw[++i];
            text.Append(c switch
            {
                'u' => (char)Convert.ToUInt16(raw.Substring(i + 1, 4), 16),
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                _ => c,
            });
            if (c == 'u')
                i += 4;
        }

        return text.ToString();
    }

    private void Put(char c, StringBuilder text)
    {
        if (_half != 0 && char.IsLowSurrogate(c))
        {
            text.Append(_half).Append(c);
            _half = '\0';
            return;
        }

        var isByte = c is >= '\uDC80' and <= '\uDCFF';
        if (_half != 0 || !isByte)
            Flush(text);
        if (char.IsHighSurrogate(c))
            _half = c;
        else if (isByte)
            PutByte((byte)(c - FirstByte), text);
        else
            text.Append(char.IsLowSurrogate(c) ? '\uFFFD' : c);
    }

    private void PutByte(byte value, StringBuilder text)
    {
        _bytes.Add(value);
        while (_bytes.Count > 0)
        {
            var status = Rune.DecodeFromUtf8([.. _bytes], out var rune, out var length);
            if (status == System.Buffers.OperationStatus.NeedMoreData)
                return;
            text.Append(rune.ToString());
            _bytes.RemoveRange(0, length);
        }
    }

    private void Flush(StringBuilder text)
    {
        if (_half != 0 || _bytes.Count > 0)
            text.Append('\uFFFD');
        _half = '\0';
        _bytes.Clear();
    }
}
