using System.Globalization;
using System.Text.RegularExpressions;

namespace Kotodama.Tests.Rules;

/// <summary>
/// The value of a constant of the page, read from its source: numbers, other constants, the four operations, powers and brackets.
/// </summary>
internal sealed partial class TypeScriptNumber
{
    private const RegexOptions Multiline = RegexOptions.ExplicitCapture | RegexOptions.Multiline;

    private readonly Queue<string> _tokens;
    private readonly Func<string, double?> _constant;

    private TypeScriptNumber(string expression, Func<string, double?> constant)
    {
        _tokens = new Queue<string>(Token().Matches(expression).Select(m => m.Value));
        _constant = constant;
    }

    /// <summary>Finds a constant of a file, which is named by the end of its path below web/src.</summary>
    public static double Of(string file, string constant)
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("web", "src"), "*.ts", SearchOption.AllDirectories)
            .Where(f => f.Replace('\\', '/').EndsWith('/' + file, StringComparison.Ordinal)).ToArray();
        Assert.True(files.Length == 1, $"{files.Length} files are called {file}. Rename it in the document, or add its folder.");
        var value = In(files[0], constant);
        Assert.True(value is not null, $"{file} has no constant {constant} that is a number. Rename it in the document.");
        return value.Value;
    }

    /// <summary>The constants of the page whose names have an end, each as its file and its name.</summary>
    public static IEnumerable<string> Named(string end) =>
        from file in Directory.EnumerateFiles(Repository.PathOf("web", "src"), "*.ts", SearchOption.AllDirectories)
        from Match found in Regex.Matches(File.ReadAllText(file), $@"^(export )?const (?<name>\w+{end}) = \d", Multiline, TimeSpan.FromSeconds(1))
        select $"{Path.GetFileName(file)} {found.Groups["name"].Value}";

    /// <summary>Computes an expression; null of <paramref name="constant"/>: there is no such constant.</summary>
    public static double Evaluate(string expression, Func<string, double?> constant)
    {
        var reader = new TypeScriptNumber(expression, constant);
        var value = reader.Sum();
        return reader._tokens.Count == 0 ? value : throw new FormatException($"\"{expression}\" is more than the test can compute.");
    }

    private static double? In(string file, string constant)
    {
        var source = File.ReadAllText(file);
        if (Declaration(constant).Match(source) is { Success: true } declared)
            return Evaluate(declared.Groups["value"].Value, name => In(file, name));
        return Import(constant).Match(source) is { Success: true } imported
            ? In(Path.GetFullPath(imported.Groups["file"].Value + ".ts", Path.GetDirectoryName(file)!), constant)
            : null;
    }

    private double Sum()
    {
        var value = Product();
        while (_tokens.TryPeek(out var sign) && sign is "+" or "-")
        {
            _tokens.Dequeue();
            var next = Product();
            value += sign == "+" ? next : -next;
        }

        return value;
    }

    private double Product()
    {
        var value = Signed();
        while (_tokens.TryPeek(out var sign) && sign is "*" or "/")
        {
            _tokens.Dequeue();
            var next = Signed();
            value = sign == "*" ? value * next : value / next;
        }

        return value;
    }

    private double Signed()
    {
        if (_tokens.TryPeek(out var sign) && sign == "-")
        {
            _tokens.Dequeue();
            return -Signed();
        }

        var value = Single();
        if (!_tokens.TryPeek(out var power) || power != "**")
            return value;
        _tokens.Dequeue();
        return Math.Pow(value, Signed());
    }

    private double Single()
    {
        if (!_tokens.TryDequeue(out var token))
            throw new FormatException("An expression ends in its middle.");
        if (token != "(")
            return char.IsAsciiDigit(token[0]) ? Literal(token) : _constant(token) ?? throw new FormatException($"{token} is no constant.");
        var value = Sum();
        return _tokens.TryDequeue(out var end) && end == ")" ? value : throw new FormatException("A bracket is not closed.");
    }

    private static double Literal(string token) =>
        double.Parse(token.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static Regex Declaration(string constant) =>
        new($@"\bconst {Regex.Escape(constant)}(: number)? = (?<value>[^;]+);", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static Regex Import(string constant) =>
        new($@"^import \{{[^}}]*\b{Regex.Escape(constant)}\b[^}}]*\}} from '(?<file>\.[^']+)';", Multiline, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\d[\d_]*(\.\d+)?|\w+|\*\*|\S", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
