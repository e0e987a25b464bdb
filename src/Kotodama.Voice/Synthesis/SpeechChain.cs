using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Text;
using Microsoft.Extensions.Logging;

namespace Kotodama.Voice.Synthesis;

/// <summary>An engine of a chain.</summary>
/// <param name="Synthesizer">What speaks. Belongs to the chain.</param>
/// <param name="Patience">How long it may take.</param>
internal sealed record SpeechEngine(ISpeechSynthesizer Synthesizer, SpeechPatience Patience);

/// <summary>
/// Speaks with the first engine that can. When one fails, the next one says the clause, or the rest of it: what was heard is not said
/// again. A voice is <c>engine:name</c>, which asks that engine first, or a name for the first engine. Safe for threads.
/// </summary>
public sealed partial class SpeechChain : ISpeechSynthesizer
{
    /// <summary>More languages than a user writes in; further ones are not logged.</summary>
    private const int MostLanguages = 100;

    private readonly Link[] _links;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Languages for which a missing voice is logged already.</summary>
    private readonly HashSet<string> _unspoken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a chain.</summary>
    /// <param name="engines">In the order in which they are asked, at least one. The last one should be one that never fails.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets one line when an engine begins to fail and one when it works again.</param>
    internal SpeechChain(IReadOnlyList<SpeechEngine> engines, TimeProvider time, ILogger logger)
    {
        _links = [.. engines.Select(e => new Link(e, new EngineCircuit("Speech", e.Synthesizer.Name, time, logger)))];
        (_time, _logger) = (time, logger);
    }

    /// <inheritdoc/>
    public string Name => "chain";

    /// <summary>The engines in their order.</summary>
    public IEnumerable<ISpeechSynthesizer> Engines => _links.Select(l => l.Synthesizer);

    /// <summary>How each engine does, in the order of the engines.</summary>
    public IReadOnlyList<EngineState> States => [.. _links.Select(l => l.Circuit.State)];

    /// <inheritdoc/>
    public bool CanSpeak(SpeechRequest request) => _links.Any(l => l.Synthesizer.CanSpeak(request));

    /// <inheritdoc/>
    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = 0;
        EngineException? failure = null;
        foreach (var (link, voice) in Order(request.Voice))
        {
            var rest = request with { Text = request.Text[start..], Voice = voice };
            if (!link.Synthesizer.CanSpeak(rest) || !link.Circuit.TryEnter(out var trial))
                continue;
            if (link.Synthesizer is SilentSynthesizer)
                Miss(rest);
            var spoken = new SpokenPart(rest.Text, rest.Speed);
            var attempt = SpeechAttempt.Begin(link.Synthesizer, rest, link.Engine.Patience, link.Circuit, trial, _time);
            await using var end = attempt.ConfigureAwait(false);
            while (await attempt.NextAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                spoken.Note(chunk);
                yield return Moved(chunk, start);
            }

            failure = attempt.Failure;
            if (failure is null)
                yield break;
            start += spoken.Rest();
            if (start == request.Text.Length)
                yield break;
        }

        throw failure ?? new EngineException(
            $"No speech engine can speak now; {VoiceOptions.Section}:{nameof(VoiceOptions.Engines)} names them.");
    }

    /// <summary>The voices of all engines that answer, with the engine's name in front.</summary>
    public async Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(_links.Select(l => ListAsync(l, cancellationToken))).ConfigureAwait(false);
        return [.. lists.SelectMany(l => l)];
    }

    /// <summary>
    /// Tries one engine, even one that is left alone for its failures. The chain learns from it: an engine that made a sound is asked again
    /// with the next clause, and a failure counts as one.
    /// </summary>
    /// <param name="engine">Its name.</param>
    /// <param name="request">What to say; the sound is thrown away.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">It made no sound; the message says why and what to do.</exception>
    public async Task TryAsync(string engine, SpeechRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var link = Array.Find(_links, l => l.Synthesizer.Name == engine) ?? throw new EngineException($"There is no engine {engine}.");
        var attempt = SpeechAttempt.Begin(link.Synthesizer, request, link.Engine.Patience, link.Circuit, trial: false, _time);
        await using var end = attempt.ConfigureAwait(false);
        while (await attempt.NextAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            if (chunk is not (SpeechSoundChunk or SpeechFormatChunk { Format: SpeechFormat.Browser or SpeechFormat.Silent }))
                continue;
            link.Circuit.Succeeded();
            return;
        }

        throw attempt.Failure ?? new EngineException($"The engine {engine} made no sound.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.Synthesizer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Logs once for a language that no engine can speak it, although a page listens and engines are there.</summary>
    private void Miss(SpeechRequest request)
    {
        if (_links.Length == 1 || request.Unplayable.Contains(SpeechFormat.Pcm))
            return;
        if (_links.Any(l => l.Synthesizer is not SilentSynthesizer && l.Synthesizer.CanSpeak(request)))
            return;
        lock (_unspoken)
        {
            if (_unspoken.Count == MostLanguages || !_unspoken.Add(request.Language))
                return;
        }

        LogUnspoken(_logger, request.Language);
    }

    private static SpeechChunk Moved(SpeechChunk chunk, int by) => chunk switch
    {
        SpeechFormatChunk format => format with { Start = by },
        SpeechMarksChunk marks when by > 0 => marks with { Words = [.. marks.Words.Select(w => w with { Start = w.Start + by })] },
        _ => chunk,
    };

    private async Task<IEnumerable<SpeechVoice>> ListAsync(Link link, CancellationToken cancellationToken)
    {
        using var watch = new CancellationTokenSource(link.Engine.Patience.FirstSound, _time);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Token);
        try
        {
            var voices = await link.Synthesizer.ListVoicesAsync(running.Token).ConfigureAwait(false);
            return voices.Select(v => v with { Name = $"{link.Synthesizer.Name}:{v.Name}" });
        }
        catch (Exception e) when (e is EngineException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    private IEnumerable<(Link Link, string? Voice)> Order(string? voice)
    {
        var colon = voice?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var first = colon < 0 ? null : Array.Find(_links, l => l.Synthesizer.Name == voice![..colon]);
        if (first is not null)
            voice = voice![(colon + 1)..];
        first ??= _links[0];
        return _links.Where(l => l != first).Select(l => (l, (string?)null)).Prepend((first, string.IsNullOrEmpty(voice) ? null : voice));
    }

    private sealed record Link(SpeechEngine Engine, EngineCircuit Circuit)
    {
        public ISpeechSynthesizer Synthesizer => Engine.Synthesizer;
    }

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "A clause in the language '{Language}' is silent: no voice here can say it. Install a voice for this language where the page is "
        + "open (in the settings of its system or browser), or set up an engine that speaks it: docs/voice.md. "
        + "espeak-ng cannot read Japanese kanji.")]
    private static partial void LogUnspoken(ILogger logger, PlainText language);
}
