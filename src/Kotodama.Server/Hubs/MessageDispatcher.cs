using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Rates;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Turns what the client of a connection sends into work for the hub, or into an error for the client, by the client's role. All of it runs
/// on the connection's reader.
/// </summary>
/// <param name="connection">The connection, which is the viewer or the performer of the work.</param>
/// <param name="client">What the client has said of itself; changed here.</param>
/// <param name="grant">What the client may do; asked for each message before anything else looks at it.</param>
/// <param name="hub">The hub.</param>
/// <param name="allowance">Counts the messages.</param>
/// <param name="logger">The log; content appears at Trace only.</param>
internal sealed partial class MessageDispatcher(
    Connection connection,
    ClientProfile client,
    Grant grant,
    Hub hub,
    Allowance allowance,
    ILogger logger)
{
    private readonly LineLimit _lines = new(hub.Time);
    private int _errorsInARow;

    private KotodamaServerOptions Options => hub.Options;

    /// <summary>The client sent a text message.</summary>
    public async ValueTask DispatchTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        if (logger.IsEnabled(LogLevel.Trace))
            LogReceived(logger, connection.Session, Content(utf8.Span));
        var (message, error) = MessageCodec.Read(utf8, Options.Limits);
        allowance.Take(message, utf8.Length);
        error ??= Forbid(message!) ?? await DispatchAsync(message!, cancellationToken);
        if (error is null)
            _errorsInARow = 0;
        else
            Refuse(error, message as AskMessage);
    }

    /// <summary>The client sent a binary message.</summary>
    public async ValueTask DispatchSoundAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        allowance.TakeSound(bytes.Length);
        var (message, error) = ReadSound(bytes);
        error ??= Forbid(message!);
        if (error is not null || message is not AudioMessage audio)
        {
            Refuse(error!);
            return;
        }

        _errorsInARow = 0;
        Work work = client.Role switch
        {
            PeerRole.Voice => new Work.VoiceOutput(connection, audio),
            PeerRole.Viewer => new Work.UserInput(connection, audio),
            _ => new Work.BringSound(connection, audio),
        };
        await connection.Brought.DoAsync(work, cancellationToken);
    }

    /// <summary>Sends an error to the client; too many in a row close the connection.</summary>
    /// <param name="error">The error.</param>
    /// <param name="ask">The question that it refuses, whose page waits for an answer; null: it refuses something else.</param>
    public void Refuse(ErrorMessage error, AskMessage? ask = null)
    {
        Tell(error);
        connection.Send(Frame.Text(ask is null ? error : new AnswerMessage
        {
            Page = connection.Session,
            Id = ask.Id,
            Error = new AnswerError(error.Code, error.Message, error.Hint),
        }));
        if (++_errorsInARow >= Options.Limits.Errors)
            connection.Close(CloseCode.TooManyErrors, $"{_errorsInARow} errors in a row; the last: {error.Message}");
    }

    /// <summary>Why the client may not send a message; null: it may.</summary>
    private ErrorMessage? Forbid(Message message)
    {
        var needed = Rights.For(message);
        var id = (message as Publication)?.Id ?? (message as AskMessage)?.Id;
        if (!grant.Allows(needed))
            return AccessErrors.NotAllowed(grant, needed, id);
        if (grant.HasAllChannels)
            return null;
        var channels = message switch
        {
            HelloMessage hello => hello.Channels ?? client.Channels,
            Publication { Channel: { } named } => [named],
            Publication => [client.Channels[0]],
            _ => [],
        };
        return channels.All(grant.Reaches) ? null : AccessErrors.WrongChannel(grant, id);
    }

    private ValueTask<ErrorMessage?> DispatchAsync(Message message, CancellationToken cancellationToken) => message switch
    {
        Publication publication => PublishAsync(publication, cancellationToken),
        HelloMessage hello => GreetAsync(hello, cancellationToken),
        AckMessage ack => AsViewerAsync(new Work.Acknowledge(connection, ack), cancellationToken),
        ResumeMessage resume => AsViewerAsync(new Work.Resume(connection, resume), cancellationToken),
        SoundMessage or PlaybackMessage => AsViewerAsync(new Work.Report(connection, message), cancellationToken),
        SpeechStartMessage or SpeechMarksMessage or SpeechEndMessage or SpeechStopMessage => AsVoiceAsync(message, cancellationToken),
        UserTextMessage or MicMessage or VadMessage or CancelMessage or AskMessage or TouchMessage =>
            AsUserAsync(message, cancellationToken),
        CompanionMessage or TurnMessage or TranscriptMessage or DuckMessage or MetricsMessage or AnswerMessage =>
            AsCompanionAsync(message, cancellationToken),
        _ => new(Error(ErrorCode.NotAllowed, $"{message.Type} is sent by the hub only", "See docs/protocol.md for what clients send.")),
    };

    private async ValueTask<ErrorMessage?> PublishAsync(Publication message, CancellationToken cancellationToken)
    {
        if (client.Role is PeerRole.Viewer && message is not AvatarMessage)
        {
            return Error(
                ErrorCode.NotAllowed,
                "a viewer may not publish",
                "Say hello with the role \"publisher\", or say no hello at all.",
                message.Id);
        }

        if (client.Role is PeerRole.Viewer
            && message.Channel is { } channel
            && !client.Channels.Contains(channel, StringComparer.Ordinal))
        {
            return Error(
                ErrorCode.NotAllowed,
                $"a viewer chooses the avatar of the channels that it follows, and does not follow {channel}",
                "Name the channel in hello, or leave it out.",
                message.Id);
        }

        if (client.Role is null)
        {
            client.BecomePublisher();
            await connection.Brought.DoAsync(new Work.Leave(connection, IsPublisher: false), cancellationToken);
        }

        // A page sees by the avatar that comes back to it that the hub has its choice.
        var isWaiting = client.SaidHello && client.Role is not PeerRole.Viewer;
        var level = message.Receipt ?? (isWaiting ? ReceiptLevel.Stored : ReceiptLevel.None);
        await hub.PublishAsync(
            message,
            client.Channels[0],
            connection,
            answer => PassOn(answer, level),
            cancellationToken,
            performer: client.Role is PeerRole.Companion ? connection : null);
        return null;
    }

    /// <summary>Passes on what became of a message. Called on the hub's loop.</summary>
    private void PassOn(Message answer, ReceiptLevel level)
    {
        if (answer is ErrorMessage error)
        {
            Tell(error);
            connection.Send(Frame.Text(error));
        }
        else if (level >= ReceiptLevel.Stored)
        {
            connection.Send(Frame.Text(answer));
        }
    }

    private void Tell(ErrorMessage error)
    {
        hub.Refusals.Add(connection.Session, error);
        if (!_lines.TryTake(out var leftOut))
            return;
        if (leftOut > 0)
            LogLeftOut(logger, leftOut, connection.Session, LineLimit.Burst);
        LogRefused(logger, connection.Session, error.Code, error.Message);
    }

    private async ValueTask<ErrorMessage?> GreetAsync(HelloMessage hello, CancellationToken cancellationToken)
    {
        if (client.Role is not null)
            return Error(ErrorCode.NotAllowed, "hello must be the first message", "Say hello once, right after connecting.");
        if (hello.V != ProtocolVersion.Current)
        {
            RefuseVersion(hello.V);
            return null;
        }

        client.Introduce(hello);
        LogHello(logger, connection.Session, hello.Role, hello.Client ?? "an unnamed client");
        if (hello.Role is PeerRole.Viewer)
        {
            await connection.Brought.DoAsync(new Work.Join(connection, client.Channels, hello, Welcome), cancellationToken);
        }
        else
        {
            await connection.Brought.DoAsync(new Work.Leave(connection, IsPublisher: false), cancellationToken);
            connection.Send(Welcome([]));
            if (hello.Role is PeerRole.Voice)
                await connection.Brought.DoAsync(new Work.AddVoice(connection), cancellationToken);
            if (hello.Role is PeerRole.Companion)
                await connection.Brought.DoAsync(new Work.AddCompanion(connection), cancellationToken);
        }

        if (client.HearsTouches)
            await connection.Brought.DoAsync(new Work.HearTouches(connection, client.Channels), cancellationToken);
        if (client.IsPage)
            hub.PageArrived();
        return null;
    }

    private void RefuseVersion(int version)
    {
        var error = Error(
            ErrorCode.UnsupportedVersion,
            $"this hub speaks version {ProtocolVersion.Current} of the protocol, not {version}",
            "Update the hub or the client.");
        connection.Send(Frame.Text(error));
        hub.Refusals.Add(connection.Session, error);
        connection.Close(CloseCode.Version, error.Message);
    }

    private byte[] Welcome(Dictionary<string, ChannelWelcome> channels) => Frame.Text(new WelcomeMessage
    {
        Server = KotodamaVersion.Text,
        Session = connection.Session,
        Channels = channels,
        Ping = Options.PingInterval.TotalMilliseconds,
        Limits = Options.Limits,
    });

    private async ValueTask<ErrorMessage?> AsViewerAsync(Work work, CancellationToken cancellationToken)
    {
        if (client.Role is not PeerRole.Viewer)
        {
            return Error(
                ErrorCode.NotAllowed,
                "only viewers acknowledge, resume and report what is heard",
                "Say hello with the role \"viewer\" first.");
        }

        await connection.Brought.DoAsync(work, cancellationToken);
        return null;
    }

    private async ValueTask<ErrorMessage?> AsUserAsync(Message message, CancellationToken cancellationToken)
    {
        if (client.Role is not PeerRole.Viewer || !client.SaidHello)
            return Error(ErrorCode.NotAllowed, "only viewers talk with a companion", "Say hello with the role \"viewer\" first.");
        await connection.Brought.DoAsync(new Work.UserInput(connection, message), cancellationToken);
        return null;
    }

    private async ValueTask<ErrorMessage?> AsVoiceAsync(Message message, CancellationToken cancellationToken)
    {
        if (client.Role is not PeerRole.Voice)
        {
            return Error(
                ErrorCode.NotAllowed,
                "only a voice speaks",
                "Say hello with the role \"voice\", or send an llm_response and let the hub's voice speak it.");
        }

        await connection.Brought.DoAsync(new Work.VoiceOutput(connection, message), cancellationToken);
        return null;
    }

    private async ValueTask<ErrorMessage?> AsCompanionAsync(Message message, CancellationToken cancellationToken)
    {
        if (client.Role is not PeerRole.Companion)
            return Error(ErrorCode.NotAllowed, $"only a companion says {message.Type}", "Say hello with the role \"companion\" first.");
        await connection.Brought.DoAsync(new Work.CompanionOutput(connection, message), cancellationToken);
        return null;
    }

    private ReadResult ReadSound(ReadOnlyMemory<byte> bytes)
    {
        if (client.Role is null || (client.Role is PeerRole.Viewer && !client.SaidHello))
        {
            return new ReadResult(null, Error(
                ErrorCode.BinaryUnsupported,
                "binary messages mean nothing here",
                "Send JSON in a text message; sound belongs to a reply, see section 10 of docs/protocol.md."));
        }

        // The bytes are the reader's own, and what is read from them lives on.
        var result = AudioMessage.Read(bytes.ToArray());
        if (result.Message is AudioMessage { Kind: not AudioKind.Microphone } && client.Role is PeerRole.Viewer)
        {
            return new ReadResult(null, Error(
                ErrorCode.BinaryUnsupported,
                "a page sends the sound of its microphone only, kind 2",
                "See section 11 of docs/protocol.md."));
        }

        return result;
    }

    /// <summary>A message for the log at Trace. A question may bring the key for a language model, right or wrong.</summary>
    private static string Content(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOf("\"key\""u8) < 0 ? Encoding.UTF8.GetString(utf8) : "what holds a key";

    [LoggerMessage(12, LogLevel.Information, "Connection {Session} is a {Role}: {Client}.")]
    private static partial void LogHello(ILogger logger, PlainText session, PeerRole role, PlainText client);

    [LoggerMessage(13, LogLevel.Warning, "Connection {Session} sent a bad message ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, PlainText session, PlainText code, PlainText message);

    [LoggerMessage(
        600,
        LogLevel.Warning,
        "{Count} more bad messages of connection {Session} are not listed: after {Most} lines a connection gets one a minute.")]
    private static partial void LogLeftOut(ILogger logger, long count, PlainText session, int most);

    [LoggerMessage(16, LogLevel.Trace, "Connection {Session} sent {Content}")]
    private static partial void LogReceived(ILogger logger, PlainText session, PlainText content);
}
