using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Kotodama.Cli.Lan;
using Kotodama.Protocol;

namespace Kotodama.Cli.Security;

/// <summary>What a hub that runs shows to those who ask: options of its command line count there, which no file tells.</summary>
/// <param name="Url">Where it answers on this machine.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Addresses">The addresses it listens on.</param>
/// <param name="AsksNoToken">Whether it lets clients of other machines in without a token.</param>
/// <param name="IsReadable">Whether other machines reach it without TLS; null: it could not be tried.</param>
/// <param name="Lan">What a phone meets; null: it lets no phones in.</param>
internal sealed record RunningHub(
    Uri Url, int ProcessId, IReadOnlyList<IPAddress> Addresses, bool AsksNoToken, bool? IsReadable, LanCheck? Lan)
{
    /// <summary>An address for documents, which no machine has (RFC 5737): what is forwarded for it is never of this machine.</summary>
    private const string Stranger = "192.0.2.1";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <summary>Asks a hub. Null: what its address file names does not answer.</summary>
    /// <param name="known">What the hub has written.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<RunningHub?> AskAsync(HubAddress known, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(known.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return null;
        try
        {
            using var api = new HubApi(url);
            var status = await api.StatusAsync(cancellationToken);
            if (!status.TryGetProperty("processId", out var id) || !id.TryGetInt32(out var process) || process != known.ProcessId)
                return null;
        }
        catch (KotodamaException)
        {
            return null;
        }

        var addresses = Listening(url.Port);
        var open = addresses.FirstOrDefault(address => !IPAddress.IsLoopback(address));
        var lan = Uri.TryCreate(known.Lan, UriKind.Absolute, out var page) ? await LanCheck.RunAsync(page, time, cancellationToken) : null;
        return new RunningHub(
            url,
            known.ProcessId,
            addresses,
            await AsksNoTokenAsync(url, time, cancellationToken),
            open is null ? false
                : Reachable(open) is { } address ? await SpeaksPlainAsync(address, url.Port, time, cancellationToken)
                : null,
            lan);
    }

    private static IReadOnlyList<IPAddress> Listening(int port)
    {
        try
        {
            return [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
                .Where(end => end.Port == port).Select(end => end.Address).Distinct()];
        }
        catch (Exception e) when (e is NetworkInformationException or IOException or UnauthorizedAccessException)
        {
            // A container may hide the tables of the system.
            return [];
        }
    }

    /// <summary>One address that an open listener answers at: its own, or of all addresses one that the machine has.</summary>
    private static IPAddress? Reachable(IPAddress open)
    {
        if (!open.Equals(IPAddress.Any) && !open.Equals(IPAddress.IPv6Any))
            return open;
        var own = LanInterface.Read().SelectMany(i => i.Addresses).Where(address => !IPAddress.IsLoopback(address));
        return own.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault();
    }

    /// <summary>A request that a proxy seems to have passed on is never of this machine, so it takes a token.</summary>
    private static async Task<bool> AsksNoTokenAsync(Uri url, TimeProvider time, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "api/status"));
        request.Headers.Add("X-Forwarded-For", Stranger);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || IsLate(e, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>Null: nothing can be reached there, as behind a firewall of this machine.</summary>
    private static async Task<bool?> SpeaksPlainAsync(IPAddress address, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        try
        {
            using var client = new TcpClient(address.AddressFamily);
            await client.ConnectAsync(address, port, either.Token);
            var stream = client.GetStream();
            await stream.WriteAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), either.Token);
            var begin = new byte["HTTP/".Length];
            var length = await stream.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, either.Token);
            return Encoding.ASCII.GetString(begin, 0, length) == "HTTP/";
        }
        catch (IOException)
        {
            // A listener with TLS hangs up on what is no TLS.
            return false;
        }
        catch (Exception e) when (e is SocketException || IsLate(e, cancellationToken))
        {
            return null;
        }
    }

    private static bool IsLate(Exception e, CancellationToken cancellationToken) =>
        e is OperationCanceledException && !cancellationToken.IsCancellationRequested;
}
