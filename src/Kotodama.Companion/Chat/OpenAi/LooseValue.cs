using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// Reads a value as models write it in the call of a tool: JSON, but also the literals of Python, and Gemma's, whose strings stand between
/// signs of its template.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="at">Where the value begins.</param>
internal ref struct LooseValue(ReadOnlySpan<char> text, int at)
{
    private const int Deepest = 32;

    private static readonly string[] Quotes = ["\"\"\"", "'''", "\"", "'", "<|\"|>", "<escape>"];

    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>Where the value ends.</summary>
    public int At { get; private set; } = at;

    /// <summary>Reads the value.</summary>
    /// <param name="value">The value; null is one, too.</param>
    /// <param name="depth">How deep it stands in others.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryRead(out JsonNode? value, int depth = 0)
    {
        value = null;
        Blanks();
        if (depth > Deepest || At >= _text.Length)
            return false;
        return _text[At] switch
        {
            '{' => TryReadObject(depth, out value),
            '[' or '(' => TryReadList(depth, out value),
            _ => TryReadText(out var said) ? (value = JsonValue.Create(said)) is not null : TryReadWord(out value),
        };
    }

    /// <summary>Reads a name that stands alone or in quotes.</summary>
    public bool TryReadName(out string name)
    {
        Blanks();
        if (TryReadText(out name))
            return true;
        var begin = At;
        while (At < _text.Length && (char.IsLetterOrDigit(_text[At]) || _text[At] is '_' or '-' or '.'))
            At++;
        name = _text[begin..At].ToString();
        return name.Length > 0;
    }

    /// <summary>Goes over blanks, and then over a sign if it is there.</summary>
    public bool Takes(char sign)
    {
        Blanks();
        if (At >= _text.Length || _text[At] != sign)
            return false;
        At++;
        return true;
    }

    private bool TryReadObject(int depth, out JsonNode? value)
    {
        var fields = new JsonObject();
        value = fields;
        At++;
        while (!Takes('}'))
        {
            if (!TryReadName(out var name) || !Takes(':') || !TryRead(out var field, depth + 1))
                return false;
            fields[name] = field;
            if (!Takes(',') && (At >= _text.Length || _text[At] != '}'))
                return false;
        }

        return true;
    }

    private bool TryReadList(int depth, out JsonNode? value)
    {
        var items = new JsonArray();
        value = items;
        var close = _text[At++] == '[' ? ']' : ')';
        while (!Takes(close))
        {
            if (!TryRead(out var item, depth + 1))
                return false;
            items.Add(item);
            if (!Takes(',') && (At >= _text.Length || _text[At] != close))
                return false;
        }

        return true;
    }

    private bool TryReadText(out string value)
    {
        value = "";
        foreach (var quote in Quotes)
        {
            if (!_text[At..].StartsWith(quote, StringComparison.Ordinal))
                continue;
            At += quote.Length;
            var read = new StringBuilder();
            while (At < _text.Length)
            {
                if (_text[At..].StartsWith(quote, StringComparison.Ordinal))
                {
                    At += quote.Length;
                    value = read.ToString();
                    return true;
                }

                read.Append(_text[At] == '\\' && At + 1 < _text.Length ? Escaped() : _text[At++]);
            }

            return false;
        }

        return false;
    }

    private char Escaped()
    {
        At += 2;
        var c = _text[At - 1];
        if (c == 'u' && At + 4 <= _text.Length
            && ushort.TryParse(_text.Slice(At, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            At += 4;
            return (char)code;
        }

        return c switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            _ => c,
        };
    }

    private bool TryReadWord(out JsonNode? value)
    {
        value = null;
        var begin = At;
        while (At < _text.Length && (char.IsAsciiLetterOrDigit(_text[At]) || _text[At] is '-' or '+' or '.'))
            At++;
        var word = _text[begin..At];
        switch (word)
        {
            case "true" or "True":
                value = JsonValue.Create(true);
                return true;
            case "false" or "False":
                value = JsonValue.Create(false);
                return true;
            case "null" or "None":
                return true;
            default:
                if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
                    value = JsonValue.Create(whole);
                else if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                    value = JsonValue.Create(number);
                return value is not null;
        }
    }

    private void Blanks()
    {
        while (At < _text.Length && char.IsWhiteSpace(_text[At]))
            At++;
    }
}
