using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Kotodama.Voice.Text;

namespace Kotodama.Bench;

/// <summary>
/// A language model that says what it is told to, token by token at a fixed pace, as OpenAI's servers do. It is also the server that
/// recognizes speech and finds nothing in it.
/// </summary>
internal sealed class ScriptedMind : IAsyncDisposable
{
    private const string Models = """{"object":"list","data":[{"id":"scripted","object":"model"}]}""";

    /// <summary>From the question to the first token.</summary>
    public static readonly TimeSpan FirstToken = TimeSpan.FromMilliseconds(100);

    /// <summary>From one token to the next.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private volatile Script _script = new([], 0);

    public ScriptedMind()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>What it answers from now on.</summary>
    /// <param name="clause">The first clause, with its full stop.</param>
    /// <param name="rest">What follows.</param>
    public Script Answer(string clause, string rest)
    {
        var first = Tokens(clause);
        return _script = new Script([.. first, .. Tokens(rest)], first.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private static string[] Tokens(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(TokensOf)];

    private static string[] TokensOf(string word) => word[^1] == '.' ? [" " + word[..^1], "."] : [" " + word];

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task TalkAsync(Socket socket)
    {
        socket.NoDelay = true;
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var what = await ReadAsync(stream);
            if (what.StartsWith("POST", StringComparison.Ordinal) && what.Contains("/chat/completions", StringComparison.Ordinal))
                await AnswerAsync(stream, _script);
            else if (what.Contains("/models", StringComparison.Ordinal))
                await WriteAsync(stream, Head("application/json") + Models);
            else
                await WriteAsync(stream, Head("application/json") + """{"text":""}""");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller has gone.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, Script script)
    {
        await WriteAsync(stream, Head("text/event-stream"));
        await Task.Delay(FirstToken, TimeProvider.System, _end.Token);
        using var pace = new PeriodicTimer(Pace);
        for (var i = 0; i < script.Tokens.Count; i++)
        {
            // What follows the full stop tells that it is the end of a clause.
            if (i == script.Clause)
                script.ClauseAt = SpeechPageBench.Now;
            var token = JsonSerializer.Serialize(script.Tokens[i]);
            await WriteAsync(stream, $$$"""data: {"choices":[{"index":0,"delta":{"content":{{{token}}}}}]}""" + "\n\n");
            await pace.WaitForNextTickAsync(_end.Token);
        }

        await WriteAsync(stream, """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n");
    }

    private static string Head(string type) => $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n";

    private ValueTask WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), _end.Token);

    /// <summary>Reads a request to its end.</summary>
    /// <returns>Its first line.</returns>
    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var bytes = new byte[1024 * 1024];
        var count = 0;
        while (true)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(count), _end.Token);
            if (read == 0)
                throw new IOException("The request is not complete.");
            count += read;
            var head = bytes.AsSpan(0, count).IndexOf("\r\n\r\n"u8);
            if (head < 0)
                continue;
            var lines = Encoding.ASCII.GetString(bytes, 0, head).Split("\r\n");
            var length = Array.Find(lines, l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?[15..];
            var isChunked = Array.Exists(lines, l => l.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase));
            var isWhole = isChunked
                ? bytes.AsSpan(0, count).EndsWith("\r\n0\r\n\r\n"u8)
                : count >= head + 4 + int.Parse(length ?? "0", CultureInfo.InvariantCulture);
            if (isWhole)
                return lines[0];
        }
    }

    /// <summary>An answer.</summary>
    /// <param name="Tokens">Its tokens.</param>
    /// <param name="Clause">So many of them are the first clause.</param>
    internal sealed record Script(IReadOnlyList<string> Tokens, int Clause)
    {
        /// <summary>When it was said that the first clause is complete; milliseconds since 1970.</summary>
        public double ClauseAt { get; set; }
    }
}
