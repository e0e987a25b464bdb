using System.Net;

namespace Kotodama.Cli;

/// <summary>
/// Who listens where other machines reach it keeps them out with a token, and keeps others from listening with TLS; or says why not.
/// </summary>
internal static class ExposureRule
{
    /// <summary>Whether a hub may start.</summary>
    /// <param name="addresses">The addresses it listens on.</param>
    /// <param name="hasToken">Whether clients of other machines could show a token that counts.</param>
    /// <param name="hasTls">Whether it listens with TLS, or a trusted proxy does in its place.</param>
    /// <param name="insecureReason">Why the user wants it all the same; null: the user does not.</param>
    /// <returns>Why it may not, with what to do about it; null: it may.</returns>
    public static string? Check(IReadOnlyList<IPAddress> addresses, bool hasToken, bool hasTls, string? insecureReason)
    {
        if (insecureReason is not null && insecureReason.Count(char.IsLetterOrDigit) < 4)
            return "--insecure must say why, in words, for example --insecure \"the firewall lets in my laptop only\".";
        if (insecureReason is not null || addresses.FirstOrDefault(a => !IPAddress.IsLoopback(a)) is not { } open)
            return null;
        if (!hasToken)
        {
            return $"--bind {open} would let other machines in, and there is no token to tell friends from strangers. "
                + "Make one first: kotodama token create --role talker.";
        }

        return hasTls
            ? null
            : $"--bind {open} would send what is said, and the token, readable over the network, because there is no TLS. "
                + "Use --lan, --tls-cert, or a proxy with TLS in front (--behind-proxy); or say why it is safe: --insecure \"REASON\".";
    }
}
