using System.Globalization;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Kotodama.Protocol;
using Kotodama.Server.Access;

namespace Kotodama.Tests.Server.Access;

/// <summary>A hub with a token of each role, and those who come to it.</summary>
internal sealed partial class AccessRig : IAsyncDisposable
{
    public const string AllowedOrigin = "https://mysite.test";

    private readonly string _folder;
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private int _address;

    private AccessRig(TestHub hub, TokenStore tokens, OriginStore origins, string folder)
    {
        (Hub, Tokens, Origins, _folder) = (hub, tokens, origins, folder);
        foreach (var role in Enum.GetValues<AccessRole>())
            _tokens[role.ToString().ToLowerInvariant()] = tokens.Create(role, null, null, null);
        _tokens["revoked"] = tokens.Create(AccessRole.Admin, null, null, null);
        tokens.Revoke(_tokens["revoked"][3..11]);
        _tokens["expired"] = tokens.Create(AccessRole.Admin, null, null, TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        origins.Allow(AllowedOrigin);
    }

    public TestHub Hub { get; }

    /// <summary>The tokens as another process has them.</summary>
    public TokenStore Tokens { get; }

    /// <summary>The origins as another process has them.</summary>
    public OriginStore Origins { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<AccessRig> StartAsync(Action<Kotodama.Server.KotodamaServerOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-access-").FullName;
        var hub = await TestHub.StartAsync(o =>
        {
            o.DataFolder = folder;
            o.Limits = o.Limits with { Errors = 10_000 };
            configure?.Invoke(o);
        });
        return new AccessRig(hub, new TokenStore(folder, TimeProvider.System), new OriginStore(folder, TimeProvider.System), folder);
    }

    public async ValueTask DisposeAsync()
    {
        Tokens.Dispose();
        Origins.Dispose();
        await Hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public string Token(string role) => _tokens[role];

    /// <summary>What a client sends with each request; each time from another address, where it is another machine.</summary>
    public (string Name, string Value)[] Headers(string who)
    {
        var number = Interlocked.Increment(ref _address);
        (string, string) elsewhere = (TestHub.AddressHeader, string.Create(CultureInfo.InvariantCulture, $"198.18.{number / 250}.{1 + (number % 250)}"));
        return who switch
        {
            "program" => [],
            "own page" => [("Origin", $"http://{Hub.Url.Authority}")],
            "other page" => [("Origin", number % 2 == 0 ? "http://localhost:3000" : AllowedOrigin)],
            "foreign page" => [("Origin", "https://evil.example")],
            "null" => [("Origin", "null")],
            "wrong token" => [elsewhere, ("Authorization", "Bearer " + Token("admin")[..^1] + (Token("admin")[^1] == 'A' ? 'B' : 'A'))],
            "no token" => [elsewhere],
            _ => [elsewhere, ("Authorization", "Bearer " + Token(who))],
        };
    }

    /// <summary>Sends a request, and returns why it was refused; null: it was not, whatever else came of it.</summary>
    public async Task<ErrorMessage?> AskAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.TrimStart('/'));
        if (method != HttpMethod.Get)
            request.Content = new ByteArrayContent([]);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Hub.Http().SendAsync(request, Cancelled);
        if (response.IsSuccessStatusCode || response.Content.Headers.ContentType is not { MediaType: "application/json" })
            return null;
        var error = MessageCodec.Read(await response.Content.ReadAsByteArrayAsync(Cancelled)).Message as ErrorMessage;
        return error is not null && IsRefusal(error) ? error : null;
    }

    /// <summary>Sends messages over one connection, and returns the errors that came before the answer to something that is no message.</summary>
    public async Task<List<ErrorMessage>> SayAsync(string who, params object[] messages)
    {
        using var socket = await TestSocket.ConnectAsync(Hub.Socket, Headers(who));
        var errors = new List<ErrorMessage>();
        foreach (var message in messages)
        {
            if (message is byte[] bytes)
                await socket.SendAsync(bytes, WebSocketMessageType.Binary);
            else
                await socket.SendAsync((string)message);
        }

        await socket.SendAsync("""{"type":"that is all"}""");
        while (await socket.ReceiveTextAsync() is { } text)
        {
            var answer = text.StartsWith('{') ? MessageCodec.Read(Encoding.UTF8.GetBytes(text)).Message : null;
            if (answer is AnswerMessage { Error: { } refusal })
                errors.Add(new ErrorMessage { Code = refusal.Code, Message = refusal.Message, Hint = refusal.Hint });
            if (answer is not ErrorMessage error)
                continue;
            if (error.Code == ErrorCode.UnknownType)
                return errors;
            errors.Add(error);
        }

        errors.Add(new ErrorMessage { Code = "closed", Message = $"{socket.CloseCode} {socket.CloseReason}", Hint = "" });
        return errors;
    }

    /// <summary>Whether an error says that the client may not, and not that what it sent is wrong.</summary>
    public static bool IsRefusal(ErrorMessage error) =>
        error.Code is ErrorCode.OriginNotAllowed or ErrorCode.RemoteNotAllowed or ErrorCode.HostNotAllowed or "closed"
        || (error.Code is ErrorCode.NotAllowed or ErrorCode.TokenNeeded or ErrorCode.BadToken && Refusal().IsMatch(error.Message));

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    [GeneratedRegex("may not .* here$|does not count on this channel|need a token$|the token is none|wrong tokens came|does not belong into", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Refusal();
}
