using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Voice.Speaking;

/// <summary>A speaker, and the hub's end of its conversation.</summary>
internal sealed class SpeakingStage : IAsyncDisposable
{
    private readonly LoggerFactory _factory = new();
    private readonly IPeer _hub;
    private readonly IPeer _voice;
    private readonly TonesSynthesizer _tones;
    private readonly Task _running;

    private SpeakingStage()
    {
        (_hub, _voice) = PeerPair.Create();
        _factory.AddProvider(Log);
        _running = new Speaker(_voice, _tones = new TonesSynthesizer(Time), time: Time, logger: new Logger<Speaker>(_factory)).RunAsync(Token);
    }

    public ManualTime Time { get; } = new();

    public TestLog Log { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static LlmResponseMessage Reply(string id, string content) => new() { Id = id, Channel = "default", Content = content };

    public static LlmDeltaMessage Piece(int part, string content) => new() { Id = "r1", Channel = "default", Part = part, Content = content };

    public static AudienceMessage Audience(int pages, bool audible) => new() { Channel = "default", Pages = pages, Speaker = audible };

    public static PlaybackMessage Playback(long turn, PlaybackEvent what) => new() { Channel = "default", Turn = turn, Clause = 0, Event = what };

    public static AudioMessage Encoded(uint stream, byte[] data) => new() { Kind = AudioKind.Encoded, Stream = stream, Clause = 0, Number = 0, Offset = 0, Data = data };

    public static async Task<SpeakingStage> BeginAsync(int pages = 1, bool audible = true)
    {
        var stage = new SpeakingStage();
        await stage.SayAsync(new AudienceMessage { Channel = "default", Pages = pages, Speaker = audible });
        return stage;
    }

    /// <summary>From now on so much time passes before the first sound of a clause.</summary>
    public void EngineNeeds(TimeSpan time) => _tones.Needs = time;

    public async Task SayAsync(Message message) =>
        await _hub.SendAsync(message is Publication { Channel: null } publication ? publication with { Channel = "default" } : message, Token);

    public Task<Message> NextAsync() => _hub.HearAsync();

    public async Task<T> NextAsync<T>(Func<T, bool>? matches = null)
        where T : Message
    {
        while (true)
        {
            if (await NextAsync() is T message && (matches is null || matches(message)))
                return message;
        }
    }

    /// <summary>Seconds of sound that come before the voice waits for the clock.</summary>
    public async Task<double> SoundUntilItWaitsAsync()
    {
        await Limits.UntilAsync(() => Time.Timers > 0, "the voice to wait");
        var bytes = 0;
        while (_hub.Incoming.TryRead(out var message))
            bytes += (message as AudioMessage)?.Data.Length ?? 0;
        return bytes / 2 / 8000.0;
    }

    /// <summary>Whether nothing is said although everything that was heard has been dealt with.</summary>
    public async Task<bool> IsQuietAsync()
    {
        // Another channel shares the loop: when it has been answered, everything before has been taken.
        var mark = new LlmResponseMessage { Id = Guid.NewGuid().ToString("N"), Channel = "mark", Content = "😊" };
        await _hub.SendAsync(new AudienceMessage { Channel = "mark", Pages = 1, Speaker = true }, Token);
        await _hub.SendAsync(mark with { Mode = ReplyMode.Interrupt }, Token);
        return await OnlyMarkAsync(mark.Id!);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _voice.DisposeAsync();
        await _running.InTime("the speaker to end");
        _factory.Dispose();
    }

    private async Task<bool> OnlyMarkAsync(string id)
    {
        var quiet = true;
        while (true)
        {
            var message = await NextAsync();
            if (message is SpeechEndMessage { Channel: "mark", Final: true })
                return quiet;
            quiet &= message is SpeechStartMessage { Channel: "mark" } or SpeechStopMessage { Channel: "mark" };
            Assert.True(message is not SpeechStartMessage { Channel: "mark" } start || start.Reply == id);
        }
    }

    /// <summary>Makes 20 ms of sound for each character, a file of a text that begins with "File", and leaves Japanese and "Browse" to the page.</summary>
    private sealed class TonesSynthesizer(ManualTime time) : ISpeechSynthesizer
    {
        public TimeSpan Needs { get; set; }

        public string Name => "tones";

        public bool CanSpeak(SpeechRequest request) => true;

        public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(SpeechRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            time.Advance(Needs);
            if (request.Text.StartsWith("File", StringComparison.Ordinal) && !request.Unplayable.Contains(SpeechFormat.Encoded))
            {
                yield return new SpeechFormatChunk(SpeechFormat.Encoded);
                yield return new SpeechSoundChunk(new byte[320]);
                yield break;
            }

            if (request.Text.StartsWith("Browse", StringComparison.Ordinal) || request.Language == "ja")
            {
                yield return new SpeechFormatChunk(request.Unplayable.Contains(SpeechFormat.Browser) ? SpeechFormat.Silent : SpeechFormat.Browser);
                yield break;
            }

            if (request.Unplayable.Contains(SpeechFormat.Pcm))
            {
                yield return new SpeechFormatChunk(SpeechFormat.Silent);
                yield break;
            }

            yield return new SpeechFormatChunk(SpeechFormat.Pcm, 8000);
            yield return new SpeechMarksChunk([new WordMark(TimeSpan.Zero, 0, Math.Min(5, request.Text.Length))], [new VisemeMark(TimeSpan.Zero, 'A')]);
            for (var i = 0; i < request.Text.Length; i++)
                yield return new SpeechSoundChunk(new byte[320]);
        }

        public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SpeechVoice>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
