using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Support;

/// <summary>A synthesizer that does what a test says.</summary>
internal sealed class ScriptedSynthesizer(string name, Func<SpeechRequest, CancellationToken, IAsyncEnumerable<SpeechChunk>> script) : ISpeechSynthesizer
{
    public string Name => name;

    public List<SpeechRequest> Requests { get; } = [];

    public string? Language { get; init; }

    public bool Disposed { get; private set; }

    /// <summary>Says each word in 200 ms of sound at 10 kHz, with marks before it, and breaks after so many bytes.</summary>
    public static ScriptedSynthesizer Speaking(string name, bool marks = true, int breakAfter = int.MaxValue) => new(name, (request, _) => WordsAsync(request, marks, breakAfter));

    public static ScriptedSynthesizer Failing(string name, TimeSpan? retryAfter = null) => new(name, (_, _) => throw new EngineException(name + " is broken.", retryAfter));

    public bool CanSpeak(SpeechRequest request) => Language is null || Language == request.Language;

    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(SpeechRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests.Add(request);
        await foreach (var chunk in script(request, cancellationToken))
            yield return chunk;
    }

    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) =>
        name == "broken" ? throw new EngineException("No.") : Task.FromResult<IReadOnlyList<SpeechVoice>>([new SpeechVoice("v", "en")]);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return default;
    }

    /// <summary>The words of a text: where they begin and how long they are.</summary>
    public static IEnumerable<(int Start, int Length)> Words(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsLetter(text[at]))
                continue;
            var start = at;
            while (at < text.Length && char.IsLetter(text[at]))
                at++;
            yield return (start, at - start);
        }
    }

    private static async IAsyncEnumerable<SpeechChunk> WordsAsync(SpeechRequest request, bool marks, int breakAfter)
    {
        await Task.CompletedTask;
        yield return new SpeechFormatChunk(SpeechFormat.Pcm, 10_000);
        var bytes = 0;
        foreach (var (start, length) in Words(request.Text))
        {
            if (marks)
                yield return new SpeechMarksChunk([new WordMark(TimeSpan.FromSeconds(bytes / 20_000.0), start, length)], []);
            var size = Math.Min(4000, breakAfter - bytes);
            if (size > 0)
                yield return new SpeechSoundChunk(new byte[size]);
            bytes += size;
            if (bytes >= breakAfter)
                throw new EngineException("It broke off.");
        }
    }
}
