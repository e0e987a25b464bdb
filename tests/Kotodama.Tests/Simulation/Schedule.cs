using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Kotodama.Tests.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Simulation;

/// <summary>
/// One schedule of what can happen to a hub: messages, pages that come, vanish, return, fall behind, are duplicated, lines that die
/// unnoticed, reports that are lost, a disk that fails and heals, and restarts of the hub, on a clock of its own. An oracle that knows only the
/// promise looks at what every page got and every sender heard. The same seed gives the same schedule.
/// </summary>
internal sealed class Schedule(int seed)
{
    private const string Name = "default";

    private static readonly LogBounds Bounds = new(30, 1_000_000, 3_600_000);

    private readonly Random _random = new(seed);
    private readonly ManualTime _time = new();
    private readonly FailingStore _store = new(new ModelStore(Bounds));
    private readonly List<string> _script = [];
    private readonly List<SimulatedPage> _pages = [];
    private readonly Dictionary<string, Published> _published = new(StringComparer.Ordinal);
    private readonly List<Asked> _asked = [];
    private readonly List<SimulatedLink> _halfOpen = [];
    private readonly Witness _witness = new();
    private FallbackMessageLog _log = null!;
    private HubCore _core = null!;
    private int _ids;

    /// <summary>With a small one what a page missed comes in portions of two messages, and others come in between.</summary>
    private readonly int _outbox = seed % 2 == 0 ? 8 : 4096;

    /// <summary>There was a time when the hub could not read what it had.</summary>
    private bool _wasBlind;

    /// <summary>Runs the schedule. Returns the script and the broken promise, or null when all were kept.</summary>
    public string? Run(int steps)
    {
        Restart();
        try
        {
            for (var i = 0; i < steps; i++)
                Step();
            Settle();
        }
        catch (PromiseBrokenException e)
        {
            return $"seed {seed}: {e.Message}\n  {string.Join("\n  ", _script)}";
        }

        return null;
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 32:
                Publish(1 + _random.Next(4));
                break;
            case < 41:
                Open("a page comes", NewPage());
                break;
            case < 51:
                Any(p => p.Connected, "vanishes", p => p.Vanish(_core));
                break;
            case < 65:
                Any(p => !p.Connected, "returns", p => p.Connect(_core));
                break;
            case < 69:
                Any(p => p.Connected, "loses what is on its way and asks again", p => p.LoseAndResume(_core, _random));
                break;
            case < 74:
                Any(p => p.Connected, "is reloaded", p => p.Reload(_core));
                break;
            case < 78:
                Any(p => p.Connected, "loses its line, unnoticed by the hub", p => _halfOpen.Add(p.LoseUnnoticed()));
                break;
            case < 81:
                NoticeHalfOpen();
                break;
            case < 85:
                Any(p => p.Connected, "is not heard for a while", p => p.HoldReports(1 + _random.Next(5)));
                break;
            case < 87:
                Any(p => p.Connected, "is duplicated", p => Open("the other one", p.Duplicate(_pages.Count)));
                break;
            case < 92:
                _script.Add("time passes");
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 30_000)));
                _core.Tick();
                break;
            case < 95:
                PublishAgain();
                break;
            case < 96:
                Restart();
                break;
            case < 98:
                TurnTheDisk();
                break;
            default:
                Any(p => p.Connected, "takes nothing for a while", p => p.Stall(2 + _random.Next(5)));
                break;
        }
    }

    private void TurnTheDisk()
    {
        if (_store.Writes is not null)
        {
            _script.Add("the disk works again");
            (_store.Writes, _store.Reads) = (null, null);
            return;
        }

        _wasBlind |= _random.Next(4) == 0;
        _script.Add(_wasBlind ? "the disk can be neither written nor read" : "the disk is full");
        (_store.Writes, _store.Reads) = _wasBlind ? (FailingStore.Broken, FailingStore.Broken) : (FailingStore.Full, null);
    }

    private LogReceipt? Kept(string id) => _store.Known(new LogDraft(Name, id, [], [], 0, IsReply: false), _time.GetUtcNow().ToUnixTimeMilliseconds());
    private SimulatedPage NewPage() => new(_pages.Count, _random.Next(5) > 0, IsHonest, _witness);

    private void Open(string what, SimulatedPage page)
    {
        _script.Add($"{what}: page {page.Number}");
        _pages.Add(page);
        page.Connect(_core);
        Check();
    }

    private void NoticeHalfOpen()
    {
        if (_halfOpen.Count == 0)
            return;
        _script.Add("the hub notices lines that died");
        foreach (var link in _halfOpen)
            _core.Process([new Work.Leave(link, IsPublisher: true)]);
        _halfOpen.Clear();
        Check();
    }

    private bool IsHonest(long seq, GapReason reason)
    {
        var entry = _log.Read(Name, seq - 1).FirstOrDefault(e => e.Seq == seq);
        return reason switch
        {
            GapReason.Overflow => entry is null || _wasBlind,
            GapReason.Expired => entry is null || entry.ExpiresAt <= _time.GetUtcNow().ToUnixTimeMilliseconds(),
            GapReason.Seen => entry is null || entry.Displayed || entry.ExpiresAt <= _time.GetUtcNow().ToUnixTimeMilliseconds(),
            _ => false,
        };
    }

    private void Publish(int count)
    {
        var batch = new List<Work>();
        for (var i = 0; i < count; i++)
        {
            var id = $"m{_ids++}";
            var ttl = _random.Next(5) switch { 0 => 1_000, 1 => 20_000, _ => 120_000 };
            ReceiptLevel? receipt = _random.Next(7) switch { 0 or 1 => ReceiptLevel.Displayed, 2 => ReceiptLevel.Received, 3 => ReceiptLevel.Stored, _ => null };
            var message = new StatusMessage { Id = id, Content = id, Ttl = ttl, Receipt = receipt };
            _script.Add($"publish {id} ttl {ttl}");
            batch.Add(Work(message));

            // A page may come, or come back, in the middle of a batch.
            if (_random.Next(6) == 0)
            {
                var page = NewPage();
                _pages.Add(page);
                _script.Add($"page {page.Number} comes within the batch");
                batch.Add(page.Joining());
            }
        }

        _core.Process(batch);
        Check();
    }

    private void PublishAgain()
    {
        // An id that cannot be read was never published.
        if (_published.Count == 0 || _store.Reads is not null)
            return;
        var again = _published.Values.ElementAt(_random.Next(_published.Count));
        _script.Add($"publish {again.Message.Id} again");
        _core.Process([Work(again.Message)]);
        Check();
    }

    private Work.Publish Work(StatusMessage message)
    {
        var asked = new Asked(message, _core);
        _asked.Add(asked);
        return new Work.Publish(message, Name, null, answer =>
        {
            if (answer is ReceiptMessage { Counts: { } counts })
                _witness.Check(message.Id!, asked.Seq, counts);
            if (answer is ReceiptMessage { Final: true })
                asked.LastWords.Add(((ReceiptMessage)answer).Status);
            if (answer is ReceiptMessage { Status: ReceiptStatus.Stored, Seq: { } seq, Epoch: { } epoch } receipt)
            {
                asked.Seq = seq;
                var known = _published.GetValueOrDefault(message.Id!);
                var durable = receipt.Durable == true;
                if (known is not null && receipt.Duplicate == true && known.Seq != seq)
                    throw new PromiseBrokenException($"{message.Id} was {known.Seq} and is now {seq}");
                if (known is { Durable: true } && receipt.Duplicate != true)
                    throw new PromiseBrokenException($"{message.Id} was durable and is not known any more");
                if (!durable && message.Receipt == ReceiptLevel.Stored)
                    throw new PromiseBrokenException($"{message.Id} is not durable, as its sender asked");
                if (durable == (_log.Failure is not null) && receipt.Duplicate != true)
                    throw new PromiseBrokenException($"{message.Id} is said to be {(durable ? "" : "not ")}durable");
                _published[message.Id!] = new Published(message, seq, epoch, durable || known is { Durable: true });
            }
            else if (answer is ErrorMessage error && (message.Receipt != ReceiptLevel.Stored || !error.Retry || _log.Failure is null))
            {
                throw new PromiseBrokenException($"{message.Id} was refused: {error.Message}");
            }
        });
    }

    /// <summary>The hub ends without a word and starts again on what it had stored.</summary>
    private void Restart()
    {
        _script.Add("the hub starts");
        _halfOpen.Clear();
        foreach (var page in _pages)
            page.Lose();

        // What was not durable is gone with the process.
        (_store.Reads, var reads) = (null, _store.Reads);
        foreach (var (id, published) in _published)
            if (!published.Durable && Kept(id) is null)
                _published.Remove(id);
        _store.Reads = reads;
        _log = new FallbackMessageLog(_store, new DiskReserve("/dev/null/none", 1 << 20), Bounds, NullLogger.Instance);
        _core = new HubCore(_log, new HubClock(_time, _log.Latest), new KotodamaServerOptions { OutboxMessages = _outbox }, new Avatars(null, _time, NullLogger.Instance));
    }

    /// <summary>Every page comes back and takes what there is; then the promise must hold for all.</summary>
    private void Settle()
    {
        _script.Add("the disk works, and every page comes back");
        (_store.Writes, _store.Reads) = (null, null);
        _time.Advance(TimeSpan.FromSeconds(5));
        _core.Tick();
        if (_log.Failure is not null)
            throw new PromiseBrokenException("the hub has not healed");
        NoticeHalfOpen();
        foreach (var page in _pages)
        {
            page.Stall(0);
            page.HoldReports(0);
            if (!page.Connected)
                page.Connect(_core);
        }

        // A page that had to give way to another tab comes back as well.
        Check();
        foreach (var page in _pages)
            page.TakeAll(_core);
        Check();
        _core.Tick();
        foreach (var asked in _asked)
            if (IsOwed(asked) && asked.LastWords is not [ReceiptStatus.Done])
                throw new PromiseBrokenException($"every page has {asked.Message.Id} and its sender has not heard so");
        var top = _log.Position(Name).Top;
        foreach (var page in _pages)
            page.MustHave(top, _published.Values);
        foreach (var (id, published) in _published)
            if (Kept(id)?.Seq != published.Seq)
                throw new PromiseBrokenException($"{id} was acknowledged and is not in the store");
        _time.Advance(TimeSpan.FromHours(1));
        _core.Tick();
        foreach (var asked in _asked)
            if (asked.LastWords.Count > 1 || (asked.Waits && asked.Core == _core && asked.LastWords.Count == 0))
                throw new PromiseBrokenException($"the sender of {asked.Message.Id} heard {asked.LastWords.Count} last words");
    }

    /// <summary>Whether a message that is still new was shown by a page, so that its sender must have heard of it.</summary>
    private bool IsOwed(Asked asked) =>

        // A report about numbers that could not be looked up is lost with the disk it needed.
        !_wasBlind && asked.Waits && asked.Core == _core
        && _log.Read(Name, asked.Seq - 1).FirstOrDefault(e => e.Seq == asked.Seq) is { } entry && entry.ExpiresAt > _time.GetUtcNow().ToUnixTimeMilliseconds()
        && _pages.Exists(p => p.HasShown(asked.Seq));

    private void Check()
    {
        foreach (var page in _pages)
            page.Take(_core);
    }

    private void Any(Func<SimulatedPage, bool> which, string what, Action<SimulatedPage> act)
    {
        var candidates = _pages.Where(which).ToArray();
        if (candidates.Length == 0)
            return;
        var page = candidates[_random.Next(candidates.Length)];
        _script.Add($"page {page.Number} {what}");
        act(page);
        Check();
    }

}

/// <summary>A message that was published, perhaps again, and what came of it.</summary>
/// <param name="message">The message.</param>
/// <param name="core">The hub it was told; one that has ended answers no more.</param>
internal sealed class Asked(StatusMessage message, HubCore core)
{
    public StatusMessage Message => message;

    public HubCore Core => core;

    public bool Waits => message.Receipt > ReceiptLevel.Stored;

    public long Seq { get; set; }

    public List<ReceiptStatus> LastWords { get; } = [];
}

/// <summary>A message as its sender knows it.</summary>
internal sealed record Published(StatusMessage Message, long Seq, string Epoch, bool Durable);

/// <summary>The hub did what it promised not to do.</summary>
internal sealed class PromiseBrokenException(string message) : Exception(message);
