using System.Text;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Server.Access;

/// <summary>Keys and words are put wherever a client can put them. The hub's log, at all its levels, does not repeat them.</summary>
public sealed class PlantedSecretTests
{
    private const string Key = SecretWatch.PlantedKey + "0123456789", Words = SecretWatch.PlantedWords + "0123456789";

    /// <summary>Heads of requests.</summary>
    private static readonly string[] Requests =
    [
        $"GET /api/history HTTP/1.1\r\nAuthorization: Bearer {Key}", $"GET /api/history HTTP/1.1\r\nAuthorization: Basic {Key}", $"GET /api/history HTTP/1.1\r\nAuthorization: {Key}", $"GET /api/history HTTP/1.1\r\nCookie: kotodama_80={Key}",
        $"GET /api/history HTTP/1.1\r\nProxy-Authorization: Bearer {Key}", $"GET /api/history HTTP/1.1\r\nX-Api-Key: {Key}", $"GET / HTTP/1.1\r\nReferer: http://localhost/#token={Key}", $"GET /api/history?token={Key} HTTP/1.1", $"GET /api/history?access_token={Key} HTTP/1.1",
        $"GET /api/history?api_key={Key}&limit=x HTTP/1.1", $"GET /ws?token={Key} HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", $"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Protocol: kotodama.v1, bearer.{Key}",
        $"POST /api/session?token={Key} HTTP/1.1\r\nAuthorization: Bearer {Key}", $"DELETE /api/session HTTP/1.1\r\nCookie: kotodama_80={Key}", $"GET /metrics?key={Key} HTTP/1.1\r\nOrigin: https://evil.example", $"POST /api/speak?token={Key} HTTP/1.1\r\nContent-Type: {Key}/x",
        $"OPTIONS /api/history HTTP/1.1\r\nAccess-Control-Request-Headers: {Key}", $"GET /api/history HTTP/1.1\r\nX-Forwarded-For: {Key}", $"{Key} /api/history HTTP/1.1", $"GET /api/history HTTP/1.1\r\n{Key}: x",
    ];

    private static readonly string[] Patterns =
    [
        """{"type":"llm_response","content":"WORDS"}""", """{"type":"llm_response","content":["WORDS"]}""", """{"type":"llm_response","content":"WORDS","duration":"WORDS"}""", """{"type":"llm_response","content":"WORDS","mode":"WORDS WORDS"}""",
        """{"type":"llm_response","content":"x","emotion":"WORDS\n"}""", """{"type":"llm_response","content":"x","voice":"WORDSWORDSWORDSWORDS"}""", """{"type":"llm_response","content":"WORDS","audio":"WORDS"}""", """{"type":"llm_response","content":"WORDS","ttl":-1}""",
        """{"type":"llm_response","content":"WORDS","id":"WORDS WORDS"}""", """{"type":"llm_delta","id":"a","part":0,"content":"WORDS"}""", """{"type":"llm_delta","id":"b","part":"WORDS","content":"WORDS"}""", """{"type":"status","content":"WORDS"}""", """{"type":"expression","name":{"WORDS":1}}""",
        """{"type":{"WORDS":1}}""", """{"WORDS":1}""", "WORDS", """{"type":"llm_response","content":"WORDS""", """["WORDS"]""", "\"WORDS\"", """{"type":"llm_response","content":"WORDS \ud800"}""", """{"type":"llm_response","content":"x","content":"WORDS"}""",
        """{"type":"user_text","content":"WORDS"}""", """{"type":"user_text","content":WORDS}""", """{"type":"ask","id":"1","name":"choose_llm","value":{"url":"http://user:KEY@127.0.0.1:1/v1","key":"KEY"}}""", """{"type":"ask","id":7,"name":"choose_llm","value":{"key":"KEY"}}""", """{"type":"ask","id":"8","name":"choose_llm","value":{"key":"KEY""", """{"type":"ask","id":"2","name":"search","value":{"text":"WORDS"}}""",
        """{"type":"ask","id":3,"name":"search","value":"WORDS"}""", """{"type":"enc","kid":"WORDS","n":"WORDS","data":"WORDS"}""", """{"type":"transcript","channel":"default","turn":1,"content":"WORDS"}""", """{"type":"answer","page":"x","id":"1","value":"WORDS"}""", """{"type":"touch","area":{"WORDS":2}}""",
        """{"type":"hello","role":["WORDS"]}""", """{"type":"hello","role":"viewer","resume":{"default":{"epoch":["WORDS"]}}}""", string.Concat(Enumerable.Repeat("[", 60)) + "WORDS",
    ];

    /// <summary>Messages, right and wrong.</summary>
    private static readonly string[] Messages = [.. Patterns.Select(p => p.Replace("WORDS", Words, StringComparison.Ordinal).Replace("KEY", Key, StringComparison.Ordinal))];

    [Fact]
    public async Task No_key_and_no_word_of_a_client_stands_in_the_log()
    {
        await using var rig = await AccessRig.StartAsync();
        await using var companion = await rig.Hub.CompanionAsync();
        foreach (var request in Requests)
            await SendAsync(rig.Hub, request, "");
        foreach (var message in Messages)
            await SendAsync(rig.Hub, "POST /api/messages HTTP/1.1\r\nContent-Type: application/json", message);
        foreach (var role in new[] { PeerRole.Publisher, PeerRole.Viewer })
        {
            using var socket = await TestSocket.ConnectAsync(rig.Hub.Socket, ("Cookie", $"a={Key}"), ("Authorization", $"Bearer {rig.Token("admin")}"));
            await socket.SendAsync(new HelloMessage { Role = role });
            foreach (var message in Messages)
                await socket.SendAsync(message);
            await socket.SendAsync(Encoding.UTF8.GetBytes(Words), System.Net.WebSockets.WebSocketMessageType.Binary);
            await socket.SendAsync("""{"type":"that is all"}""");
            while (await socket.ReceiveTextAsync() is { } text && !text.Contains("that is all", StringComparison.Ordinal) && !text.Contains(ErrorCode.UnknownType, StringComparison.Ordinal))
                Assert.NotEmpty(text);
        }

        var watch = new SecretWatch();
        foreach (var (level, line) in rig.Hub.Log.Lines)
            watch.See($"the log at {level}", line, mayHaveWords: level == LogLevel.Trace);
        Assert.Empty(watch.Found);

        // They came in, and what was wrong with them was told.
        Assert.Contains(rig.Hub.Log.Lines, l => l.Level == LogLevel.Trace && l.Text.Contains(Words, StringComparison.Ordinal));
        Assert.True(rig.Hub.Log.Lines.Count(l => l.Level == LogLevel.Warning) > 20);
    }

    private static async Task SendAsync(TestHub hub, string head, string body)
    {
        using var socket = await RawSocket.OpenAsync(hub.Url);
        var host = head.Contains("\nHost:", StringComparison.Ordinal) ? "" : $"Host: {hub.Url.Authority}\r\n";
        await socket.SendAsync(Encoding.UTF8.GetBytes($"{head}\r\n{host}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
        Assert.StartsWith("HTTP/1.1 ", await socket.ReadAllAsync(), StringComparison.Ordinal);
    }
}
