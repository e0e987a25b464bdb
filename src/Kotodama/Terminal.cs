using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kotodama.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Kotodama.Cli;

/// <summary>
/// What the commands print, and the only place that writes to the console. Everything is cleaned on its way: names, replies, errors and
/// paths of others can neither move the cursor nor write lines of their own. Colours only on a terminal and never with <c>NO_COLOR</c>
/// (https://no-color.org). Errors go to standard error.
/// </summary>
internal static partial class Terminal
{
    /// <summary>
    /// Stands before and after what is painted until it is written. The number is made anew by each process, so a text from elsewhere
    /// cannot know it.
    /// </summary>
    private static readonly string Mark = $"<{Guid.NewGuid():N}:";

    private static readonly bool Coloured = !Console.IsOutputRedirected && MayEscape;

    /// <summary>
    /// Standard output as what it is, when it is a pipe: the console's own stream says nothing about a reader that is gone.
    /// </summary>
    private static readonly Lazy<FileStream?> Pipe = new(() =>
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return null;
        var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return output.CanSeek ? null : output;
    });

    /// <summary>Whether the user wants escape sequences, and the terminal knows them.</summary>
    public static bool MayEscape =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static string Bold(string text) => Paint("1", text);

    public static string Dim(string text) => Paint("2", text);

    public static string Good(string text) => Paint("32", text);

    public static string Warn(string text) => Paint("33", text);

    public static string Bad(string text) => Paint("31", text);

    public static string Accent(string text) => Paint("36", text);

    /// <summary>What must be black on white, whatever colours the terminal has.</summary>
    public static string BlackOnWhite(string text) => Paint("30;107", text);

    /// <summary>Prints one line, whatever the text has in it.</summary>
    public static void Line(string text = "") => Console.Out.WriteLine(Painted(PlainText.OneLine(text)));

    /// <summary>Prints a text of several lines.</summary>
    public static void Lines(string text) => Console.Out.WriteLine(Painted(PlainText.Lines(text)));

    /// <summary>Prints a part of a text, which may have several lines.</summary>
    public static void Part(string text) => Console.Out.Write(Painted(PlainText.Lines(text)));

    /// <summary>Prints JSON as it is, for programs: what is hidden in its texts is written as escapes, which mean the same.</summary>
    public static void Json(string json) => Console.Out.WriteLine(Escaped(json));

    /// <summary>Prints a line. False: the reader of the output has closed it, as <c>head</c> does when it has enough.</summary>
    public static bool TryLine(string text) => TryWrite(Painted(PlainText.OneLine(text)));

    /// <summary>Prints a text of several lines. False: the reader of the output has closed it.</summary>
    public static bool TryLines(string text) => TryWrite(Painted(PlainText.Lines(text)));

    /// <summary>Prints JSON as it is, for programs. False: the reader of the output has closed it.</summary>
    public static bool TryJson(string json) => TryWrite(Escaped(json));

    public static void Error(string text = "") => Console.Error.WriteLine(Painted(PlainText.OneLine(text)));

    /// <summary>Prints what a user is to write after, on standard error.</summary>
    public static void Prompt(string text) => Console.Error.Write(Painted(PlainText.OneLine(text)));

    /// <summary>Writes a text over the line on standard error that the cursor is in. Only where <see cref="MayEscape"/>.</summary>
    public static void Overwrite(string text) => Console.Error.Write($"\r\e[2K{Painted(PlainText.OneLine(text))}");

    /// <summary>The same on a terminal that knows no escape sequences; the text has at most so many columns.</summary>
    public static void Overwrite(string text, int columns) =>
        Console.Error.Write($"\r{new string(' ', columns)}\r{PlainText.OneLine(text)}");

    /// <summary>Says why the command cannot do what it was asked for, each reason on a line.</summary>
    public static int Refuse(IEnumerable<string> reasons)
    {
        foreach (var reason in reasons)
            Error(reason);
        return ExitCode.Usage;
    }

    /// <summary>Joins what may come from elsewhere to sentences, each with one end.</summary>
    public static string Sentences(params string[] parts) =>
        string.Join(' ', parts.Select(p => p.Trim()).Where(p => p.Length > 0).Select(p => p[^1] is '.' or '!' or '?' ? p : p + "."));

    /// <summary>Text from elsewhere that is measured or joined to lines before it is printed: it has one line.</summary>
    public static string Plain(string text) => PlainText.OneLine(text);

    /// <summary>JSON whose texts hide nothing.</summary>
    internal static string Escaped(string json)
    {
        if (json.EnumerateRunes().All(rune => !PlainText.IsHidden(rune) || IsBlank(rune)))
            return json;
        var escaped = new StringBuilder(json.Length + 16);
        foreach (var rune in json.EnumerateRunes())
        {
            if (PlainText.IsHidden(rune) && !IsBlank(rune))
                foreach (var unit in rune.ToString())
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else
                escaped.Append(rune);
        }

        return escaped.ToString();
    }

    /// <summary>What JSON has between its parts.</summary>
    private static bool IsBlank(Rune rune) => rune.Value is '\n' or '\r' or '\t';

    private static bool TryWrite(string text)
    {
        if (Pipe.Value is not { } pipe)
        {
            Console.Out.WriteLine(text);
            return true;
        }

        try
        {
            pipe.Write(Encoding.UTF8.GetBytes(text + "\n"));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A text with the marks of a colour around it.</summary>
    internal static string Marked(string code, string text) => $"{Mark}{code}>{text}{Mark}0>";

    /// <summary>A cleaned text with escape sequences in the place of marks.</summary>
    internal static string Escapes(string clean) => clean.Split(Mark) is [var first, .. var rest]
        ? first + string.Concat(rest.Select(part => Code().Replace(part, "\e[${code}m", 1)))
        : clean;

    private static string Paint(string code, string text) => Coloured ? Marked(code, text) : text;

    private static string Painted(string clean) => Coloured ? Escapes(clean) : clean;

    [GeneratedRegex("^(?<code>[0-9;]+)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
