using System.CommandLine;
using Kotodama.Protocol;

namespace Kotodama.Cli;

/// <summary>
/// The option that names the key of end-to-end encryption. The key itself never stands on a command line, where others see it.
/// </summary>
internal sealed class KeyOption
{
    public const string Variable = "KOTODAMA_KEY";

    private readonly Option<FileInfo?> _file = new("--key-file")
    {
        Description = $"File with the key that encrypts for pages that have it, see kotodama key create ({Variable}: the key itself)",
        HelpName = "FILE",
    };

    /// <summary>Gives a command the option.</summary>
    public static KeyOption Add(Command command)
    {
        var option = new KeyOption();
        command.Options.Add(option._file);
        return option;
    }

    /// <summary>The key; null when the user named none.</summary>
    /// <exception cref="KotodamaException">The file cannot be read, or holds no key.</exception>
    public MessageKey? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } file)
        {
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? Parse(text, Variable) : null;
        }

        try
        {
            using var reader = file.OpenText();

            // A key is short; whatever else the file may be, no more of it is read.
            var start = new char[256];
            var text = new string(start, 0, reader.ReadBlock(start));
            if (!OperatingSystem.IsWindows()
                && (file.UnixFileMode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None)
                Terminal.Error(Terminal.Warn(Terminal.Plain($"Other users can read {file}. Change that with: chmod 600 {file}")));
            return Parse(text, $"the file {file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KotodamaException(
                ErrorCode.BadValue,
                $"--key-file {file} cannot be read: {e.Message.TrimEnd('.')}",
                "Make one with: kotodama key create --out FILE.",
                e);
        }
    }

    private static MessageKey Parse(string text, string where)
    {
        try
        {
            return MessageKey.Parse(text);
        }
        catch (FormatException e)
        {
            throw new KotodamaException(ErrorCode.BadValue, $"{where} holds no key", e.Message, e);
        }
    }
}
