using System.Security.Cryptography;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server;

/// <summary>A <see cref="HubCore"/> on a manual clock and a log in memory, with pages that a test speaks for.</summary>
internal sealed class TestCore
{
    private readonly ManualTime _time = new();
    private readonly MemoryMessageLog _log = new(new LogBounds(2_000, 1_000_000, 600_000));
    private readonly TestVoice _voice = new();
    private readonly bool _speaks;
    private readonly KotodamaServerOptions _options;
    private HubCore _core = null!;

    /// <param name="speaks">Whether there is a voice.</param>
    /// <param name="options">Settings.</param>
    public TestCore(bool speaks = false, KotodamaServerOptions? options = null)
    {
        _options = options ?? new KotodamaServerOptions();
        _speaks = speaks;
        Restart();
    }

    public (long Heard, long Stopped) Speeches => (_core.SpeechesHeard, _core.SpeechesStopped);

    public string Epoch => _log.Position(ChannelName.Default).Epoch;

    public Audience Audience => _core.Channels[ChannelName.Default].Audience;

    /// <summary>A page says hello.</summary>
    /// <param name="viewer">The viewer id that it gives.</param>
    /// <param name="has">The number up to which it has everything; null: it is fresh.</param>
    /// <param name="sound">Whether it can be heard; null: it has no capability to speak.</param>
    public TestViewer Come(string? viewer, long? has = null, SoundState? sound = null)
    {
        var page = new TestViewer(sound);
        var resume = has is { } seq ? new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { [ChannelName.Default] = new(Epoch, seq) } : null;
        var hello = new HelloMessage { Role = PeerRole.Viewer, Viewer = viewer, Resume = resume };
        _core.Process([new Work.Join(page, [ChannelName.Default], hello, channels =>
        {
            page.Welcome = channels[ChannelName.Default];
            return [0, 0];
        })]);
        return page;
    }

    /// <summary>The hub ends and starts again on what it had stored.</summary>
    public void Restart()
    {
        _core = new HubCore(_log, new HubClock(_time, _log.Latest), _options, new Avatars(null, _time, NullLogger.Instance));
        if (_speaks)
            _core.Process([new Work.AddVoice(_voice)]);
    }

    /// <summary>The voice speaks.</summary>
    public void Speak(params Message[] messages) => _core.Process([.. messages.Select(m => new Work.VoiceOutput(_voice, m))]);

    public void LoseVoice() => _core.Process([new Work.RemoveVoice(_voice)]);

    /// <summary>A publisher sends <c>stop</c>.</summary>
    public void Stop() => _core.Process([new Work.Publish(new StopMessage { What = StopTarget.Speech }, ChannelName.Default, null, _ => { })]);

    public void Report(TestViewer page, Message report) => _core.Process([new Work.Report(page, report)]);

    public void Go(TestViewer page) => _core.Process([new Work.Leave(page, IsPublisher: true)]);

    /// <summary>The receipts that the publisher of a reply gets after the first.</summary>
    public List<ReceiptMessage> Say(ReceiptLevel until, double? ttl = null, bool speak = true, string? id = null)
    {
        var heard = new List<ReceiptMessage>();
        _core.Process([Publish(id, until, heard, ttl, speak)]);
        heard.RemoveAt(0);
        return heard;
    }

    /// <summary>The receipts that the publisher of any message gets after the first.</summary>
    public List<ReceiptMessage> Say(Publication message)
    {
        var heard = new List<ReceiptMessage>();
        _core.Process([new Work.Publish(message, ChannelName.Default, null, answer => heard.Add((ReceiptMessage)answer))]);
        heard.RemoveAt(0);
        return heard;
    }

    /// <summary>A page reports.</summary>
    public void Tell(TestViewer page, long? received = null, long? displayed = null, long? spoken = null, long? failed = null, AckHeard? heard = null, string code = "tts_error") => _core.Process([new Work.Acknowledge(page, new AckMessage
    {
        Channel = ChannelName.Default,
        Epoch = Epoch,
        Received = received,
        Displayed = displayed is { } d ? [d] : null,
        Spoken = spoken is { } s ? [s] : null,
        Heard = heard is null ? null : [heard],
        Failed = failed is { } f ? [new AckFailure(f, code)] : null,
    })]);

    /// <summary>A page reports that it displays a number, and at the same moment a reply is published.</summary>
    public List<ReceiptMessage> TellAndSay(TestViewer page, long displayed, string id)
    {
        var heard = new List<ReceiptMessage>();
        _core.Process([new Work.Acknowledge(page, new AckMessage { Channel = ChannelName.Default, Epoch = Epoch, Displayed = [displayed] }), Publish(id, ReceiptLevel.Displayed, heard)]);
        return heard;
    }

    /// <summary>Stores something that a later version of the hub would understand.</summary>
    public void StoreUnreadable() =>
        _log.Append([new LogDraft(ChannelName.Default, Guid.NewGuid().ToString("N"), "{\"type\":\"dance\"}"u8.ToArray(), SHA256.HashData([]), long.MaxValue, false)], 0);

    public void Wait(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _core.Tick();
    }

    private static Work.Publish Publish(string? id, ReceiptLevel until, List<ReceiptMessage> heard, double? ttl = null, bool speak = true) =>
        new(new LlmResponseMessage { Id = id, Content = "Hello.", Receipt = until, Ttl = ttl, Speak = speak }, ChannelName.Default, null, answer => heard.Add((ReceiptMessage)answer));
}

/// <summary>The hub's end of a page's connection.</summary>
internal sealed class TestViewer : Viewer
{
    public TestViewer(SoundState? sound)
    {
        PlaysSpeech = sound is not null;
        Sound = sound ?? SoundState.Off;
    }

    public override bool IsPage => true;

    public override string Session { get; } = Guid.NewGuid().ToString("N")[..12];

    public bool WasReplaced { get; private set; }

    public ChannelWelcome Welcome { get; set; } = null!;

    /// <summary>What it was sent after the welcome.</summary>
    public List<Message> Heard { get; } = [];

    public override bool Understands(Publication message) => true;

    /// <summary>Whether the hub waits until this page has room.</summary>
    public bool IsAwaited { get; set; }

    public override void AwaitRoom() => IsAwaited = true;

    public bool Gone { get; set; }

    public override bool IsClosed => Gone;

    public bool WasGivenUp { get; private set; }

    public override void GiveUp() => WasGivenUp = true;

    public override bool Send(byte[] frame, FrameKind kind = FrameKind.Ordinary)
    {
        if (MessageCodec.Read(frame.AsMemory(frame[1] < 126 ? 2 : 4)).Message is { } message)
            Heard.Add(message);
        return true;
    }

    public override void Refuse(ErrorMessage error) => Assert.Fail(error.Message);

    public override void Replace() => WasReplaced = true;
}

/// <summary>A voice that a test speaks for.</summary>
internal sealed class TestVoice : IPerformer
{
    public bool Serves(string channel) => true;

    public void Deliver(Message message)
    {
    }
}
