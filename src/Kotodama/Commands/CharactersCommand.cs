using System.CommandLine;
using System.Text;
using Kotodama.Companion.Characters;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama characters</c>: who can talk here, and which files cannot be read.</summary>
internal static class CharactersCommand
{
    public static Command Build()
    {
        var characters = SharedOptions.Characters();
        var data = SharedOptions.Data();
        var command = new Command("characters", "Show the characters there are, and what is wrong with files that cannot be read.")
        {
            characters, data,
        };
        command.SetAction(parsed => List(SharedOptions.CharactersFolder(parsed.GetValue(characters), parsed.GetValue(data))));
        return command;
    }

    private static int List(string folder)
    {
        Console.OutputEncoding = Encoding.UTF8;
        var set = new CharacterFolder(folder).Read();
        foreach (var character in set.Characters)
            if (!Terminal.TryLines(Describe(character)))
                return ExitCode.Done;
        foreach (var problem in set.Problems)
            Terminal.Error(Terminal.Plain(problem.ToString()) is var text && problem.Loaded ? Terminal.Warn(text) : Terminal.Bad(text));
        Terminal.Line();
        Terminal.Line(Terminal.Dim($"Your own ones go into {folder}; docs/characters.md tells how to write one."));
        return set.Problems.All(p => p.Loaded) ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Describe(Character character)
    {
        var id = Terminal.Good(character.Id.PadRight(12));
        var description = character.Description is { } text ? $"\n{"",-15}{Terminal.Plain(text.ToString())}" : "";
        return $"  {id} {Terminal.Bold(Names(character))} {Terminal.Dim(Languages(character))}{description}";
    }

    private static string Names(Character character)
    {
        var names = character.Name.Languages.Select(character.Name.Of).DefaultIfEmpty(character.Name.ToString());
        return Terminal.Plain(string.Join(" / ", names.Distinct(StringComparer.Ordinal)));
    }

    private static string Languages(Character character) =>
        string.Join(", ", character.Language is { } language ? [language] : character.Prompt.Languages);
}
