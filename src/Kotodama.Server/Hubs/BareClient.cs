using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Hubs;

/// <summary>
/// What the log tells of a client that says no hello: that it is there, and how it ended. Of the others it tells with their hello. Any
/// thread.
/// </summary>
/// <param name="session">The name of its connection.</param>
/// <param name="client">What it has said of itself.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class BareClient(string session, ClientProfile client, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(3);

    private readonly long _began = time.GetTimestamp();
    private int _isTold;

    /// <summary>Time has passed in which the client could have said hello.</summary>
    public void Wait()
    {
        if (time.GetElapsedTime(_began) >= HelloWithin)
            Tell();
    }

    /// <summary>It is certain by now whether the client says hello.</summary>
    public void Tell()
    {
        if (!client.SaidHello && Interlocked.Exchange(ref _isTold, 1) == 0)
            LogCame(logger, session, client.Role is PeerRole.Publisher ? "publishes" : "listens", string.Join(", ", client.Channels));
    }

    /// <summary>The hub gives the client up.</summary>
    /// <param name="silence">How long it was allowed to be silent.</param>
    public void TellCut(TimeSpan silence)
    {
        if (!client.SaidHello)
            LogCut(logger, session, silence.TotalSeconds);
    }

    /// <summary>The connection has ended.</summary>
    /// <returns>False: the client has said hello.</returns>
    public bool TellEnd()
    {
        if (client.SaidHello)
            return false;
        Tell();
        LogEnded(logger, session, time.GetElapsedTime(_began).TotalSeconds);
        return true;
    }

    [LoggerMessage(18, LogLevel.Information, "Connection {Session} says no hello: it {Does} on the channel {Channels}.")]
    private static partial void LogCame(ILogger logger, PlainText session, PlainText does, PlainText channels);

    [LoggerMessage(19, LogLevel.Information, "Connection {Session}, without hello, has ended after {Seconds:0.0} s.")]
    private static partial void LogEnded(ILogger logger, PlainText session, double seconds);

    [LoggerMessage(
        21,
        LogLevel.Warning,
        "Connection {Session}, without hello, is cut: it answered no ping for {Seconds} s, and what it sends from now on is lost. "
        + "A program that computes or sleeps must let its WebSocket work meanwhile; Kotodama:BareTimeout gives it longer.")]
    private static partial void LogCut(ILogger logger, PlainText session, double seconds);
}
