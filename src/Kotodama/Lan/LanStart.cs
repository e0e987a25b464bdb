using System.Net;
using System.Net.Sockets;
using Kotodama.Cli.Tls;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Kotodama.Cli.Lan;

/// <summary>What <c>--lan</c> adds to the start of the hub.</summary>
internal static class LanStart
{
    /// <summary>What the listener takes: programs with either of them keep it from the port.</summary>
    private static readonly IPAddress[] All = Socket.OSSupportsIPv6 ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.Any];

    /// <summary>Why its port cannot be had, as a sentence; null: it can, or is not wanted.</summary>
    public static async Task<string?> ProblemAsync(ServeSettings settings, CancellationToken cancellationToken)
    {
        var port = settings.LanPort;
        if (!settings.Lan || port == 0 || PortOwner.IsFree(All, port))
            return null;
        var owner = await PortOwner.DescribeAsync(port, cancellationToken);
        return $"Port {port} of --lan is taken by {owner}: stop that, or choose another one with --lan-port "
            + $"(for example --lan-port {(port < 65_535 ? port + 1 : port - 1)}).";
    }

    /// <summary>Tells the invitations the port of a hub that listens. Null: it does not listen for phones, or has no address.</summary>
    public static string? Open(IServiceProvider services)
    {
        if (services.GetService<LanInvitations>() is not { } invitations)
            return null;
        invitations.Port = LanListening.Port(services.GetRequiredService<IServer>()) ?? 0;
        return invitations.Pages() is [var best, ..] ? best : null;
    }

    /// <summary>Prints how a phone, or another machine, comes in with TLS.</summary>
    /// <param name="services">The hub's services.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="port">The port of <c>--bind</c>.</param>
    public static void Invite(IServiceProvider services, ServeSettings settings, int port)
    {
        if (settings is { IsOpen: true, Tls.Cert: not null })
        {
            var names = services.GetRequiredService<ICertificateSource>().Names;
            var addresses = settings.Addresses.Where(a => !IPAddress.IsLoopback(a)).Select(LanAddresses.InUrl);
            foreach (var host in names.Count > 0 ? names : addresses)
                Terminal.Line($"  Others   {Terminal.Accent($"https://{Terminal.Plain(host)}:{port}/")}");
        }

        if (services.GetService<LanInvitations>() is not { } invitations)
            return;

        // What goes into a file or a journal stays there: no token is made for it.
        var isKept = Console.IsOutputRedirected;
        try
        {
            var invitation = isKept ? null : invitations.Invite();
            foreach (var line in LanBanner.Lines(
                invitations.Pages(), invitations.Port, invitation, isKept ? 0 : Console.WindowWidth, Terminal.MayEscape))
                Terminal.Line(line);
        }
        catch (KotodamaException e)
        {
            Terminal.Error(Terminal.Warn(Terminal.Sentences($"No phone can be invited: {e.Message}", e.Hint)));
        }

        Terminal.Line();
    }
}
