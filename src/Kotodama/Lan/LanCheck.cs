using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kotodama.Cli.Tls;

namespace Kotodama.Cli.Lan;

/// <summary>What <c>kotodama doctor</c> finds out about <c>--lan</c>.</summary>
/// <param name="IsGood">Whether a phone can come in, as far as this machine can tell.</param>
/// <param name="Text">A sentence.</param>
/// <param name="More">What to do, as a sentence.</param>
internal sealed record LanCheck(bool IsGood, string Text, string More)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <summary>Asks a hub that listens for phones for its certificate.</summary>
    /// <param name="page">Where phones find it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<LanCheck> RunAsync(Uri page, TimeProvider time, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, page.Port, either.Token);

            // Whether this machine trusts it says nothing about phones, which may have installed the root.
            await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = page.IdnHost }, either.Token);
            using var shown = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
            return Judge(page, shown, time.GetUtcNow());
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new LanCheck(false, $"Nothing speaks TLS at {page}: {e.Message.TrimEnd('.')}.", "Restart the hub with --lan.");
        }
    }

    private static LanCheck Judge(Uri page, X509Certificate2 shown, DateTimeOffset now)
    {
        var until = CertificateBundle.End(shown);
        if (now >= until)
            return new LanCheck(false, $"The certificate for phones has expired on {until:yyyy-MM-dd}.", "The log says why it is so old.");
        return shown.MatchesHostname(page.Host.Trim('[', ']'))
            ? new LanCheck(
                true,
                $"Phones of the local network come in at {page}, by a certificate that is valid until {until:yyyy-MM-dd}.",
                $"If one does not get there, let TCP port {page.Port} through the firewall of this machine; docs/remote.md has more.")
            : new LanCheck(
                false, $"The certificate for phones is not for {page.Host}.", "Restart the hub, or take a name that is in --tls-cert.");
    }
}
