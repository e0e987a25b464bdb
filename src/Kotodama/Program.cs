using System.CommandLine;
using Kotodama.Cli;
using Kotodama.Cli.Commands;
using Kotodama.Cli.Configuration;
using Kotodama.Protocol;

var root = ServeCommand.Configure(new RootCommand("Kotodama gives any program a face: run it, open the page, send it JSON."));
root.Subcommands.Add(ServeCommand.Configure(new Command("serve", "Run the hub and serve the page: the default.")));
root.Subcommands.Add(DemoCommand.Build());
root.Subcommands.Add(SayCommand.Build());
root.Subcommands.Add(ChatCommand.Build());
root.Subcommands.Add(VoiceCommand.Build());
root.Subcommands.Add(VoicesCommand.Build());
root.Subcommands.Add(ListenCommand.Build());
root.Subcommands.Add(CharactersCommand.Build());
root.Subcommands.Add(AvatarCommand.Build());
root.Subcommands.Add(ModelsCommand.Build());
root.Subcommands.Add(ConversationsCommand.Build());
root.Subcommands.Add(BackupCommand.Build());
root.Subcommands.Add(RestoreCommand.Build());
root.Subcommands.Add(StatusCommand.Build());
root.Subcommands.Add(HistoryCommand.Build());
root.Subcommands.Add(WatchCommand.Build());
root.Subcommands.Add(KeyCommand.Build());
root.Subcommands.Add(DoctorCommand.Build());
root.Subcommands.Add(TokenCommand.Build());
root.Subcommands.Add(OriginCommand.Build());

// A text that begins with @ is a text, not the name of a file with more arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (UsageErrors.Of(parsed, args) is { Count: > 0 } problems)
    return Terminal.Refuse(problems);

// The commands end by their token within their own limits; this is how long they may take before Ctrl+C simply ends the process. A chat
// has a meaning of its own for it.
TimeSpan? patience = parsed.CommandResult.Command.Name == ChatCommand.Name ? null : TimeSpan.FromSeconds(2);
try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration { ProcessTerminationTimeout = patience, EnableDefaultExceptionHandler = false });
}
catch (KotodamaException e)
{
    Terminal.Error(Terminal.Bad(Terminal.Plain(e.Message)));
    return e.Code == KotodamaException.NotConnected ? ExitCode.NoHub : ExitCode.Failed;
}
catch (SettingsFileException e)
{
    return Terminal.Refuse([e.Message]);
}
catch (OperationCanceledException)
{
    return ExitCode.Failed;
}
