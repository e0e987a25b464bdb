using System.Text;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// Tells reasoning that a model writes between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> from what it says, however the text is cut.
/// Blanks before the first word that is said are left out. Not safe for threads: one for each answer.
/// </summary>
/// <param name="begun">Whether the model's prompt is known to open the reasoning, so that the answer begins within it.</param>
internal sealed class ThinkSplitter(bool begun = false)
{
    private static readonly string[] Open = ["<think>", "<thinking>"], Close = ["</think>", "</thinking>"], Both = [.. Open, .. Close];

    /// <summary>What is reasoning only if the end of it comes.</summary>
    private readonly StringBuilder? _unsure = begun ? new() : null;
    private string _held = "";
    private bool _thinking = begun, _said;

    /// <summary>Whether the prompt opened the reasoning: the first tag of the answer closes it. Null: not known yet.</summary>
    public bool? IsBegun { get; private set; }

    /// <summary>Whether reasoning was given as words that are said, before the tag came that tells.</summary>
    public bool HasMistaken { get; private set; }

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
                Turn(text[from..at], opens: Array.IndexOf(Open, tag) >= 0, give);
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

    /// <summary>The server tells reasoning apart by itself, so the prompt opened nothing here.</summary>
    public void IsToldApart(Action<string, bool> give)
    {
        if (IsBegun is not null)
            return;
        IsBegun = _thinking = false;
        Give(_unsure?.ToString() ?? "", give);
    }

    /// <summary>There is no more: what looked like the beginning of a tag was none.</summary>
    /// <param name="isWhole">Whether the model had said all. Reasoning that was expected and never ended was none then.</param>
    /// <param name="give">Takes each part, and whether it is reasoning.</param>
    public void End(bool isWhole, Action<string, bool> give)
    {
        Give(_held, give);
        _held = "";
        if (isWhole && _unsure is { Length: > 0 })
            IsToldApart(give);
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

    private void Turn(string before, bool opens, Action<string, bool> give)
    {
        var isFirst = IsBegun is null;
        if (isFirst && !opens)
        {
            (HasMistaken, _thinking, IsBegun) = (_said, true, true);
            _said = false;
        }

        Give(before, give);
        if (isFirst && opens)
            IsToldApart(give);
        _thinking = opens;
    }

    private void Give(string part, Action<string, bool> give)
    {
        if (!_thinking && !_said)
            part = part.TrimStart();
        if (part.Length == 0)
            return;
        _said |= !_thinking;
        if (IsBegun is null)
            _unsure?.Append(part);
        give(part, _thinking);
    }
}
