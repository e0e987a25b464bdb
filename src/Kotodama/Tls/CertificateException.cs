namespace Kotodama.Cli.Tls;

/// <summary>A certificate cannot be used. The message is a sentence that names the file.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="hint">What to do about it, as a sentence.</param>
internal sealed class CertificateException(string message, string hint) : Exception(message)
{
    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;
}
