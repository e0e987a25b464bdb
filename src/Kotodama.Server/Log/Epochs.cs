using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kotodama.Server.Log;

/// <summary>
/// Makes epochs: random, so that numbers of different lives never mix. One that continues another names it and the number where it
/// began, so that also a hub that has lost it can tell what its numbers were.
/// </summary>
internal static class Epochs
{
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int NameLength = 8;

    /// <summary>A key for <see cref="Of"/>.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>
    /// The epoch in which a channel begins: with one key always the same, so that a channel that has no message costs no memory
    /// and no disk; with another key another one.
    /// </summary>
    /// <param name="key">Random; a new one whenever a channel that began with it is forgotten.</param>
    /// <param name="channel">The channel.</param>
    public static string Of(byte[] key, string channel)
    {
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(channel));
        return string.Concat(hash.Take(NameLength).Select(b => Alphabet[b % Alphabet.Length]));
    }

    /// <param name="before">Where the numbers go on; null: they begin at 1.</param>
    public static string New(LogPosition? before = null)
    {
        var name = RandomNumberGenerator.GetString(Alphabet, NameLength);
        return before is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{Name(before.Epoch)}.{before.Top}");
    }

    /// <summary>
    /// The number for a viewer's position, in numbers that went through several epochs; null when the position was never part of them.
    /// </summary>
    /// <param name="lives">Each epoch with its last number, in any order.</param>
    /// <param name="has">The position.</param>
    public static long? Place(IEnumerable<LogPosition> lives, LogPosition has)
    {
        var branch = has.Epoch.Split('.') is [_, var name, var number] && long.TryParse(number, CultureInfo.InvariantCulture, out var last)
            ? new LogPosition(name, Math.Min(has.Top, last))
            : null;
        long? place = null;
        foreach (var life in lives)
        {
            if (life.Epoch == has.Epoch)
                return has.Top >= 0 && has.Top <= life.Top ? has.Top : null;

            // What came after it began is lost, and was never known to be kept.
            if (branch is { Top: >= 0 } && Name(life.Epoch) == branch.Epoch && branch.Top <= life.Top)
                place = branch.Top;
        }

        return place;
    }

    private static string Name(string epoch) => epoch.Split('.')[0];
}
