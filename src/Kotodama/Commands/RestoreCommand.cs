using System.CommandLine;
using Kotodama.Server.Backups;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama restore</c>: puts a backup into a data folder that no hub uses.</summary>
internal static class RestoreCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("file") { Description = "The file that kotodama backup wrote" };
        var data = SharedOptions.Data();
        var command = new Command(
            "restore",
            "Put a backup into the place of what the data folder holds, while no hub runs. What was there is kept beside; pages are told "
            + "that messages after the backup are missing.")
        {
            file, data,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => BackupCommand.DoAsked(() =>
        {
            var folder = SharedOptions.DataFolder(parsed.GetValue(data));
            foreach (var line in HubBackup.Restore(folder, parsed.GetValue(file)!, TimeProvider.System, cancellationToken))
                Terminal.Line(Terminal.Plain($"  {line}"));
            Terminal.Line(Terminal.Plain($"Restored into {folder}."));
        })));
        return command;
    }
}
