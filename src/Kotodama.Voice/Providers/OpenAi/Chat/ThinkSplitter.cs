namespace Kotodama.Voice;

/// <summary>
/// Tells reasoning that a model writes between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> from what it says, however the text is cut. Blanks
/// before the first word that is said are left out. Not safe for threads: one for each answer.
/// </summary>
internal sealed class ThinkSplitter
{
    private static readonly string[] Open = ["<think>", "<thinking>"], Close = ["</think>", "</thinking>"], Both = [.. Open, .. Close];

    private string _held = "";
    private bool _thinking, _said;

    /// <summary>Reads the next piece.</summary>
    /// <param name="piece">What came.</param>
    /// <param name="give">Takes each part, and whether it is reasoning.</param>
    public void Read(string piece, Action<string, bool> give)
    {
        var text = _held + piece;
        _held = "";
        var from = 0;
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at))
        {
            var rest = text.AsSpan(at);
            if (Match(rest) is { } tag)
            {
                Give(text[from..at], give);
                // A closing tag without an opening one is dropped: the opening one was in the prompt.
                _thinking = Array.IndexOf(Open, tag) >= 0;
                from = at += tag.Length;
            }
            else if (MayBecomeTag(rest))
            {
                _held = text[at..];
                text = text[..at];
                break;
            }
            else
            {
                at++;
            }
        }

        Give(text[from..], give);
    }

    /// <summary>There is no more: what looked like the beginning of a tag was none.</summary>
    public void End(Action<string, bool> give)
    {
        Give(_held, give);
        _held = "";
    }

    private static string? Match(ReadOnlySpan<char> text)
    {
        foreach (var tag in Both)
            if (text.StartsWith(tag, StringComparison.OrdinalIgnoreCase))
                return tag;
        return null;
    }

    private static bool MayBecomeTag(ReadOnlySpan<char> text)
    {
        foreach (var tag in Both)
            if (text.Length < tag.Length && tag.AsSpan().StartsWith(text, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    private void Give(string part, Action<string, bool> give)
    {
        if (!_thinking && !_said)
            part = part.TrimStart();
        if (part.Length == 0)
            return;
        _said |= !_thinking;
        give(part, _thinking);
    }
}
