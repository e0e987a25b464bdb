using System.CommandLine;
using System.Text;
using Kotodama.Protocol;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama key</c>: makes the key that publishers and pages share and the hub does not have.</summary>
internal static class KeyCommand
{
    public static Command Build() => new("key", "End-to-end encryption: the hub cannot read what it passes on.") { Create() };

    private static Command Create()
    {
        var output = new Option<FileInfo?>("--out")
        {
            Description = "File to write the key into, readable for you alone, instead of printing it",
            HelpName = "FILE",
        };
        var channel = SharedOptions.Channel();
        var command = new Command("create", "Make a key, and print it once with the address of the page.") { output, channel };
        var hubs = HubOptions.Add(command);
        command.SetAction(parsed =>
        {
            var key = MessageKey.Create();
            var hub = hubs.Find(parsed);
            var on = parsed.GetRequiredValue(channel);
            var page = $"{hub}{(on == ChannelName.Default ? "" : $"?channel={on}")}#k={key.Reveal()}";
            if (parsed.GetValue(output) is { } file)
            {
                if (!Write(file, key))
                    return ExitCode.Failed;
                Terminal.Error($"The key {key} is in {Terminal.Plain(file.ToString())}.");
                Terminal.Error($"Programs take it from there: kotodama say --key-file {Terminal.Plain(file.ToString())} \"Hello\"");
            }
            else
            {
                Terminal.Line(key.Reveal());
                Terminal.Error($"This is the key {key}; it is not kept anywhere. Programs take it from {KeyOption.Variable}.");
            }

            Terminal.Error($"Open the page with it: {Terminal.Accent(page)}");
            Terminal.Error(Terminal.Dim("Who has the key, or this address, can read and write everything that is encrypted with it."));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Writes a file that only its owner can read, and never over another one.</summary>
    private static bool Write(FileInfo file, MessageKey key)
    {
        try
        {
            using var stream = PrivateFile.Open(file.FullName, FileMode.CreateNew, FileShare.None);
            stream.Write(Encoding.ASCII.GetBytes(key.Reveal() + "\n"));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Error(Terminal.Bad(Terminal.Sentences($"--out {Terminal.Plain(file.ToString())} cannot be written: {e.Message}")));
            return false;
        }
    }
}
