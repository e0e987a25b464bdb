using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <content>Speech: what a voice says on this connection, and the sound that a publisher brings.</content>
internal sealed partial class Connection
{
    /// <inheritdoc/>
    public override bool FollowsSpeech => SaidHello && _isPage;

    /// <inheritdoc/>
    public override bool PlaysSpeech { get; protected set; }

    public bool Serves(string channel) => Channels.Contains(channel, StringComparer.Ordinal);

    public void Hear(Message message)
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
        await _hub.DoAsync(new Work.Speak(this, message), cancellationToken);
        return null;
    }

    private async ValueTask TakeSoundAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // The bytes are the reader's own, and what is read from them lives on.
        var (message, error) = Role is null or PeerRole.Viewer
            ? new ReadResult(null, Error(ErrorCode.BinaryUnsupported, "binary messages mean nothing here", "Send JSON in a text message; sound belongs to a reply, see section 10 of docs/protocol.md."))
            : AudioMessage.Read(bytes.ToArray());
        if (message is AudioMessage audio)
        {
            _errorsInARow = 0;
            await _hub.DoAsync(Role is PeerRole.Voice ? new Work.Speak(this, audio) : new Work.BringSound(this, audio), cancellationToken);
        }
        else
        {
            AnswerWith(error!);
        }
    }
}
