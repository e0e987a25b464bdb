namespace Kotodama.Server.Log;

/// <summary>
/// Files and folders that only the account of the hub may read and write. On Windows they have the rights of their folder.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfFolder = OfFile | UnixFileMode.UserExecute;

    /// <summary>To make a file, or to write it anew.</summary>
    public static FileStreamOptions New() => Options(FileMode.Create, FileAccess.Write);

    /// <summary>To open a file, or to make it.</summary>
    /// <param name="mode">What to do when the file is there.</param>
    /// <param name="access">What will be done with it.</param>
    public static FileStreamOptions Options(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OfFile;
        return options;
    }

    /// <summary>Makes a folder, and those above it, if it is not there.</summary>
    /// <returns>Whether it was made.</returns>
    public static bool MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
            return false;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OfFolder);
        return true;
    }

    /// <summary>Takes a file away from other accounts.</summary>
    /// <exception cref="IOException">It belongs to another account, or its file system has no rights.</exception>
    public static void Tighten(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~OfFolder) == UnixFileMode.None)
            return;
        try
        {
            File.SetUnixFileMode(path, mode & OfFolder);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
