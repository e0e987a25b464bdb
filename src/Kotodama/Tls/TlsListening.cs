using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kotodama.Cli.Tls;

/// <summary>Makes a listener of the web server speak TLS.</summary>
internal static class TlsListening
{
    /// <summary>From the first byte of a client to the end of the handshake.</summary>
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(5);

    /// <summary>TLS 1.2 or newer, with the certificate that the source has at that moment.</summary>
    public static void UseTls(this ListenOptions listen, ICertificateSource certificates) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        HandshakeTimeout = HandshakeWithin,
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificates.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
        }),
    });
}
