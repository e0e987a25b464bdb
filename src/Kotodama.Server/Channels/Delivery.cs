using Kotodama.Protocol;

namespace Kotodama.Server.Channels;

/// <summary>
/// How far a stored message has come, as long as it is new or being spoken. Pages are named by the numbers of their seats.
/// </summary>
/// <param name="id">The message's id.</param>
/// <param name="channel">Its channel.</param>
/// <param name="seq">Its number.</param>
/// <param name="expiresAt">When it is not new any more, hub time in ms.</param>
/// <param name="seats">Room for so many pages; it grows when there are more.</param>
internal sealed class Delivery(string id, string channel, long seq, long expiresAt, int seats)
{
    private const int LongestCode = 64;

    /// <summary>Publishers that may wait for one message. One more takes the place of the one that has waited longest.</summary>
    private const int MostInterests = 16;

    private readonly List<Interest> _interests = [];
    private Reach[] _reach = new Reach[seats];
    private int _sent;
    private int _received;
    private int _displayed;
    private int _spoken;
    private ReceiptHeard? _heard;

    /// <summary>Why a page could not show or play it, as the first one told.</summary>
    private string? _failure;

    /// <summary>Pages that were sent it and have not acknowledged that they have it.</summary>
    private int _arriving;

    /// <summary>Pages that were sent it and have not acknowledged that they show it.</summary>
    private int _pending;

    /// <summary>Pages that have shown it and may still play its speech.</summary>
    private int _speaking;

    /// <summary>When the first page showed it; null as long as none has.</summary>
    private long? _displayedAt;

    /// <summary>When the page that played it has had the time to report how much it played.</summary>
    private long _speechEndsAt = long.MaxValue;

    /// <summary>When the hub gives up waiting for an audible page.</summary>
    private long _inaudibleAt = long.MaxValue;
    private bool _isSpeechOver;

    [Flags]
    private enum Reach : byte
    {
        None = 0,
        Sent = 1,
        Received = 2,
        Displayed = 4,
        Spoken = 8,

        /// <summary>Cannot show or play it.</summary>
        Failed = 16,

        /// <summary>Has left.</summary>
        Absent = 32,
    }

    public string Id { get; } = id;

    public long Seq { get; } = seq;

    public long ExpiresAt { get; } = expiresAt;

    /// <summary>Whether a page had shown it before this process began to count. Which one is not known.</summary>
    public bool WasDisplayedBefore { get; init; }

    /// <summary>How long a page may play its speech after it was first shown, in ms; 0: it is not spoken.</summary>
    public long SpeechLimit { get; init; }

    /// <summary>No voice speaks it, or will: a publisher that waits until it is spoken waits until it is displayed.</summary>
    public bool IsSilent
    {
        get => _isSpeechOver;
        init => _isSpeechOver = value;
    }

    /// <summary>
    /// The hub cannot read it: the page that shows it also speaks it, and tells how much. Its <see cref="Length"/> is the most it can have.
    /// </summary>
    public bool IsSealed { get; init; }

    public bool WasDisplayed => WasDisplayedBefore || _displayed > 0;

    /// <summary>The length of its text.</summary>
    public int Length { get; init; }

    /// <summary>How much of it a page has played; null as long as no page has reported that.</summary>
    public ReceiptHeard? Heard => _spoken > 0 && _heard is not null && !IsSealed ? _heard with { Chars = Length } : _heard;

    public ReceiptCounts Counts => new(AtLeast(_sent), AtLeast(_received), AtLeast(_displayed), _spoken);

    /// <summary>A publisher wants receipts until the message has come so far.</summary>
    public void Watch(ReceiptLevel until, Action<Message> onReceipt)
    {
        if (_interests.Count >= MostInterests)
        {
            var oldest = _interests[0];
            _interests.RemoveAt(0);
            oldest.OnReceipt(Receipt(oldest.Until, FinalStatus(oldest.Until) ?? ReceiptStatus.Dropped, final: true));
        }

        _interests.Add(new Interest(until, onReceipt) { Dirty = FinalStatus(until) is not null });
    }

    /// <summary>A page was sent the message, perhaps again.</summary>
    public void Sent(int seat) => Change(seat, Reach.Sent, Reach.Absent);

    /// <summary>A page has all messages up to a number. It counts for those that it was sent.</summary>
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

    /// <summary>A page reports how much of it was played there.</summary>
    public void Played(double milliseconds, int characters)
    {
        var most = new ReceiptHeard(Math.Max(milliseconds, _heard?.Ms ?? 0), Math.Clamp(characters, _heard?.Chars ?? 0, Length));
        if (most == _heard)
            return;
        _heard = most;
        MarkDirty();
    }

    /// <summary>The voice does not speak it any more.</summary>
    public void EndSpeech()
    {
        if (_isSpeechOver || _spoken > 0)
            return;
        _isSpeechOver = true;
        MarkDirty();
    }

    /// <summary>The voice does not speak it any more; until a moment (hub time in ms) a page may still report how much it played.</summary>
    public void EndSpeechAt(long moment) => _speechEndsAt = Math.Min(_speechEndsAt, moment);

    /// <summary>
    /// No page is audible: from a moment on (hub time in ms) no report of playback is expected. A later call replaces the moment.
    /// </summary>
    public void ExpectNoPlaybackFrom(long moment) => _inaudibleAt = moment;

    /// <summary>
    /// Ends its speech when that is due, and when it is displayed and the channel's voice has been silent for too long since.
    /// </summary>
    /// <param name="now">Now, hub time in ms.</param>
    /// <param name="newsAt">When the channel's voice last sent something.</param>
    /// <param name="patience">How long it may be silent, in ms.</param>
    public void CheckSpeech(long now, long newsAt, long patience)
    {
        // No voice of the channel has a part in a sealed message, so the silence of one says nothing.
        if (IsSealed)
            (newsAt, patience) = (0, SpeechLimit);
        if (now >= Math.Min(_speechEndsAt, _inaudibleAt) || (_displayedAt is { } shown && now - Math.Max(shown, newsAt) >= patience))
            EndSpeech();
    }

    /// <summary>A page cannot show or play it: the hub does not wait for that page.</summary>
    /// <param name="seat">The page's seat.</param>
    /// <param name="code">Why, in the page's words; publishers are told, if it is a code.</param>
    /// <inheritdoc cref="Displayed"/>
    public bool Failed(int seat, string code)
    {
        _failure ??= IsCode(code) ? code : "failed";
        return Note(seat, Reach.Sent | Reach.Received | Reach.Failed);
    }

    /// <summary>A page has gone: the hub does not wait for it.</summary>
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

    /// <summary>
    /// Gives the publishers that wait a receipt: the final one when it has come far enough, else how far it has come since the last one.
    /// </summary>
    public void Report()
    {
        for (var i = _interests.Count - 1; i >= 0; i--)
        {
            var interest = _interests[i];
            if (!interest.Dirty)
                continue;
            interest.Dirty = false;
            var final = FinalStatus(interest.Until);
            if (final is not null)
                _interests.RemoveAt(i);
            interest.OnReceipt(Receipt(interest.Until, final ?? ReceiptStatus.Progress, final is null ? null : true));
        }
    }

    /// <summary>Sends at once what does not wait for the next report: that the first page shows it, and final receipts.</summary>
    public void ReportNews()
    {
        if (_displayed == 1 || _interests.Exists(i => i.Dirty && FinalStatus(i.Until) is not null))
            Report();
    }

    /// <summary>
    /// Sends the final receipt to the publishers that still wait, when it has expired; those that wait until it is spoken wait while a page
    /// plays it.
    /// </summary>
    /// <returns>Whether no publisher waits any more.</returns>
    public bool Expire(long now)
    {
        if (ExpiresAt > now)
            return false;
        var isSpeaking = _speaking > 0 && now - _displayedAt < SpeechLimit;
        Settle(ReceiptStatus.Expired, interest => interest.Until != ReceiptLevel.Spoken || !isSpeaking);
        return _interests.Count == 0;
    }

    /// <summary>Sends the final receipt to every publisher that still waits.</summary>
    public void Settle(ReceiptStatus status) => Settle(status, _ => true);

    private void Settle(ReceiptStatus status, Predicate<Interest> which)
    {
        foreach (var interest in _interests.FindAll(which))
            interest.OnReceipt(Receipt(interest.Until, FinalStatus(interest.Until) ?? status, final: true));
        _interests.RemoveAll(which);
    }

    private ReceiptStatus? FinalStatus(ReceiptLevel until) =>
        IsReached(until) ? ReceiptStatus.Done
        : until == ReceiptLevel.Spoken && _isSpeechOver && (WasDisplayed || _heard is not null) ? ReceiptStatus.Stopped
        : null;

    private bool IsReached(ReceiptLevel until) => until switch
    {
        ReceiptLevel.Received => AtLeast(_received) > 0 && _arriving == 0,
        ReceiptLevel.Displayed => WasDisplayed && _pending == 0,

        // One page plays the speech for all.
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

    private static bool IsCode(string text) =>
        text.Length is > 0 and <= LongestCode && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static int Has(Reach reach, Reach what) => (reach & what) != Reach.None ? 1 : 0;

    /// <summary>Whether a page has come as far as <paramref name="from"/> and may still come to <paramref name="to"/>.</summary>
    private static int Waits(Reach reach, Reach from, Reach to) => (reach & (from | to | Reach.Failed | Reach.Absent)) == from ? 1 : 0;

    private ReceiptMessage Receipt(ReceiptLevel until, ReceiptStatus status, bool? final) =>
        new()
        {
            Id = Id,
            Channel = channel,
            Status = status,
            Counts = Counts,
            Heard = until == ReceiptLevel.Spoken ? Heard : null,
            Failed = _failure,
            Final = final,
        };

    /// <summary>A publisher that waits.</summary>
    private sealed class Interest(ReceiptLevel until, Action<Message> onReceipt)
    {
        public ReceiptLevel Until { get; } = until;

        public Action<Message> OnReceipt { get; } = onReceipt;

        /// <summary>Whether something has changed since the last receipt.</summary>

        public bool Dirty { get; set; }
    }
}
