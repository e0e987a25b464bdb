using System.Net.WebSockets;
using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>Makes connections to one hub: opens a socket, says hello and waits for the welcome.</summary>
internal sealed class HubConnector(Uri uri, KotodamaClientOptions options, ViewerPositions positions)
{
    private volatile WelcomeMessage? _welcome;

    public Uri Uri { get; } = uri;

    /// <summary>The hub's welcome of the current connection, or of the last one; null before the first.</summary>
    public WelcomeMessage? Welcome => _welcome;

    /// <summary>The limits of the hub, or the standard ones before it has said them.</summary>
    public ProtocolLimits Limits => _welcome?.Limits ?? ProtocolLimits.Default;

    /// <summary>Opens a connection that the hub has welcomed.</summary>
    /// <exception cref="KotodamaException">The hub cannot be reached in time, or does not let the client in.</exception>
    public async Task<HubSocket> OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HubSocket? socket = null;
        try
        {
            socket = await HubSocket.ConnectAsync(Uri, options.Token, options.Time, either.Token).ConfigureAwait(false);
            await socket.SendAsync(MessageCodec.Write(positions.Hello()), either.Token).ConfigureAwait(false);
            await WelcomeAsync(socket, either.Token).ConfigureAwait(false);
            return socket;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            socket?.Dispose();
            throw Unreachable($"no answer within {options.ConnectTimeout.TotalSeconds:0.#} s", e);
        }
        catch (WebSocketException e)
        {
            socket?.Dispose();
            throw Unreachable(e.InnerException?.Message ?? e.Message, e);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the hub lets the client in.</summary>
    private async Task WelcomeAsync(HubSocket socket, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await socket.ReceiveAsync(cancellationToken).ConfigureAwait(false))
            {
                case WelcomeMessage welcome:
                    socket.FrameLimit = welcome.Limits.Frame;
                    _welcome = welcome;
                    positions.Welcome(welcome);
                    return;
                case ErrorMessage { Retry: true } error:
                    throw Unreachable(error.Message, null);
                case ErrorMessage error:
                    throw KotodamaException.From(error);
                case null:
                    throw Unreachable($"the hub closed the connection: {socket.CloseReason}", null);
            }
        }
    }

    private KotodamaException Unreachable(string why, Exception? cause) => new(
        KotodamaException.NotConnected,
        $"cannot reach a Kotodama hub at {Uri} ({why.TrimEnd('.')})",
        "Start it with: dotnet run --project src/Kotodama (or kotodama, where it is installed)",
        cause);
}
