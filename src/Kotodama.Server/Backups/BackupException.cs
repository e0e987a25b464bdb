namespace Kotodama.Server.Backups;

/// <summary>A backup could not be made or restored. Nothing was changed, unless the message says so.</summary>
public sealed class BackupException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong, for users.</param>
    /// <param name="hint">What to do.</param>
    /// <param name="innerException">What it came from.</param>
    public BackupException(string message, string hint, Exception? innerException = null)
        : base(message, innerException) => Hint = hint;

    /// <summary>What to do, for people.</summary>
    public string Hint { get; }
}
