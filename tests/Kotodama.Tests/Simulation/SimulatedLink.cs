using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Simulation;

/// <summary>The hub's end of a page's connection.</summary>
/// <param name="wire">What is on its way to the page.</param>
/// <param name="who">Who the page says it is, or a name of this connection alone.</param>
/// <param name="witness">Sees what was handed over.</param>
internal sealed class SimulatedLink(Queue<byte[]> wire, string who, Witness witness) : Viewer
{
    private bool _cut;

    /// <summary>Whether the hub has ended it because the page seemed to have come on another connection.</summary>
    public bool Replaced { get; private set; }

    public string Who => who;

    public override string Session => "simulated";

    public override bool IsPage => true;

    /// <summary>Whether the hub waits until the page has taken what it was sent.</summary>
    public bool IsAwaited { get; private set; }

    public override bool HasRoom => wire.Count < 3;

    public override void AwaitRoom() => IsAwaited = true;

    /// <summary>The page has room for the next portion.</summary>
    public void TakeMore(HubCore core)
    {
        IsAwaited = false;
        core.Process([new Work.Continue(this)]);
    }

    public override bool Understands(Publication message) => true;

    public override bool Send(byte[] frame, FrameKind kind = FrameKind.Ordinary)
    {
        if (Replaced)
            throw new PromiseBrokenException($"{who} was sent something on a connection that was replaced");
        if (MessageCodec.Read(Payload(frame)).Message is Publication { Seq: { } seq })
            witness.Handed(seq, who);

        // Of a line that died unnoticed the hub believes that it takes everything.
        if (!_cut)
            wire.Enqueue(frame);
        return true;
    }

    public override void Refuse(ErrorMessage error) => throw new PromiseBrokenException(error.Message);

    public override void Replace() => Replaced = true;

    public void Cut() => _cut = true;

    public static ReadOnlyMemory<byte> Payload(byte[] frame) => frame.AsMemory(frame[1] switch { < 126 => 2, 126 => 4, _ => 10 });
}

/// <summary>Knows which pages each message can have come to, and how far.</summary>
internal sealed class Witness
{
    private readonly Dictionary<long, (HashSet<string> Handed, HashSet<string> Displayed)> _known = [];

    public void Handed(long seq, string who) => Of(seq).Handed.Add(who);

    public void Displayed(long seq, string who)
    {
        Of(seq).Handed.Add(who);
        Of(seq).Displayed.Add(who);
    }

    /// <summary>Counts never exceed the pages there are, and no page is displaying what it was not sent.</summary>
    public void Check(string id, long seq, ReceiptCounts counts)
    {
        var (handed, displayed) = Of(seq);
        if (counts.Sent > handed.Count || counts.Displayed > displayed.Count || counts.Sent < counts.Received || counts.Received < counts.Displayed)
            throw new PromiseBrokenException($"{id} is said to have come so far: {counts}, but it was handed to {handed.Count} pages and displayed by {displayed.Count}");
    }

    private (HashSet<string> Handed, HashSet<string> Displayed) Of(long seq)
    {
        if (!_known.TryGetValue(seq, out var pages))
            _known.Add(seq, pages = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal)));
        return pages;
    }
}
