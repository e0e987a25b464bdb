using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>
/// One stream of messages and its viewers. The core's loop changes it; the public properties may be read from any thread.
/// </summary>
internal sealed class Channel
{
    private Subscription[] _subscriptions = [];
    private string _epoch;
    private long _top;
    private IPerformer? _voice;
    private IPerformer? _companion;
    private Viewer? _speaker;

    public Channel(string name, string epoch, long top)
    {
        (Name, _epoch, _top) = (name, epoch, top);
        Deliveries = [];
        Audience = new Audience(Deliveries);
    }

    public string Name { get; }

    /// <summary>The life of its numbers.</summary>
    public string Epoch
    {
        get => Volatile.Read(ref _epoch);
        set => Volatile.Write(ref _epoch, value);
    }

    /// <summary>The newest number that every viewer was offered.</summary>
    public long Top
    {
        get => Volatile.Read(ref _top);
        set => Volatile.Write(ref _top, value);
    }

    public IReadOnlyList<Subscription> Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>Messages of which somebody may still want to hear, by number.</summary>
    public SortedDictionary<long, Delivery> Deliveries { get; }

    public Audience Audience { get; }

    /// <summary>Replies that are being written, by id.</summary>
    public Dictionary<string, Writing> Writings { get; } = new(StringComparer.Ordinal);

    /// <summary>Who speaks its replies.</summary>
    public IPerformer? Voice
    {
        get => Volatile.Read(ref _voice);
        set => Volatile.Write(ref _voice, value);
    }

    /// <summary>The speech that is going on, or was last; null after a voice has stopped it.</summary>
    public uint? Turn { get; set; }

    /// <summary>The reply that is spoken, or was last; null after a voice has stopped it.</summary>
    public string? SpokenReply { get; set; }

    /// <summary>When speech was last heard of, hub time in ms.</summary>
    public long SpeechNewsAt { get; set; }

    /// <summary>The page that is heard.</summary>
    public Viewer? Speaker
    {
        get => Volatile.Read(ref _speaker);
        set => Volatile.Write(ref _speaker, value);
    }

    /// <summary>What the voice knows of who listens.</summary>
    public AudienceMessage? Listeners { get; set; }

    /// <summary>Who answers what people say.</summary>
    public IPerformer? Companion
    {
        get => Volatile.Read(ref _companion);
        set => Volatile.Write(ref _companion, value);
    }

    /// <summary>What the companion knows of who listens.</summary>
    public AudienceMessage? People { get; set; }

    /// <summary>What pages know of the companion.</summary>
    public CompanionMessage? CompanionCard { get; set; }

    /// <summary>What the companion is doing.</summary>
    public TurnMessage? Talk { get; set; }

    /// <summary>The microphones that are on.</summary>
    public List<MicMessage> Microphones { get; } = [];

    public void Add(Subscription subscription) => Volatile.Write(ref _subscriptions, [.. _subscriptions, subscription]);

    public void Remove(Subscription subscription) => Volatile.Write(ref _subscriptions, [.. _subscriptions.Where(s => s != subscription)]);
}

/// <summary>A reply that is being written.</summary>
/// <param name="Writer">Who writes it; null for a request that is over.</param>
/// <param name="HeardAt">When the last piece came, hub time in ms.</param>
internal readonly record struct Writing(Viewer? Writer, long HeardAt);
