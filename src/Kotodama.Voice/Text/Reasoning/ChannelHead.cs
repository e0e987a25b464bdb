using System.Text;
using System.Text.RegularExpressions;

namespace Kotodama.Voice.Text.Reasoning;

/// <summary>The head of a channel of gpt-oss, which says what the text behind it is. Not safe for threads.</summary>
/// <param name="sign">The sign that began it.</param>
internal sealed partial class ChannelHead(string sign)
{
    private const string Channel = "<|channel|>", End = "<|message|>";

    /// <summary>Longer ones are text.</summary>
    private const int Longest = 160;

    private readonly StringBuilder _text = new();

    /// <summary>All of it so far.</summary>
    public string Text => sign + _text;

    /// <summary>The tool that is called; null: none.</summary>
    public string? Recipient { get; private set; }

    /// <summary>Whether the text is said.</summary>
    public bool IsSaid { get; private set; }

    /// <summary>The next character. None: it is too long for a head.</summary>
    public Fit Put(char c)
    {
        _text.Append(c);
        var text = _text.ToString();
        if (!text.EndsWith(End, StringComparison.Ordinal))
            return text.Length > Longest ? Fit.None : Fit.Partial;
        text = text[..^End.Length];
        if (ToolName().Match(text) is { Success: true } tool)
            Recipient = tool.Groups["name"].Value;
        var channel = text.LastIndexOf(Channel, StringComparison.Ordinal);
        var name = (channel < 0 ? text : text[(channel + Channel.Length)..]).TrimStart();
        // Without a channel the name is that of who speaks.
        var isFinal = name.StartsWith("final", StringComparison.Ordinal) || name.StartsWith("assistant", StringComparison.Ordinal);
        IsSaid = isFinal && Recipient is null;
        return Fit.Whole;
    }

    [GeneratedRegex(@"\bto\s*=\s*(functions\.)?(?<name>[\w.\-]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ToolName();
}
