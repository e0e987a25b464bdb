using System.CommandLine;
using Kotodama.Cli;
using Kotodama.Cli.Commands;

var root = ServeCommand.Configure(new RootCommand("Kotodama gives any program a face: run it, open the page, send it JSON."));
root.Subcommands.Add(ServeCommand.Configure(new Command("serve", "Run the hub and serve the page: the default.")));
root.Subcommands.Add(DemoCommand.Build());
root.Subcommands.Add(SayCommand.Build());
root.Subcommands.Add(ChatCommand.Build());
root.Subcommands.Add(VoiceCommand.Build());
root.Subcommands.Add(VoicesCommand.Build());
root.Subcommands.Add(ListenCommand.Build());
root.Subcommands.Add(CharactersCommand.Build());
root.Subcommands.Add(ConversationsCommand.Build());
root.Subcommands.Add(StatusCommand.Build());
root.Subcommands.Add(HistoryCommand.Build());
root.Subcommands.Add(WatchCommand.Build());
root.Subcommands.Add(DoctorCommand.Build());

// The commands end by their token within their own limits; this is how long they may take before Ctrl+C simply ends the process.
var parsed = root.Parse(args);
// A chat has a meaning of its own for it.
TimeSpan? patience = parsed.CommandResult.Command.Name == ChatCommand.Name ? null : TimeSpan.FromSeconds(2);
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = patience });
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
