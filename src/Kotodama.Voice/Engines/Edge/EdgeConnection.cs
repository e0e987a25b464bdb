using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Kotodama.Voice.Faults;

namespace Kotodama.Voice.Engines.Edge;

/// <summary>Opens connections to the service, and remembers by how much its clock differs from ours. Safe for threads.</summary>
/// <param name="address">Where it is.</param>
/// <param name="http">Connects.</param>
/// <param name="time">The clock.</param>
/// <param name="ids">Makes ids.</param>
internal sealed class EdgeConnection(Uri address, HttpMessageInvoker http, TimeProvider time, Func<Guid> ids)
{
    private const int MessageLimit = 1024 * 1024;

    private const string Browser =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0";

    private long _skewTicks;

    /// <summary>Our clock, corrected by what the service says.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _skewTicks));

    /// <summary>Opens a connection; once more when the service refuses the token and its clock differs.</summary>
    public async Task<ClientWebSocket> OpenAsync(CancellationToken cancellationToken)
    {
        var corrected = false;
        while (true)
        {
            var socket = Socket();
            try
            {
                await socket.ConnectAsync(Address(), http, cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (Exception e) when (IsNetwork(e, cancellationToken))
            {
                using (socket)
                {
                    if (corrected || socket.HttpStatusCode != HttpStatusCode.Forbidden || !Correct(socket))
                        throw Refused(socket.HttpStatusCode, e);
                    corrected = true;
                }
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>The next whole message: a text, or bytes; null when the service has closed.</summary>
    /// <exception cref="EngineException">The connection broke.</exception>
    public static async Task<(
        string? Text,
        ReadOnlyMemory<byte> Bytes)?> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            }
            catch (WebSocketException e)
            {
                throw new EngineException("The Edge service broke off.", innerException: e);
            }

            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, received.Count);
            if (message.Length > MessageLimit)
                throw new EngineException($"The Edge service sent a message of more than {MessageLimit} bytes.");
            if (!received.EndOfMessage)
                continue;
            return received.MessageType == WebSocketMessageType.Text
                ? (Encoding.UTF8.GetString(message.ToArray()), default)
                : (null, message.ToArray());
        }
    }

    private static EngineException Refused(HttpStatusCode status, Exception e) => new(
        (int)status == 0
            ? "The Edge service cannot be reached."
            : $"The Edge service refuses: status {(int)status}. It is not documented and may have changed; use another engine.",
        innerException: e);

    private ClientWebSocket Socket()
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Pragma", "no-cache");
        socket.Options.SetRequestHeader("Cache-Control", "no-cache");
        socket.Options.SetRequestHeader("Origin", "chrome-extension://jdiccldimpdaibmpdkjnbmckianbfold");
        socket.Options.SetRequestHeader("User-Agent", Browser);
        socket.Options.SetRequestHeader("Cookie", $"muid={ids().ToString("N").ToUpperInvariant()};");
        return socket;
    }

    private Uri Address() => new UriBuilder(address)
    {
        Query = $"TrustedClientToken={EdgeToken.Client}&ConnectionId={ids():N}"
            + $"&Sec-MS-GEC={EdgeToken.Of(Now)}&Sec-MS-GEC-Version={EdgeToken.Version}",
    }.Uri;

    private static bool IsNetwork(Exception e, CancellationToken cancellationToken) =>
        e is WebSocketException or HttpRequestException
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private bool Correct(ClientWebSocket socket)
    {
        if (socket.HttpResponseHeaders?.TryGetValue("Date", out var dates) != true)
            return false;
        var told = dates!.FirstOrDefault();
        if (!DateTimeOffset.TryParse(told, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return false;
        Interlocked.Exchange(ref _skewTicks, (date - time.GetUtcNow()).Ticks);
        return true;
    }
}
