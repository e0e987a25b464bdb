using System.CommandLine;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama origin</c>: which web sites may use the hub of the data folder, whether it runs or not.</summary>
internal static class OriginCommand
{
    public static Command Build()
    {
        var command = new Command("origin", "Show, allow and remove web sites whose pages may use the hub; it may run meanwhile.");
        ConfigureList(command);
        command.Subcommands.Add(ConfigureList(new Command("list", "Show the origins that are allowed: the default.")));
        command.Subcommands.Add(Allow());
        command.Subcommands.Add(Remove());
        return command;
    }

    private static Command ConfigureList(Command command)
    {
        SetAction(command, (_, origins) =>
        {
            var all = origins.List();
            foreach (var origin in all)
                Terminal.Line(Terminal.Plain(origin));
            if (all.Count == 0)
                Terminal.Error(Terminal.Dim("No origin is allowed. kotodama origin allow https://mysite.test allows one."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Allow()
    {
        var origin = Origin();
        var command = new Command("allow", "Let pages of a web site show the character and make it speak, no more.")
        {
            origin,
        };
        SetAction(command, (parsed, origins) =>
        {
            var added = origins.Allow(parsed.GetValue(origin)!);
            Terminal.Line(added.Count == 0
                ? "It was allowed already."
                : $"Allowed {string.Join(" and ", added.Select(Terminal.Plain))}. A hub that runs goes by it from now on.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove()
    {
        var origin = Origin();
        var command = new Command("remove", "Let pages of a web site in no more.") { origin };
        SetAction(command, (parsed, origins) =>
        {
            if (!origins.Remove(parsed.GetValue(origin)!))
            {
                throw new KotodamaException(
                    ErrorCode.NotFound,
                    "this origin was not allowed",
                    "kotodama origin list shows which are; --allow-origin and appsettings.json may allow others.");
            }

            Terminal.Line("Removed. Its pages that are connected are let go within a second.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> Origin() => new("origin")
    {
        Description = "Scheme, name and perhaps port, e.g. https://mysite.test; null: pages that were opened as files",
    };

    private static void SetAction(Command command, Func<ParseResult, OriginStore, int> action)
    {
        var data = SharedOptions.Data();
        command.Options.Add(data);
        command.SetAction(parsed =>
        {
            Console.OutputEncoding = Encoding.UTF8;
            using var origins = new OriginStore(SharedOptions.DataFolder(parsed.GetValue(data)), TimeProvider.System);
            try
            {
                return action(parsed, origins);
            }
            catch (KotodamaException e) when (e.Code == ErrorCode.BadValue)
            {
                return Terminal.Refuse([Terminal.Sentences(e.Message)]);
            }
        });
    }
}
