using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Bench;

/// <summary>A speech server that speaks as OpenAI's does, as slowly as a large model. What it says is made by espeak-ng.</summary>
internal sealed class SlowEngine : IAsyncDisposable
{
    /// <summary>How much faster than it is heard the sound is made.</summary>
    public const int Factor = 4;

    /// <summary>Samples per second.</summary>
    public const int Rate = 22_050;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly HttpListener _listener = new();
    private readonly EspeakSynthesizer _espeak = new(new EspeakOptions(), TimeProvider.System);
    private Task _serving = Task.CompletedTask;
    private TaskCompletionSource<WebSocket> _accepted = new();

    private SlowEngine(Uri address)
    {
        Address = address;
        _listener.Prefixes.Add(address.ToString());
        _listener.Start();
    }

    public Uri Address { get; }

    public static SlowEngine Start()
    {
        var engine = new SlowEngine(new Uri($"http://127.0.0.1:{PublishedServer.FreePort()}/"));
        engine._serving = engine.ServeAsync();
        return engine;
    }

    /// <summary>The two ends of a connection.</summary>
    public async Task<(WebSocket Backend, WebSocket Page)> ConnectAsync(CancellationToken cancellationToken)
    {
        _accepted = new TaskCompletionSource<WebSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var page = new ClientWebSocket();
        await page.ConnectAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, cancellationToken);
        return (await _accepted.Task.WaitAsync(cancellationToken), page);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        await _espeak.DisposeAsync();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = context.Request.IsWebSocketRequest ? AcceptAsync(context) : SpeakAsync(context);
        }
    }

    private async Task AcceptAsync(HttpListenerContext context) =>
        _accepted.SetResult((await context.AcceptWebSocketAsync(null)).WebSocket);

    private async Task SpeakAsync(HttpListenerContext context)
    {
        using var wish = await JsonDocument.ParseAsync(context.Request.InputStream);
        var sound = new MemoryStream();
        var request = new SpeechRequest(wish.RootElement.GetProperty("input").GetString()!, "en");
        await foreach (var chunk in _espeak.SynthesizeAsync(request, CancellationToken.None))
            if (chunk is SpeechSoundChunk piece)
                sound.Write(piece.Data.Span);
        context.Response.SendChunked = true;
        try
        {
            var (made, started) = (0, Stopwatch.GetTimestamp());
            using var pace = new PeriodicTimer(Step);
            while (made < sound.Length && await pace.WaitForNextTickAsync())
            {
                var due = (int)Math.Min(sound.Length, (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * Factor * Rate) * 2);
                await context.Response.OutputStream.WriteAsync(sound.GetBuffer().AsMemory(made, due - made));
                made = due;
            }

            context.Response.Close();
        }
        catch (HttpListenerException)
        {
            // The caller has gone.
        }
    }
}
