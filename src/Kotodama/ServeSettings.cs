using System.Net;
using System.Net.Sockets;
using Kotodama.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli;

/// <summary>
/// Settings of <c>kotodama serve</c>. From the lowest to the highest: these defaults, files of settings (section <c>Kotodama</c>), environment
/// (<c>KOTODAMA_PORT</c> …), command line.
/// </summary>
internal sealed class ServeSettings
{
    private const string Section = "Kotodama";

    /// <summary>The port of the WebSocket, the page and the HTTP API; 0: any free one.</summary>
    public int Port { get; set; } = HubAddress.DefaultPort;

    /// <summary>The port of the founding project's page address; 0: none.</summary>
    public int PagePort { get; set; } = 8000;

    /// <summary>A loopback address or <c>localhost</c> for both of them.</summary>
    public string Bind { get; set; } = "localhost";

    /// <summary>The folder for what the hub keeps.</summary>
    public string Data { get; set; } = HubAddress.DefaultDataFolder;

    /// <summary><c>auto</c>: opens a browser when no page comes by itself; <c>never</c>.</summary>
    public string Open { get; set; } = "auto";

    /// <summary>The hub's limit of connections, which the web server has to stay above.</summary>
    public int MaxConnections { get; set; } = new KotodamaServerOptions().MaxConnections;

    /// <summary>Logs what the hub does.</summary>
    public bool Verbose { get; set; }

    /// <summary>The addresses to listen on.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; private set; } = [];

    /// <summary>The host name as a user writes it.</summary>
    public string Host => Bind == "localhost" ? Bind : Addresses[0].ToString() is { } text && text.Contains(':') ? $"[{text}]" : Bind;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">One makes no sense; the message is a sentence that names it.</exception>
    public static ServeSettings Read(IConfiguration configuration)
    {
        var settings = new ServeSettings();
        configuration.BindKotodama(Section, settings);
        if (settings.Data is { Length: > 0 } data && !data.Contains('\0', StringComparison.Ordinal))
            settings.Data = Path.GetFullPath(data);
        return settings.Check() is { } problem ? throw new OptionsValidationException(Section, typeof(ServeSettings), [problem]) : settings;
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
        if (!IPAddress.IsLoopback(address))
        {
            return $"--bind {Bind} would let other machines in, and this version has no passwords to keep strangers out. "
                + "Use localhost, and an SSH tunnel for another machine.";
        }

        Addresses = [address];
        return null;
    }

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
