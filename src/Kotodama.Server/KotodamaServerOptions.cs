using Kotodama.Protocol;

namespace Kotodama.Server;

/// <summary>Settings of the hub. Every one has a default that works; configuration section <c>Kotodama</c>.</summary>
public sealed class KotodamaServerOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama";

    /// <summary>With less for all channels one message could push out all others.</summary>
    private const long LeastBytes = 1024 * 1024;

    /// <summary>Sizes and rates of messages. Told to every client that says hello.</summary>
    public ProtocolLimits Limits { get; set; } = new();

    /// <summary>
    /// Host names besides <c>localhost</c>, <c>127.0.0.1</c> and <c>[::1]</c> under which clients may reach the hub, compared without case
    /// and port. A request with another <c>Host</c> is refused, which keeps a web site from reaching the hub by rebinding its own name.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Origins of web pages besides the hub's own and loopback ones that may connect, for example <c>http://192.168.1.5:8000</c>.
    /// Compared without case; no wildcards and no paths. <c>file://</c> and <c>null</c> mean pages that were opened as files; any site can
    /// make a frame that has no origin either, so they let in more than files.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Lets clients of other machines in without a token. Off by default: switch it on only where something in front of the hub decides who
    /// may come in.
    /// </summary>
    public bool AllowRemoteClients { get; set; }

    /// <summary>
    /// Addresses of proxies, or networks of them, whose word counts about whom they forward for: <c>X-Forwarded-For</c>, <c>-Proto</c> and
    /// <c>-Host</c>. All that comes from there is of another machine, and so needs a token.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Connections at the same time, at least 1. One more is refused with 503.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// Connections at the same time from one address of another machine; 0: as many as there may be. One more is refused with 503. Behind
    /// a proxy all clients have its address, unless the app takes theirs from its headers.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; } = 32;

    /// <summary>Channels at the same time, at least 1. One more is refused with the error <c>too_many_channels</c>.</summary>
    public int MaxChannels { get; set; } = 1_000;

    /// <summary>
    /// Where kept messages are stored, so that they survive a restart; it belongs to one process at a time. Null: in memory, where they
    /// survive nothing but a lost connection.
    /// </summary>
    public string? DataFolder { get; set; }

    /// <summary>Messages that are kept for each channel, 1 to 100000. One more drops the oldest.</summary>
    public int KeptMessages { get; set; } = 1_000;

    /// <summary>Bytes that are kept for each channel, at least 1. More drop the oldest.</summary>
    public long KeptBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Bytes that are kept of all channels together in the data folder, at least 1048576; each message counts 512 more than its text.
    /// More drop the oldest. One id is remembered for each 1024 of them.
    /// </summary>
    public long MaxStoredBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>The same for messages in memory: without a data folder, and while its disk fails.</summary>
    public long MaxMemoryBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long an id is remembered at least, so that a message sent again is shown once.</summary>
    public TimeSpan IdWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What a reply does while another one is being spoken when its publisher does not say: <see cref="ReplyMode.Interrupt"/> lets replies
    /// replace each other at once, as the founding project's page did.
    /// </summary>
    public ReplyMode ReplyMode { get; set; }

    /// <summary>Bytes of the sound that a publisher may bring for one reply, at least 1.</summary>
    public int MaxSoundBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>How much of models the hub takes, and where the Core comes from.</summary>
    public ModelLimits Models { get; set; } = new();

    /// <summary>Messages that may wait for one connection, at least 1. One more closes it with <see cref="CloseCode.TooSlow"/>.</summary>
    public int OutboxMessages { get; set; } = 4096;

    /// <summary>Bytes that may wait for one connection, at least 1. More closes it with <see cref="CloseCode.TooSlow"/>.</summary>
    public int OutboxBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Whether frames go to the socket past the server's pipe where that is possible: on Linux, without TLS. To be switched off in an app
    /// whose connections have middleware that changes or watches their bytes.
    /// </summary>
    public bool DirectSend { get; set; } = true;

    /// <summary>How long a connection may take nothing while something waits for it before it is closed as too slow.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The interval of pings.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may stay silent after a ping before it is taken as dead.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a client that said no hello may be silent before it is taken as dead. Programs of the founding protocol answer no ping
    /// while they compute or sleep. It has at least the time of the others, <see cref="PingInterval"/> and <see cref="PingTimeout"/>.
    /// </summary>
    public TimeSpan BareTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a closing connection may take to say goodbye before it is cut.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Finds the first setting that makes no sense.</summary>
    /// <returns>A sentence that names the setting and its range, or null.</returns>
    internal string? Validate()
    {
        if (MaxConnections < 1)
            return Bad(nameof(MaxConnections), "at least 1", MaxConnections);
        if (MaxConnectionsPerAddress < 0)
            return Bad(nameof(MaxConnectionsPerAddress), "0 or more", MaxConnectionsPerAddress);
        if (MaxChannels < 1)
            return Bad(nameof(MaxChannels), "at least 1", MaxChannels);
        if (OutboxMessages < 1)
            return Bad(nameof(OutboxMessages), "at least 1", OutboxMessages);
        if (OutboxBytes < 1)
            return Bad(nameof(OutboxBytes), "at least 1", OutboxBytes);
        if (MaxSoundBytes < 1)
            return Bad(nameof(MaxSoundBytes), "at least 1", MaxSoundBytes);
        if (KeptMessages is < 1 or > 100_000)
            return Bad(nameof(KeptMessages), "1 to 100000", KeptMessages);
        if (KeptBytes < 1)
            return Bad(nameof(KeptBytes), "at least 1", KeptBytes);
        if (MaxStoredBytes < LeastBytes)
            return Bad(nameof(MaxStoredBytes), "at least 1048576", MaxStoredBytes);
        if (MaxMemoryBytes < LeastBytes)
            return Bad(nameof(MaxMemoryBytes), "at least 1048576", MaxMemoryBytes);
        if (IdWindow < TimeSpan.Zero || IdWindow > TimeSpan.FromDays(1))
            return Bad(nameof(IdWindow), "0 to one day", IdWindow);
        if (!Enum.IsDefined(ReplyMode))
            return Bad(nameof(ReplyMode), "queue or interrupt", ReplyMode);
        if (Limits.Frame is < 1024 or > 16 * 1024 * 1024)
            return Bad("Limits:Frame", "1024 to 16777216 bytes", Limits.Frame);
        if (Limits.Content < 1)
            return Bad("Limits:Content", "at least 1 character", Limits.Content);
        if (Limits.Duration is not (>= 0 and <= 86_400_000))
            return Bad("Limits:Duration", "0 to 86400000 milliseconds", Limits.Duration);
        if (Limits.Channels is < 1 or > 1024)
            return Bad("Limits:Channels", "1 to 1024", Limits.Channels);
        if (Limits.Errors < 1)
            return Bad("Limits:Errors", "at least 1", Limits.Errors);
        if (Models.Problem() is var (model, range, got))
            return Bad($"{nameof(Models)}:{model}", range, got);
        (string Name, int Value, int Least)[] rates =
        [
            (nameof(Limits.PublishRate), Limits.PublishRate, 0),
            (nameof(Limits.PublishBurst), Limits.PublishBurst, 1),
            (nameof(Limits.FrameRate), Limits.FrameRate, 0),
            (nameof(Limits.FrameBurst), Limits.FrameBurst, 1),
        ];
        foreach (var (name, value, least) in rates)
            if (value < least || value > 1_000_000)
                return Bad($"Limits:{name}", $"{least} to 1000000", value);
        (string Name, TimeSpan Value)[] times =
        [
            (nameof(StallTimeout), StallTimeout),
            (nameof(PingInterval), PingInterval),
            (nameof(PingTimeout), PingTimeout),
            (nameof(BareTimeout), BareTimeout),
            (nameof(CloseTimeout), CloseTimeout),
        ];
        foreach (var (name, value) in times)
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
                return Bad(name, "above zero and at most one hour", value);
        foreach (var origin in AllowedOrigins)
            if (!WebOrigin.TryRead(origin, out _, out var problem))
                return Unusable(nameof(AllowedOrigins), origin, problem);
        foreach (var host in AllowedHosts)
            if (!HostName.TryRead(host, out _, out var problem))
                return Unusable(nameof(AllowedHosts), host, problem);
        foreach (var proxy in TrustedProxies)
            if (!ProxyAddress.TryRead(proxy, out _, out var problem))
                return Unusable(nameof(TrustedProxies), proxy, problem);
        return null;
    }

    private static string Unusable(string setting, string value, string problem) =>
        $"The setting {Section}:{setting} cannot be \"{value}\": {problem}.";

    private static string Bad(string setting, string range, object value) =>
        $"The setting {Section}:{setting} must be {range}, got {value}.";
}
