using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Espeak;

/// <summary>
/// The one engine of the process: libespeak-ng keeps its state in globals, so a thread of its own does all that is asked, one after the
/// other. It makes speech some hundred times faster than it is heard.
/// </summary>
internal sealed unsafe class EspeakEngine
{
    // Three minutes of sound in pieces of 48 ms, and their marks. A clause is some seconds.
    private const int MostChunks = 8_192;

    // The caller of one more waits until there is room.
    private const int MostWaiting = 32;

    private static readonly Lazy<EspeakEngine> Shared = new(() => new EspeakEngine());

    // Only the engine's thread touches it, and the callback runs there.
    private static EspeakUtterance? _current;

    private readonly Channel<EspeakUtterance> _queue = Channel.CreateBounded<EspeakUtterance>(MostWaiting);
    private readonly TaskCompletionSource<IReadOnlyList<SpeechVoice>> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _rate;

    private EspeakEngine()
    {
        new Thread(Run) { IsBackground = true, Name = "espeak-ng" }.Start();
    }

    /// <summary>The engine. The first use starts it.</summary>
    public static EspeakEngine Instance => Shared.Value;

    /// <summary>The voices, once it has started.</summary>
    public Task<IReadOnlyList<SpeechVoice>> Voices => _ready.Task;

    /// <summary>Begins an utterance. Its chunks come while it is made.</summary>
    /// <param name="text">What to say.</param>
    /// <param name="voice">The voice by espeak's own name.</param>
    /// <param name="wordsPerMinute">How fast.</param>
    /// <param name="pitch">How high, 0 to 100.</param>
    /// <param name="cancellationToken">Ends it within the piece of 48 ms that is being made.</param>
    public async IAsyncEnumerable<SpeechChunk> SpeakAsync(
        string text,
        string voice,
        int wordsPerMinute,
        int pitch,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var chunks = Channel.CreateBounded<SpeechChunk>(new BoundedChannelOptions(MostChunks) { SingleReader = true, SingleWriter = true });
        var utterance = new EspeakUtterance(text, voice, wordsPerMinute, pitch, chunks.Writer, abandoned.Token);
        await BeginAsync(utterance, cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (var chunk in chunks.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return chunk;
        }
        finally
        {
            await abandoned.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a place in the queue and leaves the utterance there.</summary>
    public ValueTask BeginAsync(EspeakUtterance utterance, CancellationToken cancellationToken) =>
        _queue.Writer.WriteAsync(utterance, cancellationToken);

    private static List<SpeechVoice> ListVoices()
    {
        var voices = new List<SpeechVoice>();
        for (var entry = EspeakLibrary.ListVoices(null); entry is not null && *entry is not null; entry++)
        {
            var description = (Marshal.PtrToStringUTF8((nint)(*entry)->Name) ?? "").Replace('_', ' ');
            // A voice is found by the name of its file; other names of it only sometimes are, and never with a variant.
            var name = (Marshal.PtrToStringUTF8((nint)(*entry)->Identifier) ?? "").Split('/', '\\')[^1];
            // The first language is the one that the voice is known by; a byte of priority stands before it.
            var languages = (*entry)->Languages;
            if (name.Length == 0 || languages is null || *languages == 0)
                continue;
            if (Marshal.PtrToStringUTF8((nint)(languages + 1)) is { Length: > 0 } language)
                voices.Add(new SpeechVoice(name, language, description));
        }

        return voices;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Take(short* samples, int count, EspeakLibrary.Event* events)
    {
        // An exception must not cross the library.
        try
        {
            return _current?.Take(new ReadOnlySpan<short>(samples, samples is null ? 0 : count), events) == true ? 0 : 1;
        }
        catch (Exception e)
        {
            _current?.Fail(e);
            return 1;
        }
    }

    private void Run()
    {
        try
        {
            var options = EspeakLibrary.PhonemeEvents | EspeakLibrary.PhonemesInIpa | EspeakLibrary.DoNotExit;
            _rate = EspeakLibrary.Initialize(EspeakLibrary.SynchronousOutput, 20, null, options);
            if (_rate <= 0)
            {
                throw new EngineException(
                    "espeak-ng is installed but did not start: its data are missing. "
                    + "Install the package espeak-ng-data, or set ESPEAK_DATA_PATH.");
            }

            EspeakLibrary.SetCallback(&Take);
            _ready.SetResult(ListVoices());
        }
        catch (Exception e) when (e is EngineException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            var problem = e as EngineException
                ?? new EngineException($"The library of espeak-ng cannot be used: {e.Message}", innerException: e);
            _ready.SetException(problem);
        }

        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_queue.Reader.TryRead(out var utterance))
                Speak(utterance);
    }

    private void Speak(EspeakUtterance utterance)
    {
        if (_ready.Task.Exception?.InnerException is { } broken)
            utterance.Fail(broken);
        else if (!utterance.Cancelled)
            Synthesize(utterance);
        utterance.Complete();
    }

    /// <summary>The same voice by the name of its file, where it was named by its language: <c>en+f3</c> for <c>en-gb+f3</c>.</summary>
    private string ByLanguage(string voice)
    {
        var variant = voice.IndexOf('+', StringComparison.Ordinal);
        var language = variant < 0 ? voice : voice[..variant];
        var found = _ready.Task.Result.FirstOrDefault(v => string.Equals(v.Language, language, StringComparison.OrdinalIgnoreCase));
        return found is null ? voice : found.Name + voice[language.Length..];
    }

    private void Synthesize(EspeakUtterance utterance)
    {
        var hasVoice = EspeakLibrary.SetVoice(utterance.Voice) == EspeakLibrary.Fine
            || EspeakLibrary.SetVoice(ByLanguage(utterance.Voice)) == EspeakLibrary.Fine;
        if (!hasVoice)
        {
            var problem = $"espeak-ng has no voice '{utterance.Voice}'; `espeak-ng --voices` lists them.";
            utterance.Fail(new EngineException(problem) { OnlyThisRequest = true });
            return;
        }

        _ = EspeakLibrary.SetParameter(EspeakLibrary.RateParameter, utterance.WordsPerMinute, 0);
        _ = EspeakLibrary.SetParameter(EspeakLibrary.PitchParameter, utterance.Pitch, 0);
        utterance.Begin(new SpeechFormatChunk(SpeechFormat.Pcm, _rate));
        var bytes = Encoding.UTF8.GetBytes(utterance.Text + '\0');
        _current = utterance;
        fixed (byte* text = bytes)
        {
            var flags = EspeakLibrary.Utf8 | EspeakLibrary.EndPause;
            var result = EspeakLibrary.Synthesize(text, (nuint)bytes.Length, 0, EspeakLibrary.ByCharacter, 0, flags, null, 0);
            if (result != EspeakLibrary.Fine && !utterance.Cancelled)
                utterance.Fail(new EngineException($"espeak-ng could not speak (code {result})."));
        }

        _current = null;
    }
}
