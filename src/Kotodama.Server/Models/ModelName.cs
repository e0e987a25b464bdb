using System.Globalization;
using System.Text;
using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>Names of models, which are names of folders: the same on every system.</summary>
internal static class ModelName
{
    /// <summary>What the page draws itself has these names, so no model takes them.</summary>
    public static IReadOnlyList<string> Looks { get; } = ["koto", "kitsu", "nagi"];

    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a folder of this name holds a model.</summary>
    public static bool IsValid(string name) => AvatarName.IsValid(name) && !IsDevice(name);

    /// <summary>Whether a file's name means a device on Windows, with any ending.</summary>
    public static bool IsDevice(string name) => Devices.Contains(name.Split('.')[0].TrimEnd());

    /// <summary>The nearest valid name; <c>model</c> where nothing of it can stay.</summary>
    public static string From(string text)
    {
        var name = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Where(IsAllowed).Take(AvatarName.MostCharacters))
            name.Append(rune);
        var made = name.ToString().TrimStart(' ', '.', '_').TrimEnd(' ', '.');
        return IsValid(made) ? made : "model";
    }

    /// <summary>The name, or with the first number behind it that is free.</summary>
    public static string Free(string name, Func<string, bool> isTaken)
    {
        for (var number = 1; ; number++)
        {
            var ending = number == 1 ? "" : $"-{number}";
            var start = string.Concat(name.EnumerateRunes().Take(AvatarName.MostCharacters - ending.Length).Select(r => r.ToString()));
            if (start + ending is var free && !isTaken(free) && !Looks.Contains(free, StringComparer.OrdinalIgnoreCase))
                return free;
        }
    }

    // Marks belong to the letters of many scripts: the dots of decomposed kana, the vowels of Thai.
    private static bool IsAllowed(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || rune.Value is '_' or '-' or '.' or ' ' or '(' or ')'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
