using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kotodama.Server.Log;

/// <summary>
/// A small file beside the database, by which a hub that starts can tell whether the database is the one that was left. Its name holds a
/// random stamp that is in the database, too; another one takes its place at each start and each proper end. In it stands how many times
/// numbers were given; it is written after each commit and before a client hears of the numbers, and survives whatever kills the process.
/// <list type="bullet">
/// <item>An older database, or one that lost its end, has fewer writes than its seal.</item>
/// <item>A folder that was restored over this one has two seals, and a copy of the folder a seal that is another file than it says.</item>
/// </list>
/// </summary>
internal sealed class LogSeal : IDisposable
{
    private const string Ending = ".seal", NewEnding = ".seal.new", Heading = "Kotodama seal 1";
    private const int Digits = 20;

    /// <summary>A seal is shorter.</summary>
    private const int MostBytes = 1024;

    private readonly SafeFileHandle _handle;

    private LogSeal(SafeFileHandle handle) => _handle = handle;

    /// <summary>A stamp for a seal.</summary>
    public static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>Makes the seal of a database and opens it.</summary>
    /// <param name="database">The path of the database.</param>
    /// <param name="stamp">The stamp, which the database gets when the seal is there.</param>
    /// <param name="before">The stamp that the database has until then.</param>
    /// <param name="writes">How many times numbers were given.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static LogSeal Make(string database, string stamp, string before, long writes)
    {
        var (file, unfinished) = ($"{database}-{stamp}{Ending}", $"{database}-{stamp}{NewEnding}");
        try
        {
            using (var stream = new FileStream(unfinished, PrivateFiles.New()))
            {
                stream.Write(Encoding.ASCII.GetBytes(Counter(writes)));
                stream.Flush();
                var born = FileBirth.Of(unfinished);
                stream.Write(Encoding.ASCII.GetBytes($"\n{Heading}\n{stamp}\n{before}\n{born}\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file);
            return Reopen(database, stamp);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Opens the seal of a database.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static LogSeal Reopen(string database, string stamp)
    {
        try
        {
            return new LogSeal(
                File.OpenHandle(
                    $"{database}-{stamp}{Ending}",
                    FileMode.Open,
                    FileAccess.Write,
                    FileShare.ReadWrite | FileShare.Delete));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>
    /// Whether a database is the one that was left: it has its seal, has all that its seal knows of, and every other seal is that of a
    /// start or an end that was killed in the middle.
    /// </summary>
    /// <param name="database">The path of the database.</param>
    /// <param name="stamp">The stamp in it.</param>
    /// <param name="writes">How many times numbers were given, as it says.</param>
    public static bool Fits(string database, string stamp, long writes)
    {
        var found = Files(database).Select(Read).ToArray();
        return found.All(seal => seal is { IsWhereItWasMade: true } && seal.Writes <= writes)
            && found.FirstOrDefault(seal => seal!.Stamp == stamp) is { } own
            && found.All(seal => seal == own || seal!.Before == stamp || seal.Stamp == own.Before);
    }

    /// <summary>Whether there is any seal of a database.</summary>
    public static bool HasAny(string database) => Files(database).Length > 0;

    /// <summary>Deletes the seals of a database.</summary>
    /// <param name="database">The path of the database.</param>
    /// <param name="but">The stamp of the one that stays; null: none.</param>
    public static void Clear(string database, string? but = null)
    {
        foreach (var file in Files(database).Concat(Files(database, NewEnding)))
            if (but is null || !file.EndsWith(but + Ending, StringComparison.Ordinal))
                File.Delete(file);
    }

    /// <summary>Notes how many times numbers were given.</summary>
    public void Note(long writes) => RandomAccess.Write(_handle, Encoding.ASCII.GetBytes(Counter(writes)), 0);

    public void Dispose() => _handle.Dispose();

    private static string Counter(long writes) => writes.ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0');

    private static string[] Files(string database, string ending = Ending)
    {
        var path = Path.GetFullPath(database);
        return Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "-*" + ending);
    }

    /// <summary>What a seal says; null when it cannot be read.</summary>
    private static Content? Read(string file)
    {
        if (new FileInfo(file).Length > MostBytes
            || File.ReadAllText(file).Split('\n') is not [var counter, Heading, var stamp, var before, var born, ""]
            || !long.TryParse(counter, CultureInfo.InvariantCulture, out var writes)
            || !file.EndsWith($"-{stamp}{Ending}", StringComparison.Ordinal))
            return null;
        return new Content(stamp, before, writes, born == FileBirth.Of(file));
    }

    private sealed record Content(string Stamp, string Before, long Writes, bool IsWhereItWasMade);
}
