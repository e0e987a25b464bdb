using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kotodama.Cli.Security;

/// <summary>Which account a file belongs to. Only Linux says it in a way that is the same on all processors.</summary>
internal static partial class FileOwner
{
    /// <summary>https://man7.org/linux/man-pages/man2/statx.2.html</summary>
    private const int CurrentFolder = -100, Size = 256, UserAt = 20;

    private const uint User = 0x8;

    /// <summary>The account of this process; null: not known.</summary>
    public static uint? Own => OperatingSystem.IsLinux() ? EffectiveUser() : null;

    /// <summary>The account of a file or a folder; null: not known.</summary>
    public static uint? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var found = new byte[Size];
        try
        {
            return StatX(CurrentFolder, path, 0, User, found) == 0 ? BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(UserAt)) : null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // The C library is older than 2018.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> found);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
