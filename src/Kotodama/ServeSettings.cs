using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Kotodama.Cli.Tls;
using Kotodama.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli;

/// <summary>
/// Settings of <c>kotodama serve</c>. From the lowest to the highest: these defaults, files of settings (section <c>Kotodama</c>),
/// environment (<c>KOTODAMA_PORT</c> …), command line.
/// </summary>
internal sealed class ServeSettings
{
    private const string Section = "Kotodama";

    /// <summary>The port of the WebSocket, the page and the HTTP API; 0: any free one.</summary>
    public int Port { get; set; } = HubAddress.DefaultPort;

    /// <summary>The port of the founding project's page address; 0: none.</summary>
    public int PagePort { get; set; } = 8000;

    /// <summary>
    /// An address for both of them, or <c>localhost</c>. Of one that other machines reach, <see cref="ExposureRule"/> says what it takes.
    /// </summary>
    public string Bind { get; set; } = "localhost";

    /// <summary>Why the user lets other machines in without a token or without TLS; null: the user does not.</summary>
    public string? Insecure { get; set; }

    /// <summary>The folder for what the hub keeps.</summary>
    public string Data { get; set; } = HubAddress.DefaultDataFolder;

    /// <summary><c>auto</c>: opens a browser when no page comes by itself; <c>never</c>.</summary>
    public string Open { get; set; } = "auto";

    /// <summary>The hub's limit of connections, which the web server has to stay above.</summary>
    public int MaxConnections { get; set; } = new KotodamaServerOptions().MaxConnections;

    /// <summary>Also listens on the local network, with TLS, for phones.</summary>
    public bool Lan { get; set; }

    /// <summary>The port of that; 0: any free one.</summary>
    public int LanPort { get; set; } = 8766;

    /// <summary>The certificate that the user has.</summary>
    public TlsSettings Tls { get; set; } = new();

    /// <summary>Logs what the hub does.</summary>
    public bool Verbose { get; set; }

    /// <summary>The addresses to listen on.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; private set; } = [];

    /// <summary>Whether other machines reach it.</summary>
    public bool IsOpen => Addresses.Any(address => !IPAddress.IsLoopback(address));

    /// <summary>The host name by which this machine's own user reaches it.</summary>
    public string Host => Bind == "localhost" || (IsOpen && Addresses.Any(IsHere)) ? "localhost" : HostOf(Addresses[0]);

    /// <summary>
    /// The names by which clients reach it: of addresses that other machines reach, the addresses themselves, which no web site can make
    /// its own name mean.
    /// </summary>
    public IEnumerable<string> Hosts => Addresses.Any(IsAny)
        ? NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork || Addresses.Contains(IPAddress.IPv6Any))
            .Select(a => HostOf(a.Address))
            .Prepend(Host)
        : Addresses.Select(HostOf).Prepend(Host);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">One makes no sense; the message is a sentence that names it.</exception>
    public static ServeSettings Read(IConfiguration configuration)
    {
        var settings = new ServeSettings();
        configuration.BindKotodama(Section, settings);
        if (settings.Data is { Length: > 0 } data && !data.Contains('\0', StringComparison.Ordinal))
            settings.Data = Path.GetFullPath(data);
        return (settings.Check() ?? settings.CheckLan()) is { } problem
            ? throw new OptionsValidationException(Section, typeof(ServeSettings), [problem])
            : settings;
    }

    private string? Check()
    {
        if (Port is < 0 or > 65535)
            return $"--port must be 0 to 65535 (0: any free one), got {Port}.";
        if (PagePort is < 0 or > 65535)
            return $"--page-port must be 0 to 65535 (0: none), got {PagePort}.";
        if (Port != 0 && Port == PagePort)
            return $"--port and --page-port are both {Port}; the page is on --port anyway, so use --page-port 0.";
        if (Open is not ("auto" or "never"))
            return $"--open must be auto or never, got {Open}.";
        if (string.IsNullOrWhiteSpace(Data))
            return "--data must name a folder.";
        if (Bind == "localhost")
        {
            Addresses = Port == 0 || !HasIPv6Loopback() ? [IPAddress.Loopback] : [IPAddress.Loopback, IPAddress.IPv6Loopback];
            return null;
        }

        if (!IPAddress.TryParse(Bind.Trim('[', ']'), out var address))
            return $"--bind must be localhost or an address such as 127.0.0.1 or [::1], got {Bind}.";
        // The user of this machine, and its programs, reach the hub as ever; with any free port there can be only one address.
        Addresses = IPAddress.IsLoopback(address) || IsAny(address) || Port == 0 ? [address] : [IPAddress.Loopback, address];
        return null;
    }

    private string? CheckLan()
    {
        if (Tls.Problem is { } problem)
            return problem;
        if (Tls.Cert is { } file && !Lan && !IsOpen)
        {
            return $"--tls-cert {file} has no use here: add --lan, or --bind with an address that other machines reach. "
                + "On this machine nothing has to be encrypted.";
        }

        if (Tls.Cert is not null && IsOpen && !Addresses.Any(IsHere))
            return "--tls-cert and --bind need a --port of their own; 0 leaves no way in for the commands of this machine.";
        if (!Lan)
            return null;
        if (LanPort is < 0 or > 65535)
            return $"--lan-port must be 0 to 65535 (0: any free one), got {LanPort}.";
        return LanPort != 0 && (LanPort == Port || LanPort == PagePort)
            ? $"--lan-port and {(LanPort == Port ? "--port" : "--page-port")} are both {LanPort}; "
                + $"choose another one for the local network, for example --lan-port {(LanPort == 65535 ? 8766 : LanPort + 1)}."
            : null;
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsHere(IPAddress address) => IPAddress.IsLoopback(address) || IsAny(address);

    private static string HostOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{new IPAddress(address.GetAddressBytes())}]" : address.ToString();

    private static bool HasIPv6Loopback()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            // Containers often have no IPv6.
            return false;
        }
    }
}
