using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Hubs;

/// <content>What a client says, and what it is answered. All of it runs on the reader.</content>
internal sealed partial class Connection
{
    private void Take(ReadOnlyMemory<byte> utf8)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
            LogReceived(_logger, Session, Encoding.UTF8.GetString(utf8.Span));
        var (message, error) = MessageCodec.Read(utf8, _options.Limits);
        error ??= message switch
        {
            Publication publication => Publish(publication),
            HelloMessage hello => Hello(hello),
            AckMessage ack => Acknowledge(ack),
            _ => Error(ErrorCode.NotAllowed, $"{message!.Type} is sent by the hub only", "See docs/protocol.md for what clients send."),
        };
        if (error is null)
            _errorsInARow = 0;
        else
            Refuse(error);
    }

    private ErrorMessage? Publish(Publication message)
    {
        if (Role is PeerRole.Viewer)
            return Error(ErrorCode.NotAllowed, "a viewer may not publish", "Say hello with the role \"publisher\", or say no hello at all.", message.Id);
        if (Role is null)
        {
            Role = PeerRole.Publisher;
            IsPage = false;
            _hub.Leave(this, Channels);
        }

        var (receipt, error) = _hub.Publish(message, Channels[0]);
        if (error is not null)
            return error;
        if ((message.Receipt ?? (SaidHello ? ReceiptLevel.Sent : ReceiptLevel.None)) == ReceiptLevel.Sent)
            Send(Frame.Text(receipt!));
        return null;
    }

    private ErrorMessage? Hello(HelloMessage hello)
    {
        if (Role is not null)
            return Error(ErrorCode.NotAllowed, "hello must be the first message", "Say hello once, right after connecting.");
        if (hello.V != ProtocolVersion.Current)
        {
            var error = Error(ErrorCode.UnsupportedVersion, $"this hub speaks version {ProtocolVersion.Current} of the protocol, not {hello.V}", "Update the hub or the client.");
            Send(Frame.Text(error));
            _hub.Refusals.Add(Session, error);
            Close(CloseCode.Version, error.Message);
            return null;
        }

        var wanted = hello.Channels ?? Channels;
        _hub.Leave(this, Channels);
        Client = hello.Client;
        IsPage = hello.Role == PeerRole.Viewer && hello.Caps?.Contains(HelloMessage.DisplayCapability, StringComparer.Ordinal) == true;
        SaidHello = true;
        Role = hello.Role;
        Channels = wanted;
        if (hello.Role == PeerRole.Publisher)
            Welcome([]);
        else if (_hub.Join(this, wanted, Welcome) is { } full)
        {
            CloseForError(full);
            return null;
        }

        if (IsPage)
            _hub.PageArrived();
        LogHello(_logger, Session, hello.Role, hello.Client ?? "an unnamed client");
        return null;
    }

    private void Welcome(Dictionary<string, ChannelPosition> positions) => Send(Frame.Text(new WelcomeMessage
    {
        Server = KotodamaVersion.Text,
        Session = Session,
        Channels = positions,
        Ping = _options.PingInterval.TotalMilliseconds,
        Limits = _options.Limits,
    }));

    private ErrorMessage? Acknowledge(AckMessage ack)
    {
        if (Role is not PeerRole.Viewer)
            return Error(ErrorCode.NotAllowed, "only viewers acknowledge", "Say hello with the role \"viewer\" first.");
        _hub.Acknowledge(ack);
        return null;
    }

    private void Refuse(ErrorMessage error)
    {
        LogRefused(_logger, Session, error.Code, error.Message);
        _hub.Refusals.Add(Session, error);
        Send(Frame.Text(error));
        if (++_errorsInARow >= _options.Limits.Errors)
            Close(CloseCode.TooManyErrors, $"{_errorsInARow} errors in a row; the last: {error.Message}");
    }

    private void CloseForError(ErrorMessage error)
    {
        Send(Frame.Text(error));
        _hub.Refusals.Add(Session, error);
        Close(CloseCode.GoingAway, error.Message);
    }

    private static ErrorMessage Error(string code, string message, string hint, string? id = null) =>
        new() { Code = code, Message = message, Hint = hint, Id = id };

    [LoggerMessage(12, LogLevel.Information, "Connection {Session} is a {Role}: {Client}.")]
    private static partial void LogHello(ILogger logger, string session, PeerRole role, string client);

    [LoggerMessage(13, LogLevel.Warning, "Connection {Session} sent a bad message ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, string session, string code, string message);

    [LoggerMessage(16, LogLevel.Trace, "Connection {Session} sent {Content}")]
    private static partial void LogReceived(ILogger logger, string session, string content);
}
