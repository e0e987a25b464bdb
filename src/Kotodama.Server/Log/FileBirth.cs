using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Kotodama.Server.Log;

/// <summary>
/// What a file has from the moment that it was made, and a copy of it has not, whatever times the copy was given: on Linux its inode and
/// its time of birth, elsewhere its time of birth.
/// </summary>
internal static partial class FileBirth
{
    /// <summary>For a file system or a system that does not say.</summary>
    private const string Unknown = "unknown";

    /// <summary>https://man7.org/linux/man-pages/man2/statx.2.html; the layout is the same on all processors.</summary>
    private const int CurrentFolder = -100, Size = 256, MaskAt = 0, InodeAt = 32, InodeLength = 8, BirthAt = 80, BirthLength = 12;

    private const uint Inode = 0x100, Birth = 0x800;

    /// <summary>The birth of a file, as a word.</summary>
    public static string Of(string file)
    {
        if (!OperatingSystem.IsLinux())
            return File.GetCreationTimeUtc(file).Ticks.ToString(CultureInfo.InvariantCulture);
        var found = new byte[Size];
        try
        {
            if (StatX(CurrentFolder, file, 0, Inode | Birth, found) != 0)
                return Unknown;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // The C library is older than 2018.
            return Unknown;
        }

        var known = BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(MaskAt));
        var born = (known & Birth) != 0 ? Convert.ToHexString(found, BirthAt, BirthLength) : Unknown;
        return (known & Inode) != 0 ? $"{Convert.ToHexString(found, InodeAt, InodeLength)}-{born}" : born;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> found);
}
