using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kotodama.Bench.Beside;

/// <summary>What one would write first with ASP.NET Core: every message to every other client, one awaited send after the other.</summary>
internal static class NaiveServer
{
    public static async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.UseWebSockets();
        var clients = new ConcurrentDictionary<WebSocket, bool>();
        app.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            clients[socket] = true;
            try
            {
                await EchoAsync(socket, clients);
            }
            catch (WebSocketException)
            {
                // It is gone.
            }
            finally
            {
                clients.TryRemove(socket, out _);
            }
        });
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task EchoAsync(WebSocket from, ConcurrentDictionary<WebSocket, bool> clients)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await from.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
                return;
            foreach (var (client, _) in clients)
                if (client != from)
                    await client.SendAsync(buffer.AsMemory(0, length), part.MessageType, endOfMessage: true, CancellationToken.None);
        }
    }
}
