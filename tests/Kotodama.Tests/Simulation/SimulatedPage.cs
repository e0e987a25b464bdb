using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Simulation;

/// <summary>
/// A page that follows section 6 of the protocol and writes down what it shows. Its connection may be lost with everything on its way, in
/// both directions, and the hub may not notice.
/// </summary>
/// <param name="number">Its name in the script.</param>
/// <param name="isKnown">Whether it says who it is.</param>
/// <param name="isHonest">Whether a message is really gone for the reason a gap gives.</param>
/// <param name="witness">Sees what comes to the hub.</param>
internal sealed class SimulatedPage(int number, bool isKnown, Func<long, GapReason, bool> isHonest, Witness witness)
{
    private readonly HashSet<long> _shown = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<long> _told = [];
    private readonly Queue<byte[]> _onTheWay = new();
    private readonly Queue<AckMessage> _onTheWayBack = new();
    private SimulatedLink? _link;
    private string _viewer = $"p{number}";
    private bool _isNew;
    private int _lives;
    private int _holding;
    private string? _epoch;

    /// <summary>The epoch of a welcome that is not the page's; an epoch gap begins it.</summary>
    private string? _announced;

    /// <summary>The numbering goes on in an epoch that the next message tells.</summary>
    private bool _adopting;
    private long _position = -1;
    private long _first;
    private int _stalled;

    public int Number => number;

    public bool Connected => _link is not null;

    public bool HasShown(long seq) => _shown.Contains(seq);

    /// <summary>A tab beside this one with a copy of what this one keeps over a reload.</summary>
    public SimulatedPage Duplicate(int name)
    {
        var other = new SimulatedPage(name, isKnown, isHonest, witness) { _viewer = _viewer, _epoch = _epoch, _position = _position, _first = _first };
        other._shown.UnionWith(_shown);
        other._told.UnionWith(_told);
        return other;
    }

    public Work.Join Joining()
    {
        _isNew = true;
        _link = new SimulatedLink(_onTheWay, isKnown ? _viewer : $"p{number}#{++_lives}", witness);
        var resume = _epoch is null ? null : new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { ["default"] = new(_epoch, _position) };
        return new Work.Join(_link, ["default"], new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability], Viewer = isKnown ? _viewer : null, Resume = resume }, Welcome);
    }

    public void Connect(HubCore core) => core.Process([Joining()]);

    public void Vanish(HubCore core)
    {
        core.Process([new Work.Leave(_link!, IsPublisher: true)]);
        Lose();
    }

    public void Lose()
    {
        _link?.Cut();
        _link = null;
        _onTheWay.Clear();
        _onTheWayBack.Clear();
    }

    /// <summary>The line dies and only the page notices. Returns what the hub still believes in.</summary>
    public SimulatedLink LoseUnnoticed()
    {
        var link = _link!;
        Lose();
        return link;
    }

    /// <summary>What it reports stays on the way for a while.</summary>
    public void HoldReports(int rounds) => _holding = rounds;

    /// <summary>F5: the page forgets the connection, not its position.</summary>
    public void Reload(HubCore core)
    {
        Vanish(core);
        Connect(core);
    }

    public void Stall(int rounds) => _stalled = rounds;

    /// <summary>Frames are lost between the hub and the page, which must not happen on TCP, but a page asks again all the same.</summary>
    public void LoseAndResume(HubCore core, Random random)
    {
        // Who is being sent what it missed asks for nothing.
        if (_epoch is null || _link!.IsAwaited)
            return;
        while (_onTheWay.Count > 0 && random.Next(2) == 0)
            _onTheWay.Dequeue();
        _onTheWay.Clear();
        core.Process([new Work.Resume(_link!, new ResumeMessage { Channel = "default", Epoch = _epoch, Seq = _position })]);
    }

    /// <summary>Takes what has arrived, and reports it.</summary>
    public void Take(HubCore core)
    {
        TakeArrived(core);
        if (_link is { IsAwaited: true, Replaced: false } link && _stalled == 0)
            link.TakeMore(core);
    }

    /// <summary>Takes everything that the hub has for it, and reports it.</summary>
    public void TakeAll(HubCore core)
    {
        do
            Take(core);
        while (_link is { IsAwaited: true } || _onTheWay.Count > 0);
    }

    private void TakeArrived(HubCore core)
    {
        if (_stalled > 0)
        {
            _stalled--;
            return;
        }

        if (_link is { Replaced: true })
            ComeBackAsAnother(core);
        var before = _position;
        while (_onTheWay.TryDequeue(out var frame))
        {
            switch (MessageCodec.Read(SimulatedLink.Payload(frame)).Message)
            {
                case WelcomeMessage welcome:
                    var channel = welcome.Channels["default"];
                    if (_epoch is null && channel.Missed == 0)
                        (_position, _first) = (channel.Seq, channel.Seq + 1);
                    _announced = _epoch is not null && _epoch != channel.Epoch ? channel.Epoch : null;
                    _epoch ??= channel.Epoch;
                    _adopting = false;
                    break;
                case GapMessage { Reason: GapReason.Epoch } gap:
                    GoOn(gap);
                    break;
                case GapMessage gap:
                    if (gap.From <= _position || gap.To < gap.From)
                        throw new PromiseBrokenException($"page {number}: gap {gap.From}..{gap.To} at {_position}");
                    for (var seq = gap.From; seq <= gap.To; seq++)
                    {
                        if (!isHonest(seq, gap.Reason))
                            throw new PromiseBrokenException($"page {number}: {seq} is said to be gone ({gap.Reason}) and is not");
                        _told.Add(seq);
                    }

                    _position = gap.To;
                    break;
                case Publication { Seq: { } seq } message:
                    if (_announced is not null || (message.Epoch != _epoch && !_adopting))
                        throw new PromiseBrokenException($"page {number}: {seq} is in another epoch, and the hub did not say so");
                    (_epoch, _adopting) = (message.Epoch, false);
                    if (seq <= _position)
                        throw new PromiseBrokenException($"page {number}: {seq} came at {_position}");
                    if (_position >= 0 && seq != _position + 1)
                        throw new PromiseBrokenException($"page {number}: {seq} came at {_position} without a gap");
                    if (_position < 0)
                        _first = seq;
                    if (!_ids.Add(message.Id!) || !_shown.Add(seq))
                        throw new PromiseBrokenException($"page {number}: {seq} ({message.Id}) was shown twice");
                    _position = seq;
                    break;
            }
        }

        Report(core, before);
    }

    /// <summary>Reports what is new; on a new connection everything, because it may have been lost with an old one.</summary>
    private void Report(HubCore core, long before)
    {
        if (_link is null)
            return;
        var from = _isNew ? 0 : before;
        if (_position > from)
            _onTheWayBack.Enqueue(new AckMessage { Channel = "default", Epoch = _epoch!, Received = _position, Displayed = [.. _shown.Where(seq => seq > from).Order()] });
        _isNew = false;
        if (_holding > 0)
        {
            _holding--;
            return;
        }

        while (_onTheWayBack.TryDequeue(out var ack))
        {
            foreach (var seq in ack.Displayed!)
                witness.Displayed(seq, _link.Who);
            core.Process([new Work.Acknowledge(_link, ack)]);
        }
    }

    /// <summary>Another tab is who this one was.</summary>
    private void ComeBackAsAnother(HubCore core)
    {
        Vanish(core);
        _viewer = $"p{number}.{++_lives}";
        Connect(core);
    }

    /// <summary>Since its first message the page has shown, or was told that it will not get, every number.</summary>
    public void MustHave(long top, IEnumerable<Published> published)
    {
        if (_position < 0)
            return;
        for (var seq = _first; seq <= top; seq++)
            if (!_shown.Contains(seq) && !_told.Contains(seq))
                throw new PromiseBrokenException($"page {number}: {seq} is missing ({published.FirstOrDefault(p => p.Seq == seq)?.Message.Id})");
    }

    /// <summary>
    /// The numbers go on in another epoch after one that the page has: its last one, or an earlier one when a hub ended that had not stored the
    /// rest. No numbers are missing.
    /// </summary>
    private void GoOn(GapMessage gap)
    {
        if (gap.From != gap.To + 1 || gap.To > _position)
            throw new PromiseBrokenException($"page {number}: epoch gap {gap.From}..{gap.To} at {_position} although the store was never lost");
        (_epoch, _adopting, _announced, _position) = (_announced ?? _epoch, _announced is null, null, gap.To);
        _shown.RemoveWhere(seq => seq > gap.To);
        _told.RemoveWhere(seq => seq > gap.To);
    }

    private static byte[] Welcome(Dictionary<string, ChannelWelcome> channels) => Frame.Text(
        new WelcomeMessage { Server = "", Session = "", Channels = channels, Ping = 1, Limits = ProtocolLimits.Default });
}
