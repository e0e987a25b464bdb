namespace Kotodama.Server.Log;

/// <summary>
/// A file that does nothing but take room. On a full disk nothing can be deleted from a database, because deleting writes first; deleting
/// this file gives the room for it.
/// </summary>
/// <param name="file">Its path.</param>
/// <param name="size">Its size in bytes.</param>
internal sealed class DiskReserve(string file, int size)
{
    public const string FileName = "disk-full.reserve";
    public const int Size = 8 * 1024 * 1024;

    /// <summary>A disk with less room than so many reserves needs it more than we do.</summary>
    private const int Plenty = 4;

    /// <summary>Makes the file if it is not there and the disk has plenty of room. When it cannot be made, there is none.</summary>
    public void Make()
    {
        try
        {
            if (File.Exists(file) && new FileInfo(file).Length == size)
                return;
            var disk = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(file))!);
            if (disk.AvailableFreeSpace < (long)size * Plenty)
                return;

            // Written, because a file that was only made longer takes no room on many file systems; and not with zeros, which some leave
            // out.
            var filler = new byte[64 * 1024];
            Array.Fill(filler, (byte)0x5A);
            using var stream = new FileStream(file, PrivateFiles.New());
            for (var written = 0; written < size; written += filler.Length)
                stream.Write(filler);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Release();
        }
    }

    /// <summary>Gives the room back. False: there was none.</summary>
    public bool Release()
    {
        try
        {
            if (!File.Exists(file))
                return false;
            File.Delete(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
