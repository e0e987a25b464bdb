using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;
using static Kotodama.Server.Refused;

namespace Kotodama.Server.Hubs;

/// <content>Speech and talk: what voices, companions and people say on this connection, and the sound that a publisher brings.</content>
internal sealed partial class Connection
{
    /// <inheritdoc/>
    public override bool FollowsSpeech => IsGreeted && _isPage;

    /// <inheritdoc/>
    public override bool PlaysSpeech { get => field && IsGreeted; protected set; }

    public bool Serves(string channel) => Channels.Contains(channel, StringComparer.Ordinal);

    public void Deliver(Message message)
    {
        if (message is AudioMessage audio)
            Send(Frame.Binary(audio.ToBytes()));
        else
            Send(Frame.Text(message));
    }

    private async ValueTask<ErrorMessage?> SpeakAsync(Message message, CancellationToken cancellationToken)
    {
        if (Role is not PeerRole.Voice)
            return Error(ErrorCode.NotAllowed, "only a voice speaks", "Say hello with the role \"voice\", or send an llm_response and let the hub's voice speak it.");
        await _hub.DoAsync(new Work.VoiceOutput(this, message), cancellationToken);
        return null;
    }

    private async ValueTask<ErrorMessage?> SayAsync(Message message, CancellationToken cancellationToken)
    {
        if (Role is not PeerRole.Viewer || !SaidHello)
            return Error(ErrorCode.NotAllowed, "only viewers talk with a companion", "Say hello with the role \"viewer\" first.");
        await _hub.DoAsync(new Work.UserInput(this, message), cancellationToken);
        return null;
    }

    private async ValueTask<ErrorMessage?> PerformAsync(Message message, CancellationToken cancellationToken)
    {
        if (Role is not PeerRole.Companion)
            return Error(ErrorCode.NotAllowed, $"only a companion says {message.Type}", "Say hello with the role \"companion\" first.");
        await _hub.DoAsync(new Work.CompanionOutput(this, message), cancellationToken);
        return null;
    }

    private async ValueTask TakeSoundAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // The bytes are the reader's own, and what is read from them lives on.
        var (message, error) = Role is null || (Role is PeerRole.Viewer && !SaidHello)
            ? new ReadResult(null, Error(ErrorCode.BinaryUnsupported, "binary messages mean nothing here", "Send JSON in a text message; sound belongs to a reply, see section 10 of docs/protocol.md."))
            : AudioMessage.Read(bytes.ToArray());
        if (message is AudioMessage { Kind: not AudioKind.Microphone } && Role is PeerRole.Viewer)
            error = Error(ErrorCode.BinaryUnsupported, "a page sends the sound of its microphone only, kind 2", "See section 11 of docs/protocol.md.");
        if (error is null && message is AudioMessage audio)
        {
            _errorsInARow = 0;
            await _hub.DoAsync(Role switch
            {
                PeerRole.Voice => new Work.VoiceOutput(this, audio),
                PeerRole.Viewer => new Work.UserInput(this, audio),
                _ => new Work.BringSound(this, audio),
            }, cancellationToken);
        }
        else
        {
            AnswerWith(error!);
        }
    }
}
