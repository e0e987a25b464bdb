using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;
using static Kotodama.Server.Refused;

namespace Kotodama.Server.Hubs;

/// <content>What a client says, and what it is answered. All of it runs on the reader.</content>
internal sealed partial class Connection
{
    private async ValueTask TakeAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
            LogReceived(_logger, Session, Encoding.UTF8.GetString(utf8.Span));
        var (message, error) = MessageCodec.Read(utf8, _options.Limits);
        _allowance.Take(message);
        error ??= message switch
        {
            Publication publication => await PublishAsync(publication, cancellationToken),
            HelloMessage hello => await HelloAsync(hello, cancellationToken),
            AckMessage ack => await AsViewerAsync(new Work.Acknowledge(this, ack), cancellationToken),
            ResumeMessage resume => await AsViewerAsync(new Work.Resume(this, resume), cancellationToken),
            SoundMessage or PlaybackMessage => await AsViewerAsync(new Work.Report(this, message), cancellationToken),
            SpeechStartMessage or SpeechMarksMessage or SpeechEndMessage or SpeechStopMessage => await SpeakAsync(message, cancellationToken),
            UserTextMessage or MicMessage or VadMessage or CancelMessage or AskMessage => await SayAsync(message, cancellationToken),
            CompanionMessage or TurnMessage or TranscriptMessage or DuckMessage or MetricsMessage or AnswerMessage => await PerformAsync(message, cancellationToken),
            _ => Error(ErrorCode.NotAllowed, $"{message!.Type} is sent by the hub only", "See docs/protocol.md for what clients send."),
        };
        if (error is null)
            _errorsInARow = 0;
        else
            AnswerWith(error);
    }

    private async ValueTask<ErrorMessage?> PublishAsync(Publication message, CancellationToken cancellationToken)
    {
        if (Role is PeerRole.Viewer)
            return Error(ErrorCode.NotAllowed, "a viewer may not publish", "Say hello with the role \"publisher\", or say no hello at all.", message.Id);
        if (Role is null)
        {
            Role = PeerRole.Publisher;
            _isPage = false;
            await _hub.DoAsync(new Work.Leave(this, IsPublisher: false), cancellationToken);
        }

        var level = message.Receipt ?? (SaidHello ? ReceiptLevel.Stored : ReceiptLevel.None);
        await _hub.PublishAsync(message, Channels[0], this, answer => Hear(answer, level), cancellationToken);
        return null;
    }

    /// <summary>Passes on what became of a message. Called on the hub's loop.</summary>
    private void Hear(Message answer, ReceiptLevel level)
    {
        if (answer is ErrorMessage error)
        {
            LogRefused(_logger, Session, error.Code, error.Message);
            _hub.Refusals.Add(Session, error);
            Send(Frame.Text(error));
        }
        else if (level >= ReceiptLevel.Stored)
        {
            Send(Frame.Text(answer));
        }
    }

    private async ValueTask<ErrorMessage?> HelloAsync(HelloMessage hello, CancellationToken cancellationToken)
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

        Client = hello.Client;
        _isPage = hello.Role == PeerRole.Viewer && hello.Caps?.Contains(HelloMessage.DisplayCapability, StringComparer.Ordinal) == true;
        SaidHello = true;
        Role = hello.Role;
        Channels = hello.Channels ?? Channels;
        LogHello(_logger, Session, hello.Role, hello.Client ?? "an unnamed client");
        PlaysSpeech = _isPage && hello.Caps?.Contains(HelloMessage.SpeakCapability, StringComparer.Ordinal) == true;
        if (hello.Role is not PeerRole.Viewer)
        {
            await _hub.DoAsync(new Work.Leave(this, IsPublisher: false), cancellationToken);
            Send(Welcome([]));
            if (hello.Role is PeerRole.Voice)
                await _hub.DoAsync(new Work.AddVoice(this), cancellationToken);
            if (hello.Role is PeerRole.Companion)
                await _hub.DoAsync(new Work.AddCompanion(this), cancellationToken);
        }
        else
        {
            await _hub.DoAsync(new Work.Join(this, Channels, hello, Welcome), cancellationToken);
        }

        if (_isPage)
            _hub.PageArrived();
        return null;
    }

    private byte[] Welcome(Dictionary<string, ChannelWelcome> channels) => Frame.Text(new WelcomeMessage
    {
        Server = KotodamaVersion.Text,
        Session = Session,
        Channels = channels,
        Ping = _options.PingInterval.TotalMilliseconds,
        Limits = _options.Limits,
    });

    private async ValueTask<ErrorMessage?> AsViewerAsync(Work work, CancellationToken cancellationToken)
    {
        if (Role is not PeerRole.Viewer)
            return Error(ErrorCode.NotAllowed, "only viewers acknowledge, resume and report what is heard", "Say hello with the role \"viewer\" first.");
        await _hub.DoAsync(work, cancellationToken);
        return null;
    }

    private void AnswerWith(ErrorMessage error)
    {
        LogRefused(_logger, Session, error.Code, error.Message);
        _hub.Refusals.Add(Session, error);
        Send(Frame.Text(error));
        if (++_errorsInARow >= _options.Limits.Errors)
            Close(CloseCode.TooManyErrors, $"{_errorsInARow} errors in a row; the last: {error.Message}");
    }

    [LoggerMessage(12, LogLevel.Information, "Connection {Session} is a {Role}: {Client}.")]
    private static partial void LogHello(ILogger logger, string session, PeerRole role, string client);

    [LoggerMessage(13, LogLevel.Warning, "Connection {Session} sent a bad message ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, string session, string code, string message);

    [LoggerMessage(16, LogLevel.Trace, "Connection {Session} sent {Content}")]
    private static partial void LogReceived(ILogger logger, string session, string content);
}
