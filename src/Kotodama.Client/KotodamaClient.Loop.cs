using System.Net.WebSockets;
using Kotodama.Protocol;

namespace Kotodama.Client;

public sealed partial class KotodamaClient
{
    /// <summary>Longer than two of the hub's pings: then nothing gets through any more.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(35);

    private async Task StayConnectedAsync(Link link)
    {
        var reason = "closed";
        var failures = 0;
        try
        {
            while (true)
            {
                var end = await ServeAsync(link).ConfigureAwait(false);
                if (!end.MayReturn || _disposed != 0)
                    break;
                Raise(ConnectionState.Reconnecting, end.Reason, failures);
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
            reason = e.Message;
        }
        finally
        {
            // Whatever ended the loop, nobody shall wait for what will not come.
            Over(reason);
        }
    }

    /// <summary>Sends and receives until the connection ends.</summary>
    private async Task<LinkEnd> ServeAsync(Link link)
    {
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(() => SendAsync(link, stop.Token), CancellationToken.None);
        try
        {
            return await ReceiveAsync(link).ConfigureAwait(false);
        }
        finally
        {
            _link = null;
            _outbox.Break();
            await stop.CancelAsync().ConfigureAwait(false);
            link.Dispose();
            await sending.ConfigureAwait(false);
        }
    }

    /// <summary>Sends what the outbox holds, in its order.</summary>
    private async Task SendAsync(Link link, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var delivery = await _outbox.TakeAsync(stop).ConfigureAwait(false);
                try
                {
                    await link.SendAsync(delivery.Bytes, delivery.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, stop).ConfigureAwait(false);
                }
                catch (KotodamaException e)
                {
                    delivery.Fail(e);
                }
                finally
                {
                    if (delivery.IsOnce)
                        _outbox.Remove(delivery);
                }
            }
        }
        catch (Exception e) when (Link.IsLost(e))
        {
            if (!stop.IsCancellationRequested)
                link.Abort();
        }
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
            await link.SendAsync(MessageCodec.Write(Hello()), either.Token).ConfigureAwait(false);
            while (true)
            {
                switch (await link.ReceiveAsync(either.Token).ConfigureAwait(false))
                {
                    case WelcomeMessage welcome:
                        link.FrameLimit = welcome.Limits.Frame;
                        _welcome = welcome;
                        Place(welcome);
                        return link;
                    case ErrorMessage { Retry: true } error:
                        throw Unreachable(error.Message, null);
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
        using var silence = new CancellationTokenSource(Silence, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _disposing.Token);
        try
        {
            while (true)
            {
                silence.CancelAfter(Silence);
                switch (await link.ReceiveAsync(either.Token).ConfigureAwait(false))
                {
                    case null:
                        var mayReturn = link.CloseCode == CloseCode.Replaced ? Replaced() : CloseCode.MayReturn(link.CloseCode);
                        return new LinkEnd(mayReturn, link.CloseReason, retryAfter);
                    case ByeMessage bye:
                        retryAfter = TimeSpan.FromMilliseconds(Math.Clamp(bye.RetryAfter, 0, 60_000));
                        break;
                    case PingMessage { Tops: { } tops }:
                        await CompareAsync(link, tops).ConfigureAwait(false);
                        break;
                    case PingMessage or WelcomeMessage:
                        break;
                    case ReceiptMessage receipt:
                        _outbox.Answer(receipt);
                        if (Serves)
                            _incoming.Writer.TryWrite(receipt);
                        break;
                    case ErrorMessage error when _outbox.Refuse(error):
                        break;
                    case GapMessage gap when !ChannelOf(gap.Channel).Accept(gap):
                        break;
                    case Publication publication when !Serves:
                        await ViewAsync(link, publication).ConfigureAwait(false);
                        break;
                    case var message:
                        _incoming.Writer.TryWrite(message);
                        break;
                }
            }
        }
        catch (Exception e) when (Link.IsLost(e))
        {
            return new LinkEnd(!_disposing.IsCancellationRequested,
                silence.IsCancellationRequested ? "nothing was heard from the hub for 35 s" : e.InnerException?.Message ?? e.Message, retryAfter);
        }
    }

    private TimeSpan Pause(int failures)
    {
        var bound = Math.Min(_options.LongestPause.TotalMilliseconds, _options.FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        return TimeSpan.FromMilliseconds(bound * _options.Random.NextDouble());
    }

    private void Linked(Link link)
    {
        _outbox.Restart();
        _link = link;
        Raise(ConnectionState.Connected, "", 0);
    }

    private void Over(string reason)
    {
        _outbox.Close(() => new KotodamaException(KotodamaException.NotConnected, $"the connection to {Uri} is over ({reason})", "Connect anew."));
        _incoming.Writer.TryComplete();
        Raise(ConnectionState.Closed, reason, 0);
    }

    private void Raise(ConnectionState state, string reason, int attempt)
    {
        _state = state;
        if (ConnectionChanged is not { } handlers)
            return;

        // One after the other, but not on this loop: a handler may block, throw or dispose the client.
        var change = new ConnectionChangedEventArgs(state, reason, attempt);
        _raised = _raised.ContinueWith(_ => handlers(this, change), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private readonly record struct LinkEnd(bool MayReturn, string Reason, TimeSpan? RetryAfter);
}
