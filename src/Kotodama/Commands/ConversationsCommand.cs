using System.CommandLine;
using System.Globalization;
using System.Text;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama conversations</c>: what was talked about, read from the data folder, whether a hub runs or not.</summary>
internal static class ConversationsCommand
{
    public static Command Build()
    {
        var command = new Command("conversations", "Show, search, export and delete conversations; a hub may run meanwhile.");
        ConfigureList(command);
        command.Subcommands.Add(ConfigureList(new Command("list", "Show the conversations of a channel, the newest first: the default.")));
        command.Subcommands.Add(Search());
        command.Subcommands.Add(Show());
        command.Subcommands.Add(Export());
        command.Subcommands.Add(Delete());
        return command;
    }

    private static Command ConfigureList(Command command)
    {
        var limit = Limit("conversations", 20);
        command.Options.Add(limit);
        SetAction(command, mayWrite: false, async (parsed, store, channel, cancellationToken) =>
        {
            var conversations = await store.ListAsync(channel, parsed.GetRequiredValue(limit)!.Value, cancellationToken);
            foreach (var it in conversations)
            {
                var start = $"{Terminal.Good(it.Id)} {Terminal.Dim(Time(it.LastAt))} {Terminal.Plain(it.Character),-8}";
                if (!Terminal.TryLine($"{start} {it.Messages,5}  {Terminal.Plain(it.Title ?? "")}"))
                    break;
            }

            if (conversations.Count == 0)
                Terminal.Error(Terminal.Dim($"There are no conversations on channel {channel}."));
            return ExitCode.Done;
        }, isList: true);
        return command;
    }

    private static Command Search()
    {
        var text = new Argument<string>("text")
        {
            Description = $"What to look for, in any case and script, at most {ConversationLimits.Query} characters",
        };
        var limit = Limit("places", 20);
        var command = new Command("search", "Find where something was said.") { text, limit };
        SetAction(command, mayWrite: false, async (parsed, store, channel, cancellationToken) =>
        {
            var hits = await store.SearchAsync(channel, parsed.GetValue(text)!, parsed.GetRequiredValue(limit)!.Value, cancellationToken);
            foreach (var hit in hits)
            {
                var place = $"{Terminal.Good(hit.Conversation)} {Terminal.Dim(Time(hit.At))} {Terminal.Dim($"#{hit.Number}"),-6}";
                if (!Terminal.TryLine($"{place} {Terminal.Plain(hit.Text)}"))
                    break;
            }

            if (hits.Count == 0)
                Terminal.Error(Terminal.Dim($"Nothing of it was said on channel {channel}."));
            return hits.Count > 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Show()
    {
        var id = Id();
        var limit = Limit("entries", 100);
        var command = new Command("show", "Show what was said, the newest at the end.") { id, limit };
        SetAction(command, mayWrite: false, async (parsed, store, channel, cancellationToken) =>
        {
            var it = await store.FindAsync(channel, parsed.GetValue(id)!, cancellationToken);
            var most = parsed.GetRequiredValue(limit)!.Value;
            foreach (var (number, at, said) in await store.ReadAsync(channel, it.Id, null, most, cancellationToken))
            {
                var place = Terminal.Dim($"{Time(at)} #{number}");
                var who = said.Role == ConversationRole.User
                    ? Terminal.Accent("you".PadRight(8))
                    : Terminal.Bold(Terminal.Plain(it.Character).PadRight(8));
                var end = said.Interrupted ? Terminal.Dim(" (interrupted)") : "";
                if (!Terminal.TryLine($"{place,-24} {who} {Terminal.Plain(said.Text)}{end}"))
                    break;
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Export()
    {
        var id = Id();
        var format = new Option<string>("--format")
        {
            Description = "json or markdown",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => ConversationExport.Markdown,
        };
        format.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var written }] && written is not (ConversationExport.Json or ConversationExport.Markdown))
                result.AddError($"--format must be json or markdown, got {written}");
        });
        var command = new Command("export", "Print a whole conversation as a file.") { id, format };
        SetAction(command, mayWrite: false, async (parsed, store, channel, cancellationToken) =>
        {
            var export = await ConversationExport.WriteAsync(
                store, channel, parsed.GetValue(id)!, parsed.GetValue(format)!, cancellationToken);
            var text = export.Text.TrimEnd('\n');
            _ = parsed.GetValue(format) == ConversationExport.Json ? Terminal.TryJson(text) : Terminal.TryLines(text);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Delete()
    {
        var id = Id();
        var command = new Command("delete", "Delete a conversation for good.") { id };
        SetAction(command, mayWrite: true, async (parsed, store, channel, cancellationToken) =>
        {
            var it = await store.FindAsync(channel, parsed.GetValue(id)!, cancellationToken);
            await store.DeleteAsync(channel, it.Id, cancellationToken);
            Terminal.Line($"Deleted {it.Id} ({it.Messages} entries).");
            return ExitCode.Done;
        });
        return command;
    }

    private static void SetAction(
        Command command,
        bool mayWrite,
        Func<ParseResult, IConversationStore, string, CancellationToken, Task<int>> action,
        bool isList = false)
    {
        var channel = SharedOptions.Channel();
        var data = SharedOptions.Data();
        command.Options.Add(channel);
        command.Options.Add(data);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Console.OutputEncoding = Encoding.UTF8;
            var file = Path.Combine(SharedOptions.DataFolder(parsed.GetValue(data)), ConversationStores.FileName);
            try
            {
                if (!IsThere(file))
                {
                    Terminal.Error(Terminal.Dim($"There are no conversations yet: {file} is not there."));
                    return isList ? ExitCode.Done : ExitCode.Failed;
                }

                await using var store = ConversationStores.OpenExisting(file, mayWrite);
                return await action(parsed, store, parsed.GetValue(channel)!, cancellationToken);
            }
            catch (ConversationException e)
            {
                var hint = e.Code == AnswerCode.NotFound ? "kotodama conversations list shows which there are." : e.Hint;
                Terminal.Error(Terminal.Bad(Terminal.Plain(Terminal.Sentences(e.Message, hint))));
                return e.Code == ConversationException.StorageFormat ? ExitCode.Usage : ExitCode.Failed;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var problem = Terminal.Sentences($"{file} cannot be read: {e.Message}", "--data names another folder");
                Terminal.Error(Terminal.Bad(Terminal.Plain(problem)));
                return ExitCode.Usage;
            }
        });
    }

    /// <summary>Whether the file is there. Asking the system whether it exists says no where looking is forbidden.</summary>
    private static bool IsThere(string file)
    {
        try
        {
            using var looked = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static Argument<string> Id() => new("id") { Description = "The conversation, as list shows it" };

    private static Option<int?> Limit(string things, int usual) =>
        SharedOptions.Number("--limit", $"How many {things}, 1 to {ConversationLimits.Page}", "N", 1, ConversationLimits.Page, usual);

    private static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
