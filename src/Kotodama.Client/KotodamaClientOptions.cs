using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>Settings of a <see cref="KotodamaClient"/>. Read once, when connecting.</summary>
public sealed class KotodamaClientOptions
{
    /// <summary>What the client does. A publisher is never sent what is broadcast.</summary>
    public PeerRole Role { get; set; } = PeerRole.Publisher;

    /// <summary>The default channel of a publisher, or the channels of every other role (at least one).</summary>
    public IList<string> Channels { get; set; } = [ChannelName.Default];

    /// <summary>
    /// What a viewer can do, such as <see cref="HelloMessage.DisplayCapability"/>: then it counts as a page. A viewer or a publisher with
    /// <see cref="HelloMessage.TouchCapability"/> is told when a user touches the character.
    /// </summary>
    public IList<string> Capabilities { get; } = [];

    /// <summary>The client's name and version for the hub's log and status, at most 64 characters.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The token for a hub on another machine, as <c>kotodama token create</c> prints it; null: none. It is sent in a header, so use an
    /// address that begins with <c>wss://</c> where others can listen.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>How long one attempt to connect may take.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a message may take until the hub has stored it, counted from the call: room in the outbox, a lost connection that comes
    /// back, sending again, the hub's answer, and its slowness towards a client that sends faster than
    /// <see cref="ProtocolLimits.PublishRate"/> together.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Messages that may be under way at once, at least 1: each is kept, to be sent again after the connection was lost, until its call to
    /// <see cref="KotodamaClient.PublishAsync"/> returns. A call that finds no room waits for it within <see cref="SendTimeout"/>.
    /// </summary>
    public int OutboxCapacity { get; set; } = 1000;

    /// <summary>
    /// The upper bound of the first pause before reconnecting; it doubles with each failure. The real pause is random below the bound.
    /// </summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The largest upper bound of the pause before reconnecting.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Messages kept for a reader of <see cref="KotodamaClient.Incoming"/> that does not keep up; when more come, the oldest are dropped.
    /// </summary>
    public int IncomingCapacity { get; set; } = 1024;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The source of chance for pauses, used by one thread at a time.</summary>
    public Random Random { get; set; } = new();
}
