using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Hearing;
using Kotodama.Voice;
using Kotodama.Voice.Engines;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Cli;

/// <summary>The engines of this program, and whether they work.</summary>
internal sealed class EngineDesk(LlmSelector mind, VoiceOptions voice, HearingOptions hearing, TimeProvider time) : IEngineDesk, IAsyncDisposable
{
    private const string Greeting = "Hello, how are you?";

    private readonly SpeechChain _speech = SpeechChains.Create(voice, Environment.GetEnvironmentVariable, time, NullLogger.Instance);
    private readonly RecognizerChain? _recognizers = (RecognizerChain?)RecognizerChains.Create(hearing, Environment.GetEnvironmentVariable, time, NullLogger.Instance);

    /// <inheritdoc/>
    public IReadOnlyList<EngineReport> List() =>
    [
        new EngineReport(EngineKind.Llm, mind.Current.Model ?? mind.Current.Server, null),
        .. hearing.Order().Select(engine => new EngineReport(EngineKind.Asr, engine, RecognizerChains.Missing(hearing, engine))),
        .. _speech.Engines.Select(engine => new EngineReport(EngineKind.Tts, engine.Name, voice.Enabled ? null : "the voice is off")),
    ];

    /// <inheritdoc/>
    public async Task<EngineTrial> TryAsync(EngineKind kind, string engine, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var detail = kind switch
            {
                EngineKind.Llm => await AnswerAsync(cancellationToken),
                EngineKind.Asr => await HearAsync(engine, cancellationToken),
                _ => await SpeakAsync(engine, cancellationToken),
            };
            return new EngineTrial(true, Passed(), detail);
        }
        catch (Exception e) when (e is LlmException or EngineException or RecognitionException)
        {
            return new EngineTrial(false, Passed(), e.Message);
        }

        double Passed() => Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _speech.DisposeAsync();
        if (_recognizers is not null)
            await _recognizers.DisposeAsync();
    }

    private async Task<string> AnswerAsync(CancellationToken cancellationToken)
    {
        await foreach (var update in mind.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, Greeting)], null, cancellationToken))
            if (update.Text.Length > 0)
                return "first word";
        throw new LlmException(LlmCode.Failed, "The language model answered nothing.");
    }

    private async Task<string> SpeakAsync(string engine, CancellationToken cancellationToken)
    {
        var synthesizer = _speech.Engines.FirstOrDefault(e => e.Name == engine) ?? throw new EngineException($"There is no engine {engine}.");
        await foreach (var chunk in synthesizer.SynthesizeAsync(new SpeechRequest(Greeting, "en", null, voice.Speed), cancellationToken))
            if (chunk is SpeechSoundChunk or SpeechFormatChunk { Format: Protocol.SpeechFormat.Browser or Protocol.SpeechFormat.Silent })
                return "first sound";
        throw new EngineException($"The engine {engine} made no sound.");
    }

    /// <summary>A second of silence: who understands nothing of it works.</summary>
    private async Task<string> HearAsync(string engine, CancellationToken cancellationToken)
    {
        var recognizer = _recognizers?.Engines.FirstOrDefault(e => e.Id == engine)
            ?? throw new RecognitionException(RecognitionException.Unavailable, RecognizerChains.Missing(hearing, engine) ?? RecognizerChains.Problem(hearing) ?? $"There is no engine {engine}.");
        await using var recognition = await recognizer.StartAsync(new RecognitionRequest("en"), cancellationToken);
        await recognition.WriteAsync(new byte[Protocol.VadMessage.Rate * 2], cancellationToken);
        await recognition.EndAsync(cancellationToken);
        await foreach (var result in recognition.ReadAsync(cancellationToken))
            if (result.IsFinal)
                return "a second of silence";
        throw new RecognitionException(RecognitionException.Failed, $"The engine {engine} said nothing.");
    }
}
