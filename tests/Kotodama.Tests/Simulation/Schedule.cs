using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Simulation;

/// <summary>
/// One schedule of what can happen to a hub: messages, pages that come, vanish, return, fall behind, a disk that fails and heals, and restarts
/// of the hub, on a clock of its own. An oracle that knows only the promise looks at what every page got. The same seed gives the same schedule.
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
    private readonly List<(string Id, List<Message> Heard)> _asked = [];
    private FallbackMessageLog _log = null!;
    private HubCore _core = null!;
    private int _ids;

    /// <summary>There was a time when the hub could not read what it had.</summary>
    private bool _wasBlind;

    /// <summary>Runs the schedule. Returns the script and the broken promise, or null when all were kept.</summary>
    public string? Run(int steps)
    {
        // A channel that was never stored has no numbers to go on from when a hub ends that has it in memory only.
        _store.Position(Name);
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
            case < 35:
                Publish(1 + _random.Next(4));
                break;
            case < 45:
                Say("a page comes", () => new SimulatedPage(_pages.Count, IsHonest), page =>
                {
                    _pages.Add(page);
                    page.Connect(_core);
                });
                break;
            case < 58:
                Any(p => p.Connected, "vanishes", p => p.Vanish(_core));
                break;
            case < 73:
                Any(p => !p.Connected, "returns", p => p.Connect(_core));
                break;
            case < 78:
                Any(p => p.Connected, "loses what is on its way and asks again", p => p.LoseAndResume(_core, _random));
                break;
            case < 84:
                Any(p => p.Connected, "is reloaded", p => p.Reload(_core));
                break;
            case < 90:
                _script.Add("time passes");
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 30_000)));
                _core.Tick();
                break;
            case < 94:
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
            ReceiptLevel? receipt = _random.Next(6) switch { 0 or 1 => ReceiptLevel.Displayed, 2 => ReceiptLevel.Stored, _ => null };
            var message = new StatusMessage { Id = id, Content = id, Ttl = ttl, Receipt = receipt };
            _script.Add($"publish {id} ttl {ttl}");
            batch.Add(Work(message));

            // Somebody may come, or come back, in the middle of a batch.
            if (_random.Next(6) == 0)
            {
                var page = new SimulatedPage(_pages.Count, IsHonest);
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
        // Nobody knows an id that cannot be read.
        if (_published.Count == 0 || _store.Reads is not null)
            return;
        var again = _published.Values.ElementAt(_random.Next(_published.Count));
        _script.Add($"publish {again.Message.Id} again");
        _core.Process([Work(again.Message)]);
        Check();
    }

    private Work.Publish Work(StatusMessage message)
    {
        var heard = new List<Message>();
        _asked.Add((message.Id!, heard));
        return new Work.Publish(message, Name, null, answer =>
        {
            heard.Add(answer);
            if (answer is ReceiptMessage { Status: ReceiptStatus.Stored, Seq: { } seq, Epoch: { } epoch } receipt)
            {
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
        foreach (var page in _pages)
            page.Lose();

        // What was not durable is gone with the process.
        (_store.Reads, var reads) = (null, _store.Reads);
        foreach (var (id, published) in _published)
            if (!published.Durable && Kept(id) is null)
                _published.Remove(id);
        _store.Reads = reads;
        _log = new FallbackMessageLog(_store, new DiskReserve("/dev/null/none", 1 << 20), Bounds, NullLogger.Instance);
        _core = new HubCore(_log, new HubClock(_time, _log.Latest), new KotodamaServerOptions());
    }

    /// <summary>Everybody comes back and takes what there is; then the promise must hold for all.</summary>
    private void Settle()
    {
        _script.Add("the disk works, and everybody comes back");
        (_store.Writes, _store.Reads) = (null, null);
        _time.Advance(TimeSpan.FromSeconds(5));
        _core.Tick();
        if (_log.Failure is not null)
            throw new PromiseBrokenException("the hub has not healed");
        foreach (var page in _pages)
        {
            page.Stall(0);
            if (!page.Connected)
                page.Connect(_core);
        }

        Check();
        var top = _log.Position(Name).Top;
        foreach (var page in _pages)
            page.MustHave(top, _published.Values);
        foreach (var (id, published) in _published)
            if (Kept(id)?.Seq != published.Seq)
                throw new PromiseBrokenException($"{id} was acknowledged and is not in the store");
        _time.Advance(TimeSpan.FromHours(1));
        _core.Tick();
        foreach (var (id, heard) in _asked)
            if (heard.Count(m => m is ReceiptMessage { Final: true }) > 1)
                throw new PromiseBrokenException($"the sender of {id} heard two last words");
    }

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

    private void Say(string what, Func<SimulatedPage> make, Action<SimulatedPage> act)
    {
        _script.Add(what);
        act(make());
        Check();
    }
}

/// <summary>A message as its sender knows it.</summary>
internal sealed record Published(StatusMessage Message, long Seq, string Epoch, bool Durable);

/// <summary>The hub did what it promised not to do.</summary>
internal sealed class PromiseBrokenException(string message) : Exception(message);
