namespace Kotodama.Cli;

/// <summary>
/// What the commands print. Colours only on a terminal and never with <c>NO_COLOR</c> (https://no-color.org). Errors go to standard error.
/// </summary>
internal static class Terminal
{
    private static readonly bool Coloured =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static string Bold(string text) => Paint("1", text);

    public static string Dim(string text) => Paint("2", text);

    public static string Good(string text) => Paint("32", text);

    public static string Warn(string text) => Paint("33", text);

    public static string Bad(string text) => Paint("31", text);

    public static string Accent(string text) => Paint("36", text);

    public static void Line(string text = "") => Console.Out.WriteLine(text);

    public static void Error(string text) => Console.Error.WriteLine(text);

    /// <summary>Text from elsewhere, for one line: control characters cannot move the cursor or change colours.</summary>
    public static string Plain(string text) => string.Concat(text.Select(c => c is '\n' or '\t' ? ' ' : char.IsControl(c) ? '·' : c));

    private static string Paint(string code, string text) => Coloured ? $"\e[{code}m{text}\e[0m" : text;
}
