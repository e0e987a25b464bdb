using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>A model, a file of one or a Core that cannot be taken, found or stored. The message is for users.</summary>
/// <param name="code">One of <see cref="ErrorCode"/>.</param>
/// <param name="message">What is wrong, with the limit and what came.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="innerException">Why.</param>
public sealed class ModelException(string code, string message, string hint, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>One of <see cref="ErrorCode"/>.</summary>
    public string Code { get; } = code;

    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;

    internal static ModelException Storage(string what, Exception e) => new(
        e is IOException { HResult: DiskFull or unchecked((int)0x80070070) } ? ErrorCode.StorageFull : ErrorCode.StorageFailed,
        $"{what}: {e.Message}",
        "Make room on the disk, or look at the rights of the data folder.",
        e);

    // ENOSPC of Unix; the other one is Windows'.
    private const int DiskFull = 28;
}
