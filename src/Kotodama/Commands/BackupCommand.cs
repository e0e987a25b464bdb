using System.CommandLine;
using System.Globalization;
using Kotodama.Server.Backups;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama backup</c>: what the data folder holds, in one file; a hub may run meanwhile.</summary>
internal static class BackupCommand
{
    public static Command Build()
    {
        var file = new Argument<string?>("file")
        {
            Description = "The file to write [default: kotodama-DATE-TIME.zip here]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there" };
        var data = SharedOptions.Data();
        var command = new Command(
            "backup",
            "Write messages, conversations, characters and what was chosen into one zip file, also while a hub runs. Models, tokens and "
            + "certificates are not in it.")
        {
            file, force, data,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var now = TimeProvider.System.GetLocalNow();
            var target = parsed.GetValue(file) is { Length: > 0 } named
                ? named
                : string.Create(CultureInfo.InvariantCulture, $"kotodama-{now:yyyyMMdd-HHmmss}.zip");
            return DoAsked(() =>
            {
                HubBackup.Write(
                    SharedOptions.DataFolder(parsed.GetValue(data)),
                    target,
                    parsed.GetValue(force),
                    TimeProvider.System,
                    new Lines(),
                    cancellationToken);
                Terminal.Line(Terminal.Plain($"Wrote {target}."));
            });
        }));
        return command;
    }

    /// <summary>Does something with a backup, and says why it cannot be done.</summary>
    internal static int DoAsked(Action what)
    {
        try
        {
            what();
            return ExitCode.Done;
        }
        catch (BackupException e)
        {
            Terminal.Error(Terminal.Bad(Terminal.Plain(Terminal.Sentences(e.Message, e.Hint))));
            return ExitCode.Failed;
        }
    }

    /// <summary>Prints what is in the file as it comes; a progress of .NET would print it later, on another thread.</summary>
    private sealed class Lines : IProgress<(string Name, long Bytes)>
    {
        public void Report((string Name, long Bytes) value) =>
            Terminal.Line($"  {Terminal.Plain(value.Name),-24} {value.Bytes.ToString("N0", CultureInfo.InvariantCulture),16} bytes");
    }
}
