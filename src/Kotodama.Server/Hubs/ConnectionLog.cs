using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Hubs;

/// <summary>What connections write into the log; never what is said.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(10, LogLevel.Debug, "Connection {Session} opened.")]
    public static partial void LogOpened(ILogger logger, PlainText session);

    [LoggerMessage(11, LogLevel.Debug, "Connection {Session} ended.")]
    public static partial void LogClosed(ILogger logger, PlainText session);

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "Connection {Session} sends faster than {PublishRate} kept or {FrameRate} other messages per second; "
        + "it is slowed down, and nothing is lost. Kotodama:Limits:PublishRate and FrameRate change that.")]
    public static partial void LogSlowed(ILogger logger, PlainText session, int publishRate, int frameRate);

    [LoggerMessage(14, LogLevel.Warning, "Connection {Session} broke the WebSocket protocol: {Reason}.")]
    public static partial void LogViolation(ILogger logger, PlainText session, PlainText reason);

    [LoggerMessage(15, LogLevel.Debug, "Closing connection {Session} with {Code}: {Reason}.")]
    public static partial void LogClosing(ILogger logger, PlainText session, int code, PlainText reason);
}
