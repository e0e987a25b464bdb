using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kotodama.EndToEnd.Browser;

/// <summary>
/// The real page behind a hub that says only what a test wants, so that a test is the voice: what it sends reaches the pages to the
/// millisecond. The first page that can be heard is the speaker.
/// </summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<FakeHubPage> _pages = [];
    private long _seq;

    private FakeHub(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single() + "/");

    /// <summary>What a page said last with a request to <c>/probe</c>, for tests that may not touch it.</summary>
    public JsonElement Probe { get; private set; }

    /// <summary>A companion that understands speech.</summary>
    public static CompanionMessage Listener { get; } = new() { Channel = "default", On = true, Hears = true };

    /// <summary>The companion that every new page is told of; null: none.</summary>
    public CompanionMessage? Companion { get; set; }

    /// <summary>The value of the answer to a question of a page; null: it gets none.</summary>
    public Func<AskMessage, object?> Answer { get; set; } = _ => null;

    /// <summary>Everything that pages have sent, in order.</summary>
    public ConcurrentQueue<Message> Said { get; } = new();

    public IReadOnlyList<FakeHubPage> Pages
    {
        get
        {
            lock (_gate)
                return [.. _pages];
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="host">A name that pages may use for it besides the address.</param>
    public static async Task<FakeHub> StartAsync(string? host = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKotodama(o =>
        {
            if (host is not null)
                o.AllowedHosts.Add(host);
        });
        var app = builder.Build();
        var hub = new FakeHub(app);
        app.UseWebSockets();
        app.Use(hub.HandleAsync);
        app.MapKotodama();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    public async Task BroadcastAsync(Message message)
    {
        foreach (var page in Pages)
            await page.SendAsync(message);
    }

    /// <summary>Shows a reply, numbered as the server would.</summary>
    public Task ReplyAsync(string id, string content, double duration = 1_000) =>
        BroadcastAsync(new LlmResponseMessage { Id = id, Channel = "default", Content = content, Duration = duration, Epoch = "e1", Seq = ++_seq });

    /// <summary>Begins a clause of samples.</summary>
    public Task StartAsync(long turn, int clause, string reply, int rate) =>
        BroadcastAsync(new SpeechStartMessage { Channel = "default", Turn = turn, Clause = clause, Reply = reply, Format = SpeechFormat.Pcm, Rate = rate });

    public Task SoundAsync(long turn, int clause, int offset, ReadOnlySpan<short> samples)
    {
        var data = new byte[samples.Length * 2];
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(i * 2), samples[i]);
        return BroadcastAsync(new AudioMessage { Kind = AudioKind.Speech, Stream = (uint)turn, Clause = (ushort)clause, Number = 0, Offset = (uint)offset, Data = data });
    }

    public Task EndAsync(long turn, int clause, bool final) =>
        BroadcastAsync(new SpeechEndMessage { Channel = "default", Turn = turn, Clause = clause, Final = final });

    /// <summary>A whole clause, as fast as it goes.</summary>
    public async Task SayAsync(long turn, int clause, string reply, short[] samples, int rate, bool final)
    {
        await StartAsync(turn, clause, reply, rate);
        var piece = rate / 25;
        for (var at = 0; at < samples.Length; at += piece)
            await SoundAsync(turn, clause, at, samples.AsSpan(at, Math.Min(piece, samples.Length - at)));
        await EndAsync(turn, clause, final);
    }

    /// <summary>Waits until a page says that playback came to something.</summary>
    public Task PlayedAsync(long turn, PlaybackEvent what) =>
        Limits.UntilAsync(() => Said.OfType<PlaybackMessage>().Any(m => m.Turn == turn && m.Event == what), $"playback {what} of turn {turn}");

    public async ValueTask DisposeAsync()
    {
        foreach (var page in Pages)
            page.Abort();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        switch (context.Request.Path.Value)
        {
            case "/ws":
                await ServeAsync(await context.WebSockets.AcceptWebSocketAsync(), context.RequestAborted);
                break;
            case "/probe":
                using (var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))
                    Probe = document.RootElement.Clone();
                break;
            default:
                await next(context);
                break;
        }
    }

    private async Task ServeAsync(WebSocket socket, CancellationToken cancellation)
    {
        var page = new FakeHubPage(socket);
        try
        {
            while (await page.ReceiveAsync(cancellation) is { } message)
            {
                Said.Enqueue(message);
                if (message is HelloMessage)
                    await WelcomeAsync(page);
                if (message is SoundMessage sound)
                    page.Sound = sound.State;
                if (message is AskMessage ask && Answer(ask) is { } value)
                    await page.SendAsync(new AnswerMessage { Page = "fake", Id = ask.Id, Value = JsonSerializer.SerializeToElement(value) });
                await ChooseAsync();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The page has gone; who speaks now is told below.
        }

        lock (_gate)
            _pages.Remove(page);
        await ChooseAsync();
    }

    private async Task WelcomeAsync(FakeHubPage page)
    {
        var channels = new Dictionary<string, ChannelWelcome>(StringComparer.Ordinal) { ["default"] = new("e1", _seq, null, 0) };
        await page.SendAsync(new WelcomeMessage { Server = "0.1.0", Session = "fake", Channels = channels, Ping = 15_000, Limits = new() });
        await page.SendAsync(new VoiceMessage { Channel = "default", On = true });
        if (Companion is { } companion)
            await page.SendAsync(companion);
        lock (_gate)
            _pages.Add(page);
    }

    private async Task ChooseAsync()
    {
        var pages = Pages;
        var speaker = pages.FirstOrDefault(p => p.Sound == SoundState.On);
        foreach (var page in pages.Where(p => p.IsSpeaker != (p == speaker)))
        {
            page.IsSpeaker = page == speaker;
            await page.SendAsync(new SpeakerMessage { Channel = "default", On = page.IsSpeaker });
        }
    }
}

/// <summary>A page's end of its connection.</summary>
internal sealed class FakeHubPage(WebSocket socket)
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly byte[] _buffer = new byte[64 * 1024];

    public SoundState? Sound { get; set; }

    public bool IsSpeaker { get; set; }

    public void Abort() => socket.Abort();

    public async Task SendAsync(Message message)
    {
        var (bytes, type) = message is AudioMessage audio ? (audio.ToBytes(), WebSocketMessageType.Binary) : (MessageCodec.Write(message), WebSocketMessageType.Text);
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The page has gone, which its receiving side finds out too.
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The next message; null when the page has closed.</summary>
    public async Task<Message?> ReceiveAsync(CancellationToken cancellation)
    {
        var part = await socket.ReceiveAsync(_buffer.AsMemory(), cancellation);
        if (part.MessageType == WebSocketMessageType.Close)
            return null;
        var (message, error) = part.MessageType == WebSocketMessageType.Binary
            ? AudioMessage.Read(_buffer.AsSpan(0, part.Count).ToArray())
            : MessageCodec.Read(_buffer.AsMemory(0, part.Count));
        return message ?? throw new InvalidOperationException($"The page sent something wrong: {error?.Code}");
    }
}
