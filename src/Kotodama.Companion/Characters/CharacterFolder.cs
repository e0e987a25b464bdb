using System.Reflection;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Companion.Characters;

/// <summary>
/// The folder of characters: <c>NAME/character.json</c> for each of them. A character of the folder takes the place of a built-in one of
/// the same name. Bad files are named and the others are there. Any number of threads.
/// </summary>
/// <param name="path">The folder; it need not be there. Null: only the built-in characters.</param>
/// <param name="logger">Where problems are told when they come up, each once as long as it lasts. Null: nowhere.</param>
public sealed partial class CharacterFolder(string? path, ILogger? logger = null)
{
    /// <summary>The file in a character's folder.</summary>
    public const string FileName = "character.json";

    private const int MostCharacters = 200;

    private static readonly Lazy<Character[]> BuiltIn = new(ReadBuiltIn);

    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    private IReadOnlyList<string> _told = [];

    /// <summary>Reads all characters anew.</summary>
    public CharacterSet Read()
    {
        var characters = BuiltIn.Value.ToDictionary(c => c.Id, StringComparer.Ordinal);
        var problems = new List<CharacterProblem>();
        foreach (var folder in Folders(problems))
        {
            var (character, found) = ReadOne(folder);
            problems.AddRange(found);
            if (character is not null)
                characters[character.Id] = character;
        }

        Tell([.. problems.Select(problem => problem.ToString())]);
        return new CharacterSet([.. characters.Values.OrderBy(c => c.Id, StringComparer.Ordinal)], problems);
    }

    private void Tell(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems.Except(Interlocked.Exchange(ref _told, problems), StringComparer.Ordinal))
            LogProblem(_logger, problem);
    }

    private List<string> Folders(List<CharacterProblem> problems)
    {
        if (!Directory.Exists(path))
            return [];
        try
        {
            var folders = Directory.EnumerateDirectories(path)
                .Where(f => !Path.GetFileName(f).StartsWith('.'))
                .Take(MostCharacters + 1)
                .Order(StringComparer.Ordinal)
                .ToList();
            if (folders.Count <= MostCharacters)
                return folders;
            var tooMany = $"holds more than {MostCharacters} folders; the rest is not read";
            problems.Add(new CharacterProblem(path, null, null, tooMany, Loaded: false));
            return folders[..MostCharacters];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new CharacterProblem(path, null, null, $"cannot be read: {e.Message}", Loaded: false));
            return [];
        }
    }

    private static (Character? Character, IReadOnlyList<CharacterProblem> Problems) ReadOne(string folder)
    {
        var id = Path.GetFileName(folder);
        if (!CharacterReader.IsId(id))
            return Bad(folder, "must have a name of 1 to 64 of a-z 0-9 _ -");
        var file = Path.Combine(folder, FileName);
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[CharacterReader.MostBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > CharacterReader.MostBytes
                ? Bad(file, $"has more than {CharacterReader.MostBytes / 1024} KiB")
                : CharacterReader.Read(id, file, bytes.AsMemory(0, length));
        }
        catch (FileNotFoundException)
        {
            return Bad(folder, $"has no {FileName}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Bad(file, $"cannot be read: {e.Message}");
        }
    }

    private static (Character?, IReadOnlyList<CharacterProblem>) Bad(string file, string message) =>
        (null, [new CharacterProblem(file, null, null, message, Loaded: false)]);

    private static Character[] ReadBuiltIn()
    {
        const string Prefix = "characters/";
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return CharacterReader.Read(name[Prefix.Length..].TrimEnd('/', '\\'), name, bytes).Character!;
        })];
    }

    [LoggerMessage(320, LogLevel.Warning, "A character: {Problem}")]
    private static partial void LogProblem(ILogger logger, PlainText problem);
}
