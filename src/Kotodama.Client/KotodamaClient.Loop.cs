using System.Net.WebSockets;
using Kotodama.Protocol;

namespace Kotodama.Client;

public sealed partial class KotodamaClient
{
    /// <summary>Longer than two of the hub's pings: then nothing gets through any more.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(35);

    private async Task StayConnectedAsync(Link link)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var end = await ReceiveAsync(link).ConfigureAwait(false);
                link.Dispose();
                Unlinked(end, failures);
                if (!end.MayReturn || _disposed != 0)
                    break;
                var pause = end.RetryAfter ?? Pause(failures);
                while (true)
                {
                    await Task.Delay(pause, _options.Time, _disposing.Token).ConfigureAwait(false);
                    try
                    {
                        link = await OpenAsync(_disposing.Token).ConfigureAwait(false);
                        failures = 0;
                        Linked(link);
                        break;
                    }
                    catch (KotodamaException e) when (e.Code == KotodamaException.NotConnected)
                    {
                        pause = Pause(++failures);
                        Raise(ConnectionState.Reconnecting, e.Message, failures);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // Disposed while waiting.
        }
        catch (KotodamaException e)
        {
            Over(e.Message);
            return;
        }

        Over("closed");
    }

    /// <summary>Connects, says hello and waits for the welcome.</summary>
    private async Task<Link> OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Link? link = null;
        try
        {
            link = await Link.ConnectAsync(Uri, either.Token).ConfigureAwait(false);
            await link.SendAsync(new HelloMessage { Role = _options.Role, Channels = [.. _options.Channels], Client = _options.Name }, either.Token).ConfigureAwait(false);
            while (true)
            {
                switch (await link.ReceiveAsync(either.Token).ConfigureAwait(false))
                {
                    case WelcomeMessage welcome:
                        link.FrameLimit = welcome.Limits.Frame;
                        Welcome = welcome;
                        return link;
                    case ErrorMessage error:
                        throw KotodamaException.From(error);
                    case null:
                        throw Unreachable($"the hub closed the connection: {link.CloseReason}", null);
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            link?.Dispose();
            throw Unreachable($"no answer within {_options.ConnectTimeout.TotalSeconds:0.#} s", e);
        }
        catch (WebSocketException e)
        {
            link?.Dispose();
            throw Unreachable(e.InnerException?.Message ?? e.Message, e);
        }
        catch
        {
            link?.Dispose();
            throw;
        }
    }

    private KotodamaException Unreachable(string why, Exception? cause) =>
        new(KotodamaException.NotConnected, $"cannot reach a Kotodama hub at {Uri} ({why.TrimEnd('.')})", "Start it with: dotnet run --project src/Kotodama (or kotodama, where it is installed)", cause);

    private async Task<LinkEnd> ReceiveAsync(Link link)
    {
        TimeSpan? retryAfter = null;
        try
        {
            while (true)
            {
                using var silence = new CancellationTokenSource(Silence, _options.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _disposing.Token);
                switch (await link.ReceiveAsync(either.Token).ConfigureAwait(false))
                {
                    case null:
                        return new LinkEnd(CloseCode.MayReturn(link.CloseCode), link.CloseReason, retryAfter);
                    case ByeMessage bye:
                        retryAfter = TimeSpan.FromMilliseconds(Math.Clamp(bye.RetryAfter, 0, 60_000));
                        break;
                    case PingMessage:
                        break;
                    case ReceiptMessage receipt when _unanswered.TryGetValue(receipt.Id, out var answer):
                        answer.TrySetResult(receipt);
                        break;
                    case ErrorMessage { Id: { } id } error when _unanswered.TryGetValue(id, out var refused):
                        refused.TrySetException(KotodamaException.From(error));
                        break;
                    case var message:
                        _incoming.Writer.TryWrite(message);
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new LinkEnd(!_disposing.IsCancellationRequested, "nothing was heard from the hub for 35 s", null);
        }
        catch (WebSocketException e)
        {
            return new LinkEnd(true, e.InnerException?.Message ?? e.Message, retryAfter);
        }
    }

    private TimeSpan Pause(int failures)
    {
        var bound = Math.Min(_options.LongestPause.TotalMilliseconds, _options.FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        return TimeSpan.FromMilliseconds(bound * _options.Random.NextDouble());
    }

    private void Linked(Link link)
    {
        lock (_lock)
        {
            _link = link;
            _linked.TrySetResult(link);
        }

        Raise(ConnectionState.Connected, "", 0);
    }

    private void Unlinked(LinkEnd end, int failures)
    {
        lock (_lock)
        {
            _link = null;
            if (_linked.Task.IsCompleted)
                _linked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        foreach (var answer in _unanswered.Values)
            answer.TrySetException(Lost(null));
        if (end.MayReturn && _disposed == 0)
            Raise(ConnectionState.Reconnecting, end.Reason, failures);
    }

    private void Over(string reason)
    {
        lock (_lock)
        {
            _linked.TrySetException(new KotodamaException(KotodamaException.NotConnected, $"the connection to {Uri} is over ({reason})", "Connect anew."));
            // Nobody may be waiting, and a failure that nobody waits for is no failure.
            _ = _linked.Task.Exception;
        }

        _incoming.Writer.TryComplete();
        Raise(ConnectionState.Closed, reason, 0);
    }

    private void Raise(ConnectionState state, string reason, int attempt)
    {
        State = state;
        ConnectionChanged?.Invoke(this, new ConnectionChangedEventArgs(state, reason, attempt));
    }

    private readonly record struct LinkEnd(bool MayReturn, string Reason, TimeSpan? RetryAfter);
}
