using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>How far a stored message has come, as long as it is new or being spoken. Pages are named by the numbers of their seats.</summary>
/// <param name="id">The message's id.</param>
/// <param name="channel">Its channel.</param>
/// <param name="seq">Its number.</param>
/// <param name="expiresAt">When it is not new any more, hub time in ms.</param>
/// <param name="seats">Room for so many pages; it grows when there are more.</param>
internal sealed class Delivery(string id, string channel, long seq, long expiresAt, int seats)
{
    private readonly List<Interest> _interests = [];
    private Reach[] _reach = new Reach[seats];
    private int _sent;
    private int _received;
    private int _displayed;
    private int _spoken;
    private ReceiptHeard? _heard;

    /// <summary>Pages that were handed it and have not said that they have it.</summary>
    private int _arriving;

    /// <summary>Pages that were handed it and have not shown it.</summary>
    private int _pending;

    /// <summary>Pages that have shown it and may still be speaking.</summary>
    private int _speaking;

    /// <summary>When it was first shown; null as long as nobody has.</summary>
    private long? _displayedAt;

    /// <summary>When the page that was heard has had the time to say how much that was.</summary>
    private long _silentAt = long.MaxValue;
    private long _unheardAt = long.MaxValue;
    private bool _isSilent;

    [Flags]
    private enum Reach : byte
    {
        None = 0,
        Sent = 1,
        Received = 2,
        Displayed = 4,
        Spoken = 8,

        /// <summary>Cannot show or speak it.</summary>
        Failed = 16,

        /// <summary>Has left.</summary>
        Absent = 32,
    }

    public string Id { get; } = id;

    public long Seq { get; } = seq;

    public long ExpiresAt { get; } = expiresAt;

    /// <summary>Whether a page had shown it before this process began to count. Which one is not known.</summary>
    public bool WasDisplayedBefore { get; init; }

    /// <summary>How long a page may speak it after it was first shown, in ms; 0: it is nothing to be spoken.</summary>
    public long SpeechLimit { get; init; }

    /// <summary>Nobody speaks it, or will: who waits until it is spoken waits until it is displayed.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        init => _isSilent = value;
    }

    public bool WasDisplayed => WasDisplayedBefore || _displayed > 0;

    /// <summary>The length of its text.</summary>
    public int Length { get; init; }

    /// <summary>How much was heard; null as long as no page has said so.</summary>
    public ReceiptHeard? Heard => _spoken > 0 && _heard is not null ? _heard with { Chars = Length } : _heard;

    public ReceiptCounts Counts => new(AtLeast(_sent), AtLeast(_received), AtLeast(_displayed), _spoken);

    /// <summary>Somebody wants to hear how far it comes.</summary>
    public void Watch(ReceiptLevel until, Action<Message> hear) => _interests.Add(new Interest(until, hear) { Dirty = LastWord(until) is not null });

    /// <summary>A page was handed the message, perhaps again.</summary>
    public void Sent(int seat) => Change(seat, Reach.Sent, Reach.Absent);

    /// <summary>A page has all messages up to some number. It counts for those that it was handed.</summary>
    public void Received(int seat)
    {
        if (seat < _reach.Length && Has(_reach[seat], Reach.Sent) > 0)
            Note(seat, Reach.Received);
    }

    /// <summary>A page has it on the screen or in its history.</summary>
    /// <returns>Whether that is new.</returns>
    public bool Displayed(int seat, long now)
    {
        _displayedAt ??= now;
        return Note(seat, Reach.Sent | Reach.Received | Reach.Displayed);
    }

    /// <inheritdoc cref="Displayed"/>
    public bool Spoken(int seat) => Note(seat, Reach.Sent | Reach.Received | Reach.Spoken);

    /// <summary>A page says how much was heard there.</summary>
    public void Hear(double milliseconds, int characters)
    {
        var most = new ReceiptHeard(Math.Max(milliseconds, _heard?.Ms ?? 0), Math.Clamp(characters, _heard?.Chars ?? 0, Length));
        if (most == _heard)
            return;
        _heard = most;
        MarkDirty();
    }

    /// <summary>Nobody speaks it any more.</summary>
    public void Silence()
    {
        if (_isSilent || _spoken > 0)
            return;
        _isSilent = true;
        MarkDirty();
    }

    /// <summary>Nobody speaks it any more, and until some moment a page may say how much was heard.</summary>
    public void SilenceAt(long moment) => _silentAt = Math.Min(_silentAt, moment);

    /// <summary>From a moment on nobody can hear it, unless a page can before.</summary>
    public void UnheardAt(long moment) => _unheardAt = moment;

    /// <summary>Gives up its speech when that is due, and when it is displayed and nothing of any speech has been heard of since.</summary>
    /// <param name="now">Now, hub time in ms.</param>
    /// <param name="newsAt">When the channel's speech was last heard of.</param>
    /// <param name="patience">How long nothing may be heard of it, in ms.</param>
    public void WatchSpeech(long now, long newsAt, long patience)
    {
        if (now >= Math.Min(_silentAt, _unheardAt) || (_displayedAt is { } shown && now - Math.Max(shown, newsAt) >= patience))
            Silence();
    }

    /// <summary>A page cannot show or speak it: nobody waits for it.</summary>
    /// <inheritdoc cref="Displayed"/>
    public bool Failed(int seat) => Note(seat, Reach.Sent | Reach.Received | Reach.Failed);

    /// <summary>A page has gone: nobody waits for it.</summary>
    /// <returns>Whether it was there for this message.</returns>
    public bool Left(int seat)
    {
        if (seat >= _reach.Length || _reach[seat] == Reach.None)
            return false;
        var waiting = _arriving + _pending;
        Change(seat, Reach.Absent, Reach.None);
        if (_arriving + _pending != waiting)
            MarkDirty();
        return true;
    }

    /// <summary>A page that has it is there again.</summary>
    public void Returned(int seat) => Change(seat, Reach.None, Reach.Absent);

    /// <summary>Makes the seat free for another page. What was counted stays counted.</summary>
    public void Forget(int seat)
    {
        if (Left(seat))
            _reach[seat] = Reach.None;
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
            var last = LastWord(interest.Until);
            if (last is not null)
                _interests.RemoveAt(i);
            interest.Hear(Receipt(interest.Until, last ?? ReceiptStatus.Progress, last is null ? null : true));
        }
    }

    /// <summary>Tells at once what does not wait for the next report: that it is seen at all, and last words.</summary>
    public void ReportNews()
    {
        if (_displayed == 1 || _interests.Exists(i => i.Dirty && LastWord(i.Until) is not null))
            Report();
    }

    /// <summary>Says the last word to everybody who still waits, when its time is over; who waits until it is spoken waits as long as it is.</summary>
    /// <returns>Whether nobody waits any more.</returns>
    public bool Expire(long now)
    {
        if (ExpiresAt > now)
            return false;
        var isSpeaking = _speaking > 0 && now - _displayedAt < SpeechLimit;
        End(ReceiptStatus.Expired, interest => interest.Until != ReceiptLevel.Spoken || !isSpeaking);
        return _interests.Count == 0;
    }

    /// <summary>Says the last word to everybody who still waits.</summary>
    public void End(ReceiptStatus status) => End(status, _ => true);

    private void End(ReceiptStatus status, Predicate<Interest> which)
    {
        foreach (var interest in _interests.FindAll(which))
            interest.Hear(Receipt(interest.Until, LastWord(interest.Until) ?? status, final: true));
        _interests.RemoveAll(which);
    }

    private ReceiptStatus? LastWord(ReceiptLevel until) =>
        IsReached(until) ? ReceiptStatus.Done
        : until == ReceiptLevel.Spoken && _isSilent && (WasDisplayed || _heard is not null) ? ReceiptStatus.Stopped
        : null;

    private bool IsReached(ReceiptLevel until) => until switch
    {
        ReceiptLevel.Received => AtLeast(_received) > 0 && _arriving == 0,
        ReceiptLevel.Displayed => WasDisplayed && _pending == 0,

        // One page speaks for all.
        ReceiptLevel.Spoken => _spoken > 0,
        _ => true,
    };

    private int AtLeast(int counted) => WasDisplayedBefore ? Math.Max(1, counted) : counted;

    private bool Note(int seat, Reach reached)
    {
        if (!Change(seat, reached, Reach.None))
            return false;
        MarkDirty();
        return true;
    }

    private void MarkDirty()
    {
        foreach (var interest in _interests)
            interest.Dirty = true;
    }

    private bool Change(int seat, Reach add, Reach remove)
    {
        if (seat >= _reach.Length)
            Array.Resize(ref _reach, Math.Max(seat + 1, 2 * _reach.Length));
        var before = _reach[seat];
        var after = (before | add) & ~remove;
        if (after == before)
            return false;
        _reach[seat] = after;
        _sent += Has(after, Reach.Sent) - Has(before, Reach.Sent);
        _received += Has(after, Reach.Received) - Has(before, Reach.Received);
        _displayed += Has(after, Reach.Displayed) - Has(before, Reach.Displayed);
        _spoken += Has(after, Reach.Spoken) - Has(before, Reach.Spoken);
        _arriving += Waits(after, Reach.Sent, Reach.Received) - Waits(before, Reach.Sent, Reach.Received);
        _pending += Waits(after, Reach.Sent, Reach.Displayed) - Waits(before, Reach.Sent, Reach.Displayed);
        _speaking += Waits(after, Reach.Displayed, Reach.Spoken) - Waits(before, Reach.Displayed, Reach.Spoken);
        return true;
    }

    private static int Has(Reach reach, Reach what) => (reach & what) != Reach.None ? 1 : 0;

    /// <summary>Whether a page has come as far as <paramref name="from"/> and may still come to <paramref name="to"/>.</summary>
    private static int Waits(Reach reach, Reach from, Reach to) => (reach & (from | to | Reach.Failed | Reach.Absent)) == from ? 1 : 0;

    private ReceiptMessage Receipt(ReceiptLevel until, ReceiptStatus status, bool? final) =>
        new() { Id = Id, Channel = channel, Status = status, Counts = Counts, Heard = until == ReceiptLevel.Spoken ? Heard : null, Final = final };

    private sealed class Interest(ReceiptLevel until, Action<Message> hear)
    {
        public ReceiptLevel Until { get; } = until;

        public Action<Message> Hear { get; } = hear;

        public bool Dirty { get; set; }
    }
}
