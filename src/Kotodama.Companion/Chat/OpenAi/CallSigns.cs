using System.Collections.Frozen;
using Kotodama.Companion.Text;
using Kotodama.Voice.Text.Reasoning;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>A sign with which a model begins the call of a tool in its text.</summary>
/// <param name="Word">Its word. Empty: nothing but the call itself shows that it is one.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Close">What ends the call besides signs of its word; null: nothing.</param>
internal readonly record struct CallSign(string Word, int Length, string? Close = null)
{
    /// <summary>Whether it is a call only if a tool has its name.</summary>
    public bool NeedsTool => Word.Length == 0;

    /// <summary>Whether whatever follows is no word of the answer.</summary>
    public bool IsSure { get; init; }

    /// <summary>Whether it is what a tool is supposed to have answered.</summary>
    public bool IsResult { get; init; }

    /// <summary>How many characters at its end belong to the call.</summary>
    public int Kept { get; init; }
}

/// <summary>The one table of how models write calls of tools in their text.</summary>
internal static class CallSigns
{
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.Ordinal,
        "tool_call", "tool_calls", "toolcall", "tool_use", "tool_code", "tool_request", "function_call", "function_calls", "functioncall",
        "tool_call_begin", "tool_calls_begin", "tool_calls_section_begin", "tool_call_start", "start_function_call", "start_action",
        "tools_prefix", "longcat_tool_call", "python_tag", "python_start", "function", "invoke");

    private static readonly FrozenSet<string> Results = FrozenSet.Create(
        StringComparer.Ordinal,
        "tool_response", "tool_responses", "tool_result", "tool_results", "function_response", "function_result", "function_results",
        "tool_output", "tool_outputs", "start_function_response");

    private static readonly (string Open, bool IsResult)[] Fences =
    [
        ("```tool_code\n", false), ("```tool_call\n", false), ("```tool_calls\n", false), ("```function_call\n", false),
        ("```tool_output\n", true), ("```tool_outputs\n", true),
    ];

    /// <summary>Blocks of code that may be a call.</summary>
    private static readonly string[] CommonFences = ["```json\n", "```python\n", "```py\n", "```\n"];

    /// <summary>Whether a sign may begin with a character.</summary>
    public static bool MayBegin(char c) => Tag.MayBegin(c) || c is '`' or '{';

    /// <summary>Reads the sign at the beginning of a text.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="isStart">Whether nothing was said before it.</param>
    /// <param name="isLineStart">Whether it stands at the beginning of a line.</param>
    /// <param name="hasTools">Whether the model has tools.</param>
    /// <param name="sign">The sign, when it is whole.</param>
    public static Fit Read(ReadOnlySpan<char> text, bool isStart, bool isLineStart, bool hasTools, out CallSign sign)
    {
        sign = default;
        if (text[0] == '`')
            return isLineStart ? ReadFence(text, isStart && hasTools, out sign) : Fit.None;
        if (text[0] == '{')
        {
            // Llama writes the call alone.
            sign = new CallSign("", 1) { Kept = 1 };
            return isStart && hasTools ? Fit.Whole : Fit.None;
        }

        var fit = Tag.Read(text, IsKnown, MayBecome, out var tag);
        if (fit == Fit.Whole && IsKnown(tag) && !tag.Closes)
        {
            var isSure = tag.Word is "python_tag" or "function" or "invoke";
            sign = new CallSign(tag.Word, tag.Length)
            {
                IsSure = isSure,
                IsResult = Results.Contains(tag.Word),
                Kept = tag.Word is "function" or "invoke" ? tag.Length : 0,
            };
            return Fit.Whole;
        }

        if (fit != Fit.None || text[0] != '[' || !isStart || !hasTools)
            return fit == Fit.Whole ? Fit.None : fit;
        // Llama 4 writes a list of calls in Python, others one in JSON.
        var next = text[1..].TrimStart();
        if (next.Length == 0)
            return Fit.Partial;
        sign = new CallSign("", 1) { Kept = 1 };
        return next[0] is '{' || char.IsAsciiLetter(next[0]) ? Fit.Whole : Fit.None;
    }

    /// <summary>Whether the tag at the end of a text ends a call.</summary>
    /// <param name="text">The text. It ends with what may end a tag.</param>
    /// <param name="sign">What began the call.</param>
    /// <param name="length">How long the tag is.</param>
    public static bool EndsWith(ReadOnlySpan<char> text, CallSign sign, out int length)
    {
        length = 0;
        if (sign.Close is { } close && text.EndsWith(close, StringComparison.Ordinal))
            length = close.Length;
        for (var at = text.Length - 1; at >= 0 && at > text.Length - 64 && length == 0; at--)
        {
            if (!Tag.MayBegin(text[at]))
                continue;
            if (Tag.Read(text[at..], tag => Ends(tag, sign.Word), _ => false, out var tag) == Fit.Whole && tag.Length == text.Length - at
                && (tag.Closes || tag.Word != sign.Word || (tag.HasLineAfter && !tag.HasLineBefore)))
                length = tag.Length;
        }

        return length > 0;
    }

    /// <summary>Reads a sign that ends calls, where none is open.</summary>
    public static Fit ReadStray(ReadOnlySpan<char> text, out int length)
    {
        var fit = Tag.Read(text, IsEnd, tag => tag.Closes || MayBecome(tag) || MayEnd(tag), out var tag);
        length = tag.Length;
        return fit;

        static bool MayEnd(Tag tag) =>
            "end_".StartsWith(tag.Word, StringComparison.Ordinal) || tag.Word.StartsWith("end_", StringComparison.Ordinal);
    }

    private static bool IsEnd(Tag tag) =>
        tag.Closes
            ? Words.Contains(tag.Word) || Results.Contains(tag.Word)
            : Words.Any(word => CloseOf(word) is { } close && close == tag.Word) || tag.Word is "end_tool_request";

    private static bool Ends(Tag tag, string word) =>
        tag.Word == word || (!tag.Closes && (tag.Word == CloseOf(word) || tag.Word == $"end_{word}" || tag.Word == $"{word}_end"));

    // The word that ends it has "end" where this one has "begin".
    private static string? CloseOf(string word)
    {
        var close = word.Replace("_begin", "_end", StringComparison.Ordinal).Replace("start_", "end_", StringComparison.Ordinal)
            .Replace("_start", "_end", StringComparison.Ordinal).Replace("_prefix", "_suffix", StringComparison.Ordinal);
        return close == word ? null : close;
    }

    private static bool IsKnown(Tag tag)
    {
        if (tag.Bracket is not ("<" or "[" or "&lt;") || !(Words.Contains(tag.Word) || Results.Contains(tag.Word)))
            return false;
        // Both are common words: with a name beside them they are a call.
        if (tag is { Closes: false, Word: "function" or "invoke" })
            return tag.Bracket != "[" && (tag.Length == 0 || tag.Attributes.Contains('='));
        return tag.Bracket != "[" || tag.IsUpper;
    }

    private static bool MayBecome(Tag tag)
    {
        if (tag.Bracket is not ("<" or "[" or "&lt;") || (tag.Bracket == "[" && !tag.IsUpper))
            return false;
        // Any name may stand there that a colon follows.
        var mayBeSpace = tag.Bracket == "<" && !tag.HasSpace && tag.Word.All(char.IsAsciiLetter);
        return mayBeSpace || Words.Any(IsBeginning) || Results.Any(IsBeginning);

        bool IsBeginning(string word) => word.StartsWith(tag.Word, StringComparison.Ordinal);
    }

    private static Fit ReadFence(ReadOnlySpan<char> text, bool mayBeAny, out CallSign sign)
    {
        var best = Fit.None;
        sign = default;
        foreach (var (open, isResult) in Fences)
        {
            if (text.StartsWith(open, StringComparison.Ordinal))
            {
                sign = new CallSign(open.Trim('`', '\n'), open.Length, "```") { IsSure = true, IsResult = isResult };
                return Fit.Whole;
            }

            if (open.AsSpan().StartsWith(text, StringComparison.Ordinal))
                best = Fit.Partial;
        }

        if (!mayBeAny)
            return best;
        foreach (var open in CommonFences)
        {
            if (text.StartsWith(open, StringComparison.Ordinal))
            {
                sign = new CallSign("", open.Length, "```");
                return Fit.Whole;
            }

            if (open.AsSpan().StartsWith(text, StringComparison.Ordinal))
                best = Fit.Partial;
        }

        return best;
    }
}
