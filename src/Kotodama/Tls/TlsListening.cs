using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
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

    /// <summary>
    /// The same on an address of all networks, where the programs of this machine have the same port: they need no TLS, so each of their
    /// connections is what its first byte says.
    /// </summary>
    public static void UseTlsFromElsewhere(this ListenOptions listen, ICertificateSource certificates, TimeProvider time)
    {
        ConnectionDelegate? plain = null;
        listen.Use(tls => async connection =>
        {
            var isPlain = IsHere(connection.RemoteEndPoint) && !await BeginsWithTlsAsync(connection, time);
            await (isPlain ? plain! : tls)(connection);
        });
        listen.UseTls(certificates);
        listen.Use(next =>
        {
            plain = next;
            return next;
        });
    }

    private static bool IsHere(EndPoint? remote) =>
        remote is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>Looks at the first byte and leaves it where it is.</summary>
    private static async Task<bool> BeginsWithTlsAsync(ConnectionContext connection, TimeProvider time)
    {
        const byte Handshake = 22;
        using var end = new CancellationTokenSource(HandshakeWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, connection.ConnectionClosed);
        var input = connection.Transport.Input;
        try
        {
            var read = await input.ReadAsync(either.Token);
            var isTls = read.Buffer is { IsEmpty: false, FirstSpan: [Handshake, ..] };
            input.AdvanceTo(read.Buffer.Start);
            return isTls;
        }
        catch (OperationCanceledException)
        {
            // A client that sends nothing may as well connect again.
            connection.Abort(new ConnectionAbortedException("nothing was sent"));
            return false;
        }
    }
}
