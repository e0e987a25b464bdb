using System.Runtime.InteropServices;
using System.Threading.Channels;
using Kotodama.Companion.Hearing;

namespace Kotodama.Companion.Engines.PocketSphinx;

/// <summary>
/// Hears with PocketSphinx in this process: English, without any server, for tests and for commands of a grammar. Free speech costs 120 MB,
/// most of a core, and many mistakes. A thread of its own does all that is asked, one utterance after the other; the model is loaded for
/// the first one.
/// </summary>
/// <param name="options">The model and the grammar.</param>
internal sealed class PocketSphinxRecognizer(PocketSphinxOptions options) : ISpeechRecognizer
{
    // 32 ms; and the silence without which the last word is often lost.
    private const int Piece = 512, Silence = RecordedSound.Rate * 3 / 10;

    // The caller of one more waits until there is room.
    private const int MostWaiting = 8;

    private readonly Channel<Utterance> _queue = Channel.CreateBounded<Utterance>(MostWaiting);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private Thread? _thread;

    public string Id => PocketSphinxKind.PocketSphinxName;

    public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = "pocketsphinx" }).Start();
        }

        return new(RunningRecognition.Start(HearAsync, _ended.Token));
    }

    public Task<string> ProbeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(options.Grammar is { } grammar
            ? $"ready: what {grammar} allows, in English"
            : "ready: English, with many mistakes");

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _queue.Writer.TryComplete();
        await _ended.CancelAsync().ConfigureAwait(false);
    }

    private async Task HearAsync(RecordedSound sound, Action<RecognitionResult> tell, CancellationToken cancellationToken)
    {
        var utterance = new Utterance(sound, tell, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(utterance, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new OperationCanceledException(_ended.Token);
        }

        await utterance.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Run()
    {
        nint decoder = 0;
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queue.Reader.TryRead(out var utterance))
            {
                try
                {
                    if (decoder == 0 && !utterance.Token.IsCancellationRequested)
                        decoder = Create();
                    Hear(decoder, utterance);
                    utterance.Done.SetResult();
                }
                catch (Exception e)
                {
                    utterance.Done.SetException(e);
                }
            }
        }

        if (decoder != 0)
            PocketSphinxLibrary.Instance!.Free(decoder);
    }

    private nint Create()
    {
        var (model, problem) = PocketSphinxModel.Find(options);
        if (model is null)
            throw new RecognitionException(RecognitionException.Unreachable, problem!);
        var decoder = PocketSphinxLibrary.Instance!.Create(model.Arguments);
        if (decoder != 0)
            return decoder;
        throw new RecognitionException(RecognitionException.Unreachable, model.Grammar is null
            ? $"PocketSphinx cannot use the model in {Path.GetDirectoryName(model.Acoustic)}."
            : $"PocketSphinx cannot use the grammar {model.Grammar}: "
                + $"it needs a public rule, and words in small letters that are in {model.Dictionary}.");
    }

    private static void Hear(nint decoder, Utterance utterance)
    {
        utterance.Token.ThrowIfCancellationRequested();
        var library = PocketSphinxLibrary.Instance!;
        if (!library.Start(decoder))
            throw Failed();
        var isHeard = false;
        try
        {
            foreach (var piece in utterance.Sound.ReadAsync(utterance.Token).ToBlockingEnumerable(utterance.Token))
            {
                for (var rest = piece; rest.Length > 0; rest = rest[Math.Min(rest.Length, Piece * 2)..])
                {
                    utterance.Token.ThrowIfCancellationRequested();
                    if (!library.Process(decoder, MemoryMarshal.Cast<byte, short>(rest.Span[..Math.Min(rest.Length, Piece * 2)])))
                        throw Failed();
                    isHeard = true;
                    utterance.Tell(new RecognitionResult(library.Hypothesis(decoder), IsFinal: false));
                }
            }

            if (isHeard && !library.Process(decoder, new short[Silence]))
                throw Failed();
        }
        finally
        {
            isHeard &= library.End(decoder);
        }

        utterance.Tell(new RecognitionResult(isHeard ? library.Hypothesis(decoder) : "", IsFinal: true, "en"));
    }

    private static RecognitionException Failed() => new(RecognitionException.Failed, "PocketSphinx could not go on.");

    private sealed record Utterance(RecordedSound Sound, Action<RecognitionResult> Tell, CancellationToken Token)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
