using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kotodama.Cli.Lan;
using Kotodama.Cli.Tls;
using Kotodama.Server;

namespace Kotodama.Cli.Security;

/// <summary>Where the hub listens, for whom, and with which certificate.</summary>
internal static class NetworkCheck
{
    private const string MakeToken = "kotodama token create --role talker";

    /// <summary>The bits of the largest network that one proxy may be a part of without a word.</summary>
    private const int UsualPrefix = 24, UsualPrefixOfIPv6 = 64;

    /// <summary>A certificate that ends before that should be seen to.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>What the settings would open; options of a command line come to that.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="options">Those of the hub.</param>
    /// <param name="hasToken">Whether there is a token that counts.</param>
    public static IEnumerable<SecurityFinding> Settings(ServeSettings settings, KotodamaServerOptions options, bool hasToken)
    {
        var hasProxy = options.TrustedProxies.Count > 0;
        var hasTls = settings.Tls.Cert is not null;
        var where = $"{string.Join(" and ", settings.Addresses)}, port {settings.Port}";
        if (options.AllowRemoteClients)
        {
            yield return new(
                SecurityGrade.Danger,
                "Kotodama:AllowRemoteClients is true: whatever reaches the hub, also through a proxy or a tunnel, may do everything.",
                Reach.All,
                $"Take it out of the settings. {MakeToken} makes a token instead.");
        }

        if (ExposureRule.Check(settings.Addresses, hasToken, hasTls || hasProxy, settings.Insecure) is { } refused)
            yield return new(SecurityGrade.Note, $"With these settings the hub does not start: {refused}", Reach.You);
        else if (!settings.IsOpen)
            yield return new(SecurityGrade.Ok, $"By its settings the hub listens on this machine only ({where}).", Reach.Programs);
        else if (!hasToken)
        {
            yield return new(
                SecurityGrade.Danger,
                $"By its settings the hub listens at {where}, and there is no token: every client may read and change everything.",
                Reach.All,
                MakeToken);
        }
        else if (hasTls)
            yield return new(SecurityGrade.Note, $"By its settings the hub listens at {where}, with a token and TLS.", Reach.Holders);
        else
        {
            yield return new(
                hasProxy ? SecurityGrade.Warning : SecurityGrade.Danger,
                $"By its settings the hub listens at {where} without TLS: what is said, and tokens, can be read on the way"
                    + (hasProxy ? " to its proxy." : "."),
                Reach.All,
                "kotodama --lan, or kotodama --tls-cert FILE, or --bind 127.0.0.1 with a proxy on this machine");
        }

        if (settings.Insecure is { } reason && !settings.IsOpen)
        {
            yield return new(
                SecurityGrade.Warning,
                $"Kotodama:Insecure is set (\"{reason}\"), so the next --bind opens the hub without a question.",
                Reach.Unknown,
                "Take Kotodama:Insecure out of the settings.");
        }

        if (settings.Lan)
        {
            yield return new(
                SecurityGrade.Note,
                $"By its settings the hub lets phones in with TLS and a token (--lan, port {settings.LanPort}).",
                Reach.Lan);
        }
    }

    /// <summary>What the hub that runs has open.</summary>
    /// <param name="hub">What it answered.</param>
    public static IEnumerable<SecurityFinding> Running(RunningHub hub)
    {
        var open = hub.Addresses.Where(address => !IPAddress.IsLoopback(address)).ToArray();
        var name = $"The hub that runs (pid {hub.ProcessId})";
        var where = $"{string.Join(" and ", open.Select(a => a.ToString()))}, port {hub.Url.Port}";
        if (hub.AsksNoToken)
        {
            yield return new(
                SecurityGrade.Danger,
                open.Length > 0
                    ? $"{name} listens at {where} and asks no token of other machines: they may read and change everything."
                    : $"{name} asks no token of what a proxy or a tunnel passes on: its clients may read and change everything.",
                Reach.All,
                $"{MakeToken}, then start the hub again without --insecure and Kotodama:AllowRemoteClients");
        }

        if (open.Length == 0)
        {
            yield return hub.Addresses.Count > 0
                ? new(SecurityGrade.Ok, $"{name} listens on this machine only, at {hub.Url}", Reach.Programs)
                : new(SecurityGrade.Warning, $"{name} answers at {hub.Url}; where else it listens cannot be seen here.", Reach.Unknown);
        }
        else if (hub.IsReadable == true)
        {
            yield return new(
                SecurityGrade.Danger,
                $"{name} listens at {where} without TLS: what is said, and tokens, can be read on the way.",
                Reach.All,
                "kotodama --lan, or kotodama --tls-cert FILE, or --bind 127.0.0.1 with a proxy on this machine");
        }
        else if (hub.IsReadable is null)
            yield return new(SecurityGrade.Warning, $"{name} listens at {where}; whether with TLS could not be tried.", Reach.All);
        else if (!hub.AsksNoToken)
            yield return new(SecurityGrade.Note, $"{name} listens at {where}, with TLS, and asks for a token.", Reach.Holders);

        if (hub.Lan is { } lan)
            yield return new(lan.IsGood ? SecurityGrade.Note : SecurityGrade.Warning, lan.Text, Reach.Lan, lan.IsGood ? null : lan.More);
    }

    /// <summary>Whose word counts about the clients that it passes on.</summary>
    /// <param name="proxies">The settings, as users write them.</param>
    public static IEnumerable<SecurityFinding> Proxies(IEnumerable<string> proxies)
    {
        foreach (var text in proxies)
        {
            if (Network(text) is not { } network)
            {
                yield return new(
                    SecurityGrade.Warning,
                    $"The proxy {text} is no address, so the hub does not start.",
                    Reach.Unknown,
                    "--behind-proxy 127.0.0.1");
                continue;
            }

            var isOne = network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8;
            var usual = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? UsualPrefix : UsualPrefixOfIPv6;
            var isPrivate = PrivateNetworks.All.Any(known =>
                known.PrefixLength <= network.PrefixLength && known.Contains(network.BaseAddress));
            var (grade, more) = (isOne, isPrivate, network.PrefixLength >= usual) switch
            {
                (true, _, _) => (SecurityGrade.Ok, "is one address."),
                (_, true, true) => (SecurityGrade.Note, "is a network: each machine in it may say that it is any other one."),
                (_, true, false) => (SecurityGrade.Warning, "is a large network: each machine in it may say that it is any other one."),
                _ => (SecurityGrade.Danger, "is a network of the internet: each machine in it may say that it is any other one."),
            };
            yield return new(
                grade, $"The trusted proxy {text} {more}", isOne ? "that proxy" : $"machines of {network}",
                isOne ? null : $"Name the proxy's own address in the place of {text}: --behind-proxy ADDRESS");
        }
    }

    /// <summary>The user's own certificate, and the one that the hub makes for <c>--lan</c>.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="now">The date.</param>
    public static IEnumerable<SecurityFinding> Certificates(ServeSettings settings, string folder, DateTimeOffset now)
    {
        if (settings.Tls.Cert is { } cert)
        {
            SecurityFinding finding;
            try
            {
                var leaf = CertificateBundle.Read(CertificateFileContents.Read(settings.Tls), now).Leaf;
                finding = Judge($"The certificate in {cert}", leaf, now, "Renew it where it comes from; the hub reads the file again.");
            }
            catch (CertificateException e)
            {
                finding = new(SecurityGrade.Warning, Terminal.Sentences($"There is no TLS: {e.Message}"), Reach.Unknown, e.Hint);
            }

            yield return finding;
        }

        var made = Path.Combine(folder, "lan", "certificate.pem");
        if (File.Exists(made))
            yield return Made(made, now);
    }

    private static SecurityFinding Made(string file, DateTimeOffset now)
    {
        const string Renew = "kotodama --lan renews it.";
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return Judge("The certificate that the hub made for --lan", leaf, now, Renew);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return new(SecurityGrade.Warning, Terminal.Sentences($"{file} cannot be read: {e.Message}"), Reach.Unknown, Renew);
        }
    }

    private static SecurityFinding Judge(string what, X509Certificate2 leaf, DateTimeOffset now, string cure)
    {
        var end = CertificateBundle.End(leaf);
        return end <= now ? new(SecurityGrade.Warning, $"{what} has expired on {end:yyyy-MM-dd}.", Reach.Unknown, cure)
            : end <= now + Soon ? new(SecurityGrade.Warning, $"{what} ends on {end:yyyy-MM-dd}.", Reach.Holders, cure)
            : new(SecurityGrade.Ok, $"{what} is valid until {end:yyyy-MM-dd}.", Reach.Holders);
    }

    /// <summary>As the hub reads it: an address, or a network.</summary>
    private static IPNetwork? Network(string text)
    {
        text = text.Trim();
        if (IPNetwork.TryParse(text, out var network))
            return network;
        if (!IPAddress.TryParse(text.Trim('[', ']'), out var address))
            return null;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
