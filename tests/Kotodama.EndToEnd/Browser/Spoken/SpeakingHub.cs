using System.Runtime.InteropServices;
using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.EndToEnd.Browser.Spoken;

/// <summary>A hub that speaks as the program does where nothing is configured: with espeak-ng.</summary>
internal sealed class SpeakingHub : IAsyncDisposable
{
    private readonly ISpeechSynthesizer _speech;
    private readonly Tap _voice;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _speaking;

    private SpeakingHub(TestHub hub, IPeer voice, ISpeechSynthesizer? speech)
    {
        Hub = hub;
        _voice = new Tap(voice);
        _speech = speech ?? SpeechEngines.BuiltIn.Create(new VoiceOptions(), _ => null, TimeProvider.System, NullLogger.Instance);
        _speaking = new Speaker(_voice, _speech, 1, TimeProvider.System, NullLogger<Speaker>.Instance).RunAsync(_end.Token);
    }

    public TestHub Hub { get; }

    public Stage Stage => Hub.Stage;

    /// <summary>All samples that the voice has sent, one after the other.</summary>
    public Recording Sent => new(_voice.Samples, Sounds.Rate, 0);

    /// <param name="speech">What speaks instead of espeak-ng; belongs to the hub.</param>
    public static async Task<SpeakingHub> StartAsync(ISpeechSynthesizer? speech = null)
    {
        var hub = await TestHub.StartAsync();
        return new SpeakingHub(hub, await hub.VoiceAsync(), speech);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _speaking;
        await _voice.DisposeAsync();
        await _speech.DisposeAsync();
        await Hub.DisposeAsync();
        _end.Dispose();
    }

    private sealed class Tap(IPeer hub) : IPeer
    {
        private readonly MemoryStream _sound = new();

        public ChannelReader<Message> Incoming => hub.Incoming;

        public short[] Samples
        {
            get
            {
                lock (_sound)
                    return MemoryMarshal.Cast<byte, short>(_sound.ToArray()).ToArray();
            }
        }

        public ValueTask SendAsync(Message message, CancellationToken cancellationToken = default)
        {
            if (message is AudioMessage audio)
            {
                lock (_sound)
                    _sound.Write(audio.Data.Span);
            }

            return hub.SendAsync(message, cancellationToken);
        }

        public ValueTask DisposeAsync() => hub.DisposeAsync();
    }
}
