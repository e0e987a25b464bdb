using System.CommandLine;
using Kotodama.Companion.Chat;
using Kotodama.Protocol;
using Kotodama.Server;

namespace Kotodama.Cli.Commands;

/// <summary>
/// <c>--founding</c>: the hub as programs of the founding project know their server. Such a program recognizes, thinks and speaks itself,
/// so the hub shows what it sends and does nothing of its own. The word is that of the documents, where such a program's user looks.
/// </summary>
internal static class FoundingOption
{
    private const string Name = "--founding";

    /// <summary>What it stands for, as settings.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. ShortSettings.Voice(LlmOptions.Off),
        .. ShortSettings.Talk(LlmOptions.Off, model: null, character: null),
        ShortSettings.Setting(nameof(KotodamaServerOptions.ReplyMode), nameof(ReplyMode.Interrupt)),
    ];

    /// <summary>Adds it to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="leftOut">Options of what it leaves out: with it none of them may ask for anything but <c>off</c>.</param>
    public static Option<bool> AddTo(Command command, params Option<string?>[] leftOut)
    {
        var founding = new Option<bool>(Name)
        {
            Description = "For programs of the founding project, which speak and answer by themselves: --voice off --llm off, "
                + "and each reply replaces the one before at once; docs/from-the-original.md has more",
        };
        command.Options.Add(founding);
        command.Validators.Add(given =>
        {
            if (!given.GetValue(founding))
                return;
            foreach (var option in leftOut)
                if (given.GetValue(option) is { } value && !value.Equals(LlmOptions.Off, StringComparison.OrdinalIgnoreCase))
                    given.AddError($"{option.Name} {value} contradicts {Name}, which is --voice off --llm off. Leave one of the two out");
        });
        return founding;
    }
}
