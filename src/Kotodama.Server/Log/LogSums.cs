using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kotodama.Server.Log;

/// <summary>A number that is stored with each message and tells whether its text is still the one that was written.</summary>
internal static class LogSums
{
    /// <summary>The sum of a stored text: the first eight bytes of its SHA-256.</summary>
    public static long Of(byte[] body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
