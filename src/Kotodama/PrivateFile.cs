using System.Text;

namespace Kotodama.Cli;

/// <summary>Files that only the user whom the hub runs as can read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder that other users cannot look into.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            // The folder of a user's application data is the user's own there.
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnFile | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder, OwnFile | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file to be written; one that is made is private from its first byte.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">What to do when it is there.</param>
    /// <param name="share">What others may do with it at the same time.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnFile;
        return new FileStream(path, options);
    }

    /// <summary>Writes a file whole or not at all; it is private from its first byte.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = Open(draft, FileMode.CreateNew, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Takes the rights of others away from a file that was copied or restored.</summary>
    public static void Close(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnFile) != UnixFileMode.None)
            File.SetUnixFileMode(path, OwnFile);
    }
}
