using System.Buffers.Binary;
using System.IO.Compression;
using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>Looks at a zip file before anything of it is read.</summary>
internal static class ZipLook
{
    /// <summary>Entries of a zip file, those that are not taken included.</summary>
    public const int MostEntries = 32_768;

    private const int EndLength = 22, LongestComment = 65_535, LocatorLength = 20, LargeEndLength = 40;

    private const int LinkBits = 0xA000, KindBits = 0xF000;

    private static ReadOnlySpan<byte> End => [(byte)'P', (byte)'K', 5, 6];

    private static ReadOnlySpan<byte> Locator => [(byte)'P', (byte)'K', 6, 7];

    private static ReadOnlySpan<byte> LargeEnd => [(byte)'P', (byte)'K', 6, 6];

    /// <summary>Whether it begins as a zip file does.</summary>
    public static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith<byte>([(byte)'P', (byte)'K', 3, 4]) || head.StartsWith(End);

    /// <summary>Refuses what is none, and one that lists more entries than anything could need.</summary>
    public static void Examine(Stream zip)
    {
        Span<byte> head = stackalloc byte[8];
        head = head[..zip.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (!IsZip(head))
            throw NoZip(head);
        var tail = new byte[(int)Math.Min(zip.Length, EndLength + LongestComment + LocatorLength)];
        zip.Seek(-tail.Length, SeekOrigin.End);
        zip.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf(End);
        if (at < 0 || at + EndLength > tail.Length)
            throw NoEnd();
        if (Entries(zip, tail, at) > MostEntries)
        {
            throw new ModelException(
                ErrorCode.TooBig, $"the zip file has more than {MostEntries} entries", "Unpack it and add the model's folder.");
        }

        zip.Seek(0, SeekOrigin.Begin);
    }

    /// <summary>Whether an entry is a symbolic link of Unix: its content would be another file's path.</summary>
    public static bool IsLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & KindBits) == LinkBits;

    /// <summary>How many entries the end of a file lists: where it points to a larger end, the number in that one counts.</summary>
    private static ulong Entries(Stream zip, ReadOnlySpan<byte> tail, int at)
    {
        var end = tail[at..];
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var isLarge = entries == ushort.MaxValue
            || BinaryPrimitives.ReadUInt16LittleEndian(end[4..]) == ushort.MaxValue
            || BinaryPrimitives.ReadUInt32LittleEndian(end[16..]) == uint.MaxValue;
        if (!isLarge)
            return entries;
        if (at < LocatorLength || !tail[(at - LocatorLength)..].StartsWith(Locator))
            throw NoEnd();
        var place = BinaryPrimitives.ReadInt64LittleEndian(tail[(at - LocatorLength + 8)..]);
        if (place < 0 || place > zip.Length - LargeEndLength)
            throw NoEnd();
        Span<byte> large = stackalloc byte[LargeEndLength];
        zip.Seek(place, SeekOrigin.Begin);
        zip.ReadExactly(large);
        return large.StartsWith(LargeEnd) ? BinaryPrimitives.ReadUInt64LittleEndian(large[32..]) : throw NoEnd();
    }

    private static ModelException NoEnd() =>
        new(ErrorCode.BadModel, "the zip file is damaged: its end is missing", "Fetch it again.");

    private static ModelException NoZip(ReadOnlySpan<byte> head)
    {
        var kind = head.StartsWith("Rar!"u8) ? "a RAR file" : head.StartsWith("7z"u8) ? "a 7z file" : "no zip file";
        return new ModelException(ErrorCode.BadModel, $"it is {kind}", "Unpack it and add the folder, or pack it as zip.");
    }
}
