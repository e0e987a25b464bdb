using System.Diagnostics;
using System.Net.WebSockets;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Bench;

/// <summary>
/// A page without a browser: a plain socket that takes speech, notes when it comes, and says at its end that it was heard, so that the hub
/// does not wait for it.
/// </summary>
internal sealed class ScriptedPage : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _isSpeaker = new();
    private Task _reading = Task.CompletedTask;
    private volatile Speech _speech = new();

    private TimeSpan Cushion { get; init; }

    /// <summary>Opens it and waits until it is the one that is heard.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="cushion">How much sound is needed before it is heard; none: the first piece.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ScriptedPage> OpenAsync(Uri hub, TimeSpan cushion, CancellationToken cancellationToken)
    {
        var page = new ScriptedPage { Cushion = cushion };
        await page._socket.ConnectAsync(hub, cancellationToken);
        page._reading = page.ReadAsync();
        await page.SendAsync(new HelloMessage
        {
            Role = PeerRole.Viewer,
            Channels = [ChannelName.Default],
            Caps = [HelloMessage.DisplayCapability, HelloMessage.SpeakCapability],
        });
        await page.SendAsync(new SoundMessage { State = SoundState.On });
        await page._isSpeaker.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
        return page;
    }

    /// <summary>To be called before the message that is to be spoken is sent.</summary>
    public Speech Expect() => _speech = new Speech();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[256 * 1024];
        var count = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(count), _end.Token);
                count += part.Count;
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                if (!part.EndOfMessage)
                    continue;
                var bytes = buffer.AsMemory(0, count);
                count = 0;
                if (part.MessageType == WebSocketMessageType.Binary)
                    Hear(AudioMessage.Read(bytes).Message as AudioMessage, Stopwatch.GetTimestamp());
                else if (MessageCodec.Read(bytes).Message is { } message)
                    await TakeAsync(message);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Hear(AudioMessage? sound, long now)
    {
        var speech = _speech;
        if (sound is null)
            return;
        speech.Sound += TimeSpan.FromSeconds(sound.Data.Length / 2.0 / speech.Rate);
        if (speech.Sound >= Cushion)
            speech.First.TrySetResult(now);
    }

    private async Task TakeAsync(Message message)
    {
        switch (message)
        {
            case SpeakerMessage { On: true }:
                _isSpeaker.TrySetResult();
                break;
            case LlmResponseMessage { Seq: { } seq, Epoch: { } epoch, Channel: { } channel }:
                await SendAsync(new AckMessage { Channel = channel, Epoch = epoch, Displayed = [seq], Spoken = [seq] });
                break;
            case SpeechStartMessage start:
                _speech.Rate = start.Rate;
                break;
            case SpeechEndMessage { Final: true } end:
                await SendAsync(new PlaybackMessage
                {
                    Channel = end.Channel,
                    Turn = end.Turn,
                    Clause = end.Clause,
                    Event = PlaybackEvent.Done,
                    Played = end.Duration,
                });
                _speech.Over.TrySetResult();
                break;
        }
    }

    private Task SendAsync(Message message) =>
        _socket.SendAsync(MessageCodec.Write(message), WebSocketMessageType.Text, endOfMessage: true, _end.Token);

    /// <summary>What comes of a reply.</summary>
    internal sealed class Speech
    {
        public int Rate { get; set; } = 1;

        public TimeSpan Sound { get; set; }

        /// <summary>When enough of the sound was there.</summary>
        public TaskCompletionSource<long> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>All of it was there, and the hub was told that it was heard.</summary>
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
