using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kotodama.Cli;

/// <summary>
/// What the commands print. Colours only on a terminal and never with <c>NO_COLOR</c> (https://no-color.org). Errors go to standard error.
/// </summary>
internal static class Terminal
{
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

    public static void Line(string text = "") => Console.Out.WriteLine(text);

    /// <summary>Prints a line. False: the reader of the output has closed it, as <c>head</c> does when it has enough.</summary>
    public static bool TryLine(string text)
    {
        if (Pipe.Value is not { } pipe)
        {
            Line(text);
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

    public static void Error(string text) => Console.Error.WriteLine(text);

    /// <summary>Says why the command cannot do what it was asked for, each reason on a line.</summary>
    public static int Refuse(IEnumerable<string> reasons)
    {
        foreach (var reason in reasons)
            Error(Plain(reason));
        return ExitCode.Usage;
    }

    /// <summary>Joins what may come from elsewhere to sentences, each with one end.</summary>
    public static string Sentences(params string[] parts) =>
        string.Join(' ', parts.Select(p => p.Trim()).Where(p => p.Length > 0).Select(p => p[^1] is '.' or '!' or '?' ? p : p + "."));

    /// <summary>Text from elsewhere, for one line: control characters cannot move the cursor or change colours.</summary>
    public static string Plain(string text) => string.Concat(text.Select(c => c is '\n' or '\t' ? ' ' : char.IsControl(c) ? '·' : c));

    /// <summary>The same for a text of several lines.</summary>
    public static string PlainLines(string text) => string.Join('\n', text.Split('\n').Select(Plain));

    private static string Paint(string code, string text) => Coloured ? $"\e[{code}m{text}\e[0m" : text;
}
