namespace Kotodama.Server.Log;

/// <summary>
/// The stored messages could not be opened, written or read. An app meets it at its start only: later the hub goes on in memory.
/// </summary>
/// <param name="message">What is wrong, for users.</param>
/// <param name="isFull">Whether there is no room on the disk.</param>
/// <param name="isDamage">Whether the file is not what it should be.</param>
/// <param name="innerException">The cause.</param>
public sealed class LogFailedException(
    string message,
    bool isFull,
    bool isDamage = false,
    Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether there is no room on the disk.</summary>
    public bool IsFull { get; } = isFull;

    /// <summary>Whether the file is not what it should be.</summary>
    public bool IsDamage { get; } = isDamage;
}
