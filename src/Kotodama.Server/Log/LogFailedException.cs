namespace Kotodama.Server.Log;

/// <summary>A store could not be opened, written or read.</summary>
/// <param name="message">What is wrong, for users.</param>
/// <param name="isFull">Whether there is no room on the disk.</param>
/// <param name="isDamage">Whether the file is not what it should be.</param>
/// <param name="innerException">The cause.</param>
internal sealed class LogFailedException(
    string message,
    bool isFull,
    bool isDamage = false,
    Exception? innerException = null) : Exception(message, innerException)
{
    public bool IsFull { get; } = isFull;

    public bool IsDamage { get; } = isDamage;
}
