using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kotodama.Tests.Support;

/// <summary>
/// Sends requests as they are written, one after the other over one connection while the hub keeps it, and reads what is answered. What an
/// HttpClient would mend on its way, such as <c>..</c> in a path, goes out as it is.
/// </summary>
internal sealed class KeptConnection(Uri hub) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _client;
    private int _from, _to;

    /// <summary>Connections that were needed so far.</summary>
    public int Opened { get; private set; }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">The target, byte for byte.</param>
    /// <param name="body">The body; null: none.</param>
    /// <param name="type">Its media type.</param>
    public async Task<(int Status, string Head, string Body)> AskAsync(string method, string target, byte[]? body = null, string type = "application/json")
    {
        if (_client is null)
        {
            _client = new TcpClient { NoDelay = true };
            await _client.ConnectAsync(hub.Host, hub.Port, TestContext.Current.CancellationToken);
            (_from, _to, Opened) = (0, 0, Opened + 1);
        }

        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {hub.Authority}\r\n");
        if (body is not null)
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n");
        await _client.GetStream().WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []], TestContext.Current.CancellationToken);
        return await ReadAsync(method).InTime($"the answer to {method} {target}");
    }

    public void Dispose() => _client?.Dispose();

    private async Task<(int Status, string Head, string Body)> ReadAsync(string method)
    {
        var head = new StringBuilder();
        while (await LineAsync() is { Length: > 0 } line)
            head.Append(line).Append('\n');
        var text = head.ToString();
        Assert.True(text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), text);
        var status = int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var body = "";
        if (method != "HEAD" && status is not (204 or 304))
            body = Field(text, "Transfer-Encoding") == "chunked" ? await ChunksAsync() : await BytesAsync(int.Parse(Field(text, "Content-Length") ?? "0", CultureInfo.InvariantCulture));
        if (Field(text, "Connection") == "close")
        {
            _client?.Dispose();
            _client = null;
        }

        return (status, text, body);
    }

    private static string? Field(string head, string name) => head.Split('\n')
        .Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 2)..]).FirstOrDefault();

    private async Task<string> ChunksAsync()
    {
        var body = new StringBuilder();
        while (int.Parse(await LineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length)
        {
            body.Append(await BytesAsync(length));
            await LineAsync();
        }

        await LineAsync();
        return body.ToString();
    }

    private async Task<string> BytesAsync(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = await ByteAsync();
        return Encoding.Latin1.GetString(bytes);
    }

    private async Task<string> LineAsync()
    {
        var line = new StringBuilder();
        for (var b = await ByteAsync(); b != (byte)'\n'; b = await ByteAsync())
            if (b != (byte)'\r')
                line.Append((char)b);
        return line.ToString();
    }

    private async ValueTask<byte> ByteAsync()
    {
        if (_from == _to)
        {
            (_from, _to) = (0, await _client!.GetStream().ReadAsync(_buffer, TestContext.Current.CancellationToken));
            Assert.True(_to > 0, "The hub ended the connection without an answer.");
        }

        return _buffer[_from++];
    }
}
