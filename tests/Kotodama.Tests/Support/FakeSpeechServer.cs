using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Support;

/// <summary>What a server does with a request for speech.</summary>
public enum Play
{
    Whole,
    HangBeforeAnswer,
    HangInSound,
    BreakInSound,
    Empty,
    EchoError,
    Page,
    JsonWithStatus200,
    TooManyRequests,
    Unavailable,
}

/// <summary>
/// A server of ours that answers as the documentation of a speech server says, or worse. It proves that we are compatible with what is written
/// down, not that the real service works so.
/// </summary>
internal sealed class FakeSpeechServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FakeSpeechServer(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Urls.Single() + "/");
    }

    public Uri Url { get; }

    /// <summary>The first request is here.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>A client has left before the answer was whole.</summary>
    public Task Aborted => _aborted.Task;

    public ConcurrentQueue<(string Target, IHeaderDictionary Headers, string Body)> Requests { get; } = new();

    /// <summary>Starts one.</summary>
    /// <param name="answer">Answers a request, whose body it gets.</param>
    /// <param name="encoding">How bodies are read; null: UTF-8.</param>
    public static async Task<FakeSpeechServer> StartAsync(Func<HttpContext, string, Task> answer, Encoding? encoding = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        FakeSpeechServer? server = null;
        app.UseWebSockets();
        app.Run(context => server!.AnswerAsync(context, answer, encoding ?? Encoding.UTF8));
        await app.StartAsync();
        return server = new FakeSpeechServer(app);
    }

    /// <summary>Waits until the client has left.</summary>
    public static async Task HangAsync(HttpContext context)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = context.RequestAborted.Register(left.SetResult);
        await left.Task;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, string, Task> answer, Encoding encoding)
    {
        using var reader = new StreamReader(context.Request.Body, encoding);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue((context.Request.Path + context.Request.QueryString, (IHeaderDictionary)new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)), body));
        context.RequestAborted.Register(() => _aborted.TrySetResult());
        _arrived.TrySetResult();
        await answer(context, body);
    }
}
