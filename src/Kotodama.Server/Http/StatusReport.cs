using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Channels;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;

namespace Kotodama.Server.Http;

/// <summary>The answer of <c>GET /api/status</c>.</summary>
internal sealed record StatusReport
{
    public required string Product { get; init; }

    public required string Version { get; init; }

    public required int Protocol { get; init; }

    public required string Runtime { get; init; }

    public required int ProcessId { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required double UptimeSeconds { get; init; }

    /// <summary>Connections behind which a user looks at the character.</summary>
    public required int Pages { get; init; }

    public required int Connections { get; init; }

    public required long Published { get; init; }

    /// <summary><c>ok</c>, or <c>degraded</c>: see <see cref="Failure"/>.</summary>
    public required string Health { get; init; }

    /// <summary>Whether messages that are stored now survive a crash.</summary>
    public required bool Durable { get; init; }

    /// <summary>Why messages are kept in memory although the hub has a disk; null when they are not.</summary>
    public string? Failure { get; init; }

    /// <summary>Work that waits for the hub's loop.</summary>
    public required int QueueDepth { get; init; }

    public required long Refused { get; init; }

    /// <summary>Messages that came faster than the limits allow.</summary>
    public required long RateLimited { get; init; }

    public required IReadOnlyList<ChannelReport> Channels { get; init; }

    public required IReadOnlyList<ClientReport> Clients { get; init; }

    public required IReadOnlyList<Refusal> RecentRefusals { get; init; }

    /// <summary>
    /// The state of the hub as a client may know it: of its own channels, and who is connected and was refused only when it manages the
    /// hub.
    /// </summary>
    public static StatusReport Of(Hub hub, Grant grant)
    {
        var manages = grant.Allows(Right.Manage);
        var connections = hub.Connections.ToArray();
        var failure = hub.Failure;
        return new StatusReport
        {
            Product = "kotodama",
            Version = KotodamaVersion.Text,
            Protocol = Kotodama.Protocol.ProtocolVersion.Current,
            Runtime = $".NET {Environment.Version}",
            ProcessId = Environment.ProcessId,
            Started = hub.Started,
            UptimeSeconds = Math.Round(hub.Uptime.TotalSeconds, 1),
            Pages = connections.Count(c => c.IsPage),
            Connections = connections.Length,
            Published = hub.Published,
            Health = failure is null ? "ok" : "degraded",
            Durable = hub.Durable,
            Failure = failure?.Reason,
            QueueDepth = hub.QueueDepth,
            Refused = hub.Refusals.Total,
            RateLimited = hub.Limited,
            Channels =
            [
                .. hub.Channels.Where(c => grant.Reaches(c.Name)).OrderBy(c => c.Name, StringComparer.Ordinal).Select(ChannelReport.Of),
            ],
            Clients = [.. connections.OrderBy(c => c.Since).Take(manages ? MostClients : 0).Select(ClientReport.Of)],
            RecentRefusals = manages ? hub.Refusals.Newest() : [],
        };
    }

    /// <summary>The list is for users; a load test has thousands.</summary>
    private const int MostClients = 100;
}

/// <param name="Name">Its name.</param>
/// <param name="Pages">Connections behind which a user looks at it.</param>
/// <param name="Epoch">The life of its numbers.</param>
/// <param name="Seq">The newest number.</param>
/// <param name="Voice">Whether a voice speaks its replies.</param>
/// <param name="Companion">Whether a companion answers its users.</param>
/// <param name="Avatar">The avatar that was chosen for it; null: as the character says.</param>
/// <param name="Speaker">The connection of the page that plays speech, or would play it with its sound on.</param>
/// <param name="Sound">Whether that page is audible; null without one.</param>
internal sealed record ChannelReport(
    string Name,
    int Pages,
    string Epoch,
    long Seq,
    bool Voice,
    bool Companion,
    string? Avatar,
    string? Speaker,
    SoundState? Sound)
{
    public static ChannelReport Of(Channel channel)
    {
        var speaker = channel.Speech.ElectedPage as Connection;
        return new ChannelReport(
            channel.Name,
            channel.Subscriptions.Count(s => s.Viewer.IsPage),
            channel.Epoch,
            channel.Top,
            channel.Speech.Voice is not null,
            channel.Companion.Performer is not null,
            channel.Avatar?.Name,
            speaker?.Session,
            speaker?.Sound);
    }
}

internal sealed record ClientReport(
    string Session,
    string Role,
    string? Client,
    IReadOnlyList<string> Channels,
    DateTimeOffset Since,
    long? Slowed)
{
    public static ClientReport Of(Connection connection) => new(
        connection.Session,
        connection.IsPage ? "page" : (connection.Role ?? PeerRole.Viewer).ToString().ToLowerInvariant(),
        connection.Client,
        connection.Channels,
        connection.Since,
        connection.Slowed is > 0 and var slowed ? slowed : null);
}
