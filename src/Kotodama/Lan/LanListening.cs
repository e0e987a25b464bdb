using System.Net;
using System.Net.Sockets;
using Kotodama.Cli.Tls;
using Kotodama.Server;
using Kotodama.Server.Access;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kotodama.Cli.Lan;

/// <summary><c>--lan</c>: a second listener of the hub, with TLS, for the machines of the local network.</summary>
internal static partial class LanListening
{
    /// <summary>Adds what the settings ask for to an app with the hub: a certificate, and invitations.</summary>
    public static void AddLan(this IServiceCollection services, ServeSettings settings)
    {
        if (!settings.Lan && settings.Tls.Cert is null)
            return;
        services.AddSingleton<ICertificateSource>(provider =>
        {
            var (time, logger) = (provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LanCertificates>>());
            return settings.Tls.Cert is null
                ? new LanCertificates(settings.Data, Dns.GetHostName(), Addresses, time, logger)
                : new CertificateFiles(settings.Tls, time, logger);
        });
        services.AddOptions<KotodamaServerOptions>().Configure<ICertificateSource>((options, certificates) =>
        {
            foreach (var name in certificates.Names)
                options.AllowedHosts.Add(name);
        });
        if (!settings.Lan)
            return;
        services.AddSingleton(provider => new LanInvitations(
            provider.GetRequiredService<ICertificateSource>(),
            Addresses,
            provider.GetRequiredService<TokenStore>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPhoneInvitations>(provider => provider.GetRequiredService<LanInvitations>());
    }

    /// <summary>Listens on an address of the settings: with TLS for other machines when the user has a certificate.</summary>
    public static void ListenOn(this KestrelServerOptions kestrel, IPAddress address, int port, ServeSettings settings) =>
        kestrel.Listen(address, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (settings.Tls.Cert is null || IPAddress.IsLoopback(address))
                return;
            var certificates = kestrel.ApplicationServices.GetRequiredService<ICertificateSource>();
            if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                listen.UseTlsFromElsewhere(certificates, kestrel.ApplicationServices.GetRequiredService<TimeProvider>());
            else
                listen.UseTls(certificates);
        });

    /// <summary>Listens on all addresses of the machine.</summary>
    public static void ListenOnLan(this KestrelServerOptions kestrel, int port)
    {
        var services = kestrel.ApplicationServices;
        var certificates = services.GetRequiredService<ICertificateSource>();
        var logger = services.GetRequiredService<ILogger<LanCertificates>>();
        kestrel.ListenAnyIP(port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.KeepToPrivateNetworks(logger);
            listen.UseTls(certificates);
        });
    }

    /// <summary>The port that was found for it, the last one that is listened on; null: there is none.</summary>
    public static int? Port(IServer server) =>
        server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))
            .LastOrDefault(address => address.Scheme == Uri.UriSchemeHttps)?.Port;

    /// <summary>
    /// Hangs up on who comes over the internet, before a byte is read: a router may pass the port on, or the machine have a public address.
    /// </summary>
    private static void KeepToPrivateNetworks(this ListenOptions listen, ILogger logger)
    {
        var told = 0;
        listen.Use(next => connection =>
        {
            if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || IsNear(address))
                return next(connection);

            // Scanners come again and again; once is enough.
            if (Interlocked.Exchange(ref told, 1) == 0)
                LogFar(logger, address);
            connection.Abort(new ConnectionAbortedException("not of a private network"));
            return Task.CompletedTask;
        });
    }

    /// <summary>Whether an address is of a private network, or shares the prefix of one of this machine's own addresses of IPv6.</summary>
    private static bool IsNear(IPAddress address) =>
        PrivateNetworks.Contain(address)
        || (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 && IsNextDoor(address));

    private static bool IsNextDoor(IPAddress address)
    {
        const int PrefixBytes = 8;
        var prefix = address.GetAddressBytes()[..PrefixBytes];
        return LanInterface.Read().SelectMany(i => i.Addresses)
            .Any(own => own.AddressFamily == address.AddressFamily && own.GetAddressBytes().AsSpan(0, PrefixBytes).SequenceEqual(prefix));
    }

    private static IReadOnlyList<IPAddress> Addresses() => LanAddresses.Choose(LanInterface.Read());

    [LoggerMessage(
        676,
        LogLevel.Warning,
        "A client at {Address} came over the internet and was turned away: --lan serves the local network only. "
        + "docs/remote.md says how to let others in. Further ones are not logged.")]
    private static partial void LogFar(ILogger logger, IPAddress address);
}
