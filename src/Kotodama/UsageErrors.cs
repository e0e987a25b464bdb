using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Kotodama.Cli;

/// <summary>
/// What is wrong with a command line, in a sentence each: what was written, and what is right. The parser takes an option that it does not
/// know for a text, and what it says of others is in terms of its own types, above a page of help.
/// </summary>
internal static partial class UsageErrors
{
    /// <summary>What keyboards and word processors make of a hyphen.</summary>
    private const string Dashes = "-‐‑‒–—―−－";

    /// <summary>Finds what is wrong.</summary>
    /// <param name="parsed">The command line as it was parsed.</param>
    /// <param name="arguments">The command line as it was written.</param>
    /// <returns>Nothing when all is well, or the user asks for help.</returns>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return [];
        var command = parsed.CommandResult.Command;
        var misplaced = Misplaced(parsed.CommandResult).DistinctBy(it => it.Key).ToDictionary(StringComparer.Ordinal);
        string[] problems = [.. Unknown(command, arguments, misplaced.Keys), .. misplaced.Values];

        // Other errors follow from these.
        if (problems.Length == 0)
            problems = [.. parsed.Errors.Select(error => Sentence(error, parsed)).Distinct(StringComparer.Ordinal)];
        return problems.Length == 0 ? [] : [.. problems, $"{PathOf(command)} --help lists what there is."];
    }

    private static IEnumerable<string> Unknown(Command command, IReadOnlyList<string> arguments, IEnumerable<string> misplaced)
    {
        string[] known = [.. Known(command), .. misplaced];
        foreach (var argument in arguments.TakeWhile(argument => argument != "--"))
        {
            var name = argument.Split('=', ':')[0];
            var hyphened = "--" + name.TrimStart(Dashes.ToCharArray());
            if (known.Contains(name, StringComparer.Ordinal))
                continue;
            if (name.Length > 0 && name[0] != '-' && Dashes.Contains(name[0], StringComparison.Ordinal))
            {
                if (known.Contains(hyphened, StringComparer.OrdinalIgnoreCase))
                    yield return $"{name} begins with another dash; write {hyphened.ToLowerInvariant()}.";
            }
            else if (LooksLikeOption().IsMatch(argument))
            {
                string[] names = [.. Known(command).Where(k => k.StartsWith("--", StringComparison.Ordinal))];
                var nearest = Nearest(name.TrimStart('-'), names, k => k[2..]);
                var offers = nearest is null ? $"it has {string.Join(", ", names)}." : $"did you mean {nearest}?";
                var asText = command.Arguments.Count > 0 ? " To give it as a text, put -- before it." : "";
                yield return $"{NameOf(command)} has no option {name}; {offers}{asText}";
            }
        }
    }

    /// <summary>An option of a command that has another one after it means nothing.</summary>
    /// <returns>Each with what is wrong with it.</returns>
    private static IEnumerable<KeyValuePair<string, string>> Misplaced(CommandResult result)
    {
        for (var above = result.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
        {
            foreach (var option in above.Children.OfType<OptionResult>().Where(o => !o.Implicit && !o.Option.Recursive))
            {
                var name = option.IdentifierToken?.Value ?? option.Option.Name;
                yield return KeyValuePair.Create(name, Known(result.Command).Contains(name, StringComparer.Ordinal)
                    ? $"{name} has no effect before {result.Command.Name}; write it behind."
                    : $"{result.Command.Name} has no option {name}; it is one of {NameOf(above.Command)}.");
            }
        }
    }

    private static string Sentence(ParseError error, ParseResult parsed)
    {
        var result = error.SymbolResult is ArgumentResult { Parent: OptionResult parent } ? parent : error.SymbolResult;
        switch (result)
        {
            case OptionResult { Tokens.Count: 0, Implicit: false, Option: { Arity.MinimumNumberOfValues: > 0 } option } missing:
                return $"{missing.IdentifierToken?.Value ?? option.Name} needs a value{(option.HelpName is { } what ? $", {what}" : "")}.";
            case OptionResult { IdentifierTokenCount: > 1, Option.Arity.MaximumNumberOfValues: <= 1 } twice:
                return $"{twice.Option.Name} was given {twice.IdentifierTokenCount} times; it takes one value.";
            case OptionResult option when option.Option.ValueType == typeof(bool):
                return $"{option.Option.Name} takes no value.";
            case ArgumentResult { Tokens.Count: 0, Argument: { Arity.MinimumNumberOfValues: > 0 } argument }:
                return Missing(parsed.CommandResult.Command, argument);
        }

        var command = parsed.CommandResult.Command;
        var left = command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is null or { Tokens.Count: 0 });
        if (result is CommandResult && left is not null)
            return Missing(command, left);
        if (result is CommandResult && parsed.UnmatchedTokens is [var extra, ..])
            return Extra(command, extra);
        return error.Message.TrimEnd('.') + ".";
    }

    private static string Missing(Command command, Argument argument) =>
        $"{NameOf(command)} needs {argument.Name.ToUpperInvariant()}: {argument.Description}.";

    private static string Extra(Command command, string extra)
    {
        if (command.Subcommands.Count > 0)
        {
            var nearest = Nearest(extra, command.Subcommands.Select(c => c.Name), name => name);
            var names = string.Join(", ", command.Subcommands.Select(c => c.Name));
            return $"There is no command {extra}; {(nearest is null ? $"there are {names}." : $"did you mean {nearest}?")}";
        }

        return command.Arguments is [var argument]
            ? $"{command.Name} takes one {argument.Name.ToUpperInvariant()}, and {extra} is more; put quotes round a text of several words."
            : $"{NameOf(command)} takes no text, and {extra} is one.";
    }

    /// <summary>The options of a command as they may be written, the most usual first.</summary>
    private static string[] Known(Command command)
    {
        var above = command.Parents.OfType<Command>().SelectMany(c => c.Options).Where(o => o.Recursive);
        var options = command.Options.Concat(above).Where(option => !option.Hidden);
        return [.. options.SelectMany(option => option.Aliases.Prepend(option.Name)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The nearest word, when one is near enough that it may have been meant.</summary>
    private static string? Nearest(string written, IEnumerable<string> words, Func<string, string> compared)
    {
        var wanted = written.ToLowerInvariant();
        return words.Select(word => (Word: word, Distance: Distance(wanted, compared(word))))
            .Where(it => it.Distance <= Math.Max(1, Math.Min(wanted.Length, compared(it.Word).Length) / 2.0))
            .OrderBy(it => it.Distance)
            .Select(it => it.Word)
            .FirstOrDefault();
    }

    /// <summary>How many letters have to be put in, left out, changed or swapped; a beginning of the word is one step away.</summary>
    private static double Distance(string a, string b)
    {
        if (a.Length > 0 && b.StartsWith(a, StringComparison.Ordinal))
            return 1;
        var steps = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }

                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                steps[i, j] = Math.Min(Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1, steps[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
            }
        }

        return steps[a.Length, b.Length];
    }

    private static string NameOf(Command command) => command is RootCommand ? "kotodama" : command.Name;

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } above ? $"{PathOf(above)} {command.Name}" : "kotodama";

    /// <summary>Hyphens and letters without a space; a text such as "-5 degrees" is none.</summary>
    [GeneratedRegex(@"^--?[A-Za-z?][\w-]*([=:].*)?$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1_000)]
    private static partial Regex LooksLikeOption();
}
