using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>How far a stored message has come, as long as it is new.</summary>
/// <param name="id">The message's id.</param>
/// <param name="channel">Its channel.</param>
/// <param name="seq">Its number.</param>
/// <param name="expiresAt">When it is not new any more, hub time in ms.</param>
/// <param name="displayed">Whether a page had shown it before this process began to count.</param>
internal sealed class Delivery(string id, string channel, long seq, long expiresAt, bool displayed = false)
{
    private readonly List<Interest> _interests = [];

    /// <summary>Pages that were handed it and have not said that they have it. A page may say so twice, on two connections.</summary>
    private HashSet<Viewer>? _arriving;

    /// <summary>Pages that have not shown it.</summary>
    private HashSet<Viewer>? _pending;
    private int _sent;
    private int _received;
    private int _displayed = displayed ? 1 : 0;
    private int _spoken;

    public string Id { get; } = id;

    public long Seq { get; } = seq;

    public long ExpiresAt { get; } = expiresAt;

    public bool WasDisplayed => _displayed > 0;

    public ReceiptCounts Counts => new(_sent, _received, _displayed, _spoken);

    /// <summary>Somebody wants to hear how far it comes.</summary>
    public void Watch(ReceiptLevel until, Action<Message> hear)
    {
        _interests.Add(new Interest(until, hear) { Dirty = IsReached(until) });
        _arriving ??= [];
        _pending ??= [];
    }

    /// <summary>A page was handed the message.</summary>
    public void Sent(Viewer viewer)
    {
        _sent++;
        _arriving?.Add(viewer);
        _pending?.Add(viewer);
    }

    public void Received(Viewer viewer)
    {
        _arriving?.Remove(viewer);
        Count(ref _received);
    }

    /// <summary>A page has it on the screen or in its history.</summary>
    public void Displayed(Viewer viewer)
    {
        _pending?.Remove(viewer);
        Count(ref _displayed);
    }

    public void Spoken() => Count(ref _spoken);

    /// <summary>A page cannot show it, or has gone: nobody waits for it.</summary>
    public void Gone(Viewer viewer)
    {
        var waited = _arriving?.Remove(viewer) == true;
        if (_pending?.Remove(viewer) == true || waited)
            MarkDirty();
    }

    /// <summary>Tells those who want to hear: the last word when it has come far enough, else how far it has come since the last time.</summary>
    public void Report()
    {
        for (var i = _interests.Count - 1; i >= 0; i--)
        {
            var interest = _interests[i];
            if (!interest.Dirty)
                continue;
            interest.Dirty = false;
            if (!IsReached(interest.Until))
                interest.Hear(Receipt(ReceiptStatus.Progress, final: null));
            else
            {
                _interests.RemoveAt(i);
                interest.Hear(Receipt(ReceiptStatus.Done, final: true));
            }
        }
    }

    /// <summary>Tells at once what does not wait for the next report: that it is seen at all, and last words.</summary>
    public void ReportNews()
    {
        if (_displayed == 1 || _interests.Exists(i => i.Dirty && IsReached(i.Until)))
            Report();
    }

    /// <summary>Says the last word to everybody who still waits.</summary>
    public void End(ReceiptStatus status)
    {
        foreach (var interest in _interests)
            interest.Hear(Receipt(IsReached(interest.Until) ? ReceiptStatus.Done : status, final: true));
        _interests.Clear();
    }

    private bool IsReached(ReceiptLevel until) => until switch
    {
        ReceiptLevel.Received => _received > 0 && _arriving is not { Count: > 0 },
        ReceiptLevel.Displayed => _displayed > 0 && _pending is not { Count: > 0 },

        // One page speaks for all.
        ReceiptLevel.Spoken => _spoken > 0,
        _ => true,
    };

    private void Count(ref int counter)
    {
        counter++;
        MarkDirty();
    }

    private void MarkDirty()
    {
        foreach (var interest in _interests)
            interest.Dirty = true;
    }

    private ReceiptMessage Receipt(ReceiptStatus status, bool? final) =>
        new() { Id = Id, Channel = channel, Status = status, Counts = Counts, Final = final };

    private sealed class Interest(ReceiptLevel until, Action<Message> hear)
    {
        public ReceiptLevel Until { get; } = until;

        public Action<Message> Hear { get; } = hear;

        public bool Dirty { get; set; }
    }
}
