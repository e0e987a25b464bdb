using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Kotodama.Cli;
using Kotodama.Server.Access;

namespace Kotodama.EndToEnd.Integration;

/// <summary>The real program with <c>--lan</c>, in a process of its own with a data folder of its own.</summary>
internal sealed class LanHub : IAsyncDisposable
{
    private readonly TestProcess _process;
    private readonly string _folder;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private LanHub(TestProcess process, string folder, string banner, Uri url, Uri? lan) =>
        (_process, _folder, Banner, Url, Lan) = (process, folder, banner, url, lan);

    /// <summary>What it printed.</summary>
    public string Banner { get; }

    /// <summary>Where it is for this machine.</summary>
    public Uri Url { get; }

    /// <summary>
    /// Where it is for phones: an address of this machine in its network. A machine without one is reached by its name, which
    /// <see cref="Rules"/> explain to a browser; null: it does not listen.
    /// </summary>
    public Uri? Lan { get; }

    /// <summary>A folder that goes with the hub.</summary>
    public string Home => Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;

    /// <summary>What a browser needs to know of names.</summary>
    public static IEnumerable<string> Rules => ["--host-resolver-rules=MAP *.local 127.0.0.1"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LanHub> StartAsync(bool lan = true, params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-lan-").FullName;
        string[] options = ["--port", "0", "--page-port", "0", "--open", "never", "--llm", "off", "--voice", "off", "--data", folder, .. more];
        if (lan)
            options = ["--lan", "--lan-port", "0", .. options];
        var start = new ProcessStartInfo("dotnet", [Repository.Program, .. options])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        var process = TestProcess.Start(start);
        var banner = "";
        while (!banner.Contains(lan ? "QR code" : "Ctrl+C", StringComparison.Ordinal) && !banner.Contains("no local network", StringComparison.Ordinal))
        {
            banner += await process.StandardOutput.ReadLineAsync(Token).AsTask().InTime("the hub to start")
                ?? throw new InvalidOperationException($"The hub ended: {banner}");
            banner += "\n";
        }

        var address = HubAddress.Read(folder, out _)!;
        return new LanHub(process, folder, banner, new Uri(address.Url), address.Lan is { } found ? new Uri(found) : null);
    }

    /// <summary>What the page of this machine would show: the address with the token, and the one without.</summary>
    public async Task<(string Url, string Address)> InviteAsync()
    {
        using var answer = await _http.PostAsync(new Uri(Url, "api/phone"), content: null, Token);
        var invitation = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
        return ((string)invitation["url"]!, (string)invitation["address"]!);
    }

    public Task<byte[]> RootAsync() => _http.GetByteArrayAsync(new Uri(Url, "lan/root.crt"), Token);

    public async Task SayAsync(string text)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(Url, "api/messages"), new JsonObject { ["type"] = "llm_response", ["content"] = text }, Token);
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>A client of another machine that trusts the root and nothing else.</summary>
    public async Task<HttpClient> ClientAsync(string? token = null)
    {
        var root = X509CertificateLoader.LoadCertificate(await RootAsync());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        var client = new HttpClient(handler) { BaseAddress = Lan };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Makes a token, as <c>kotodama token create</c> does.</summary>
    public string CreateToken(AccessRole role)
    {
        using var tokens = new TokenStore(_folder, TimeProvider.System);
        return tokens.Create(role, name: null, channels: null, expires: null);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await TestProcess.SignalAsync(_process.Id, "INT");
        await _process.WaitForExitAsync(Token).InTime("the hub to end");
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
