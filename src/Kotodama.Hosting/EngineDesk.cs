using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Hearing;
using Kotodama.Voice;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.AI;

namespace Kotodama.Hosting;

/// <summary>The engines that recognize speech in a running companion.</summary>
internal sealed record HearingEngines(HearingOptions Options, RecognizerEngines All, RecognizerChain? Chain);

/// <summary>
/// The engines of this program, and whether they work: those that are in use, not others of the same settings. So a user sees what the
/// voice and the companion know, and an engine that a test finds working again is used again at once.
/// </summary>
internal sealed class EngineDesk(LlmSelector llm, HearingEngines hearing, SpeakingEngines? voice, TimeProvider time) : IEngineDesk
{
    private const string Greeting = "Hello, how are you?";

    /// <inheritdoc/>
    public IReadOnlyList<EngineReport> List() =>
    [
        new EngineReport(EngineKind.Llm, llm.Current.Model ?? llm.Current.Server, null),
        .. hearing.All.Order(hearing.Options).Select(engine => new EngineReport(EngineKind.Asr, engine, HearingProblem(engine))),
        .. Speaking(),
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

    private IEnumerable<EngineReport> Speaking()
    {
        if (voice is null)
            return [];
        var off = voice.Options.Enabled ? null : "the voice is off";
        return voice.Chain.States.Select(state => new EngineReport(EngineKind.Tts, state.Engine, off ?? state.Reason));
    }

    private string? HearingProblem(string engine) =>
        hearing.All.Missing(hearing.Options, engine) ?? hearing.Chain?.States.FirstOrDefault(state => state.Engine == engine)?.Reason;

    private async Task<string> AnswerAsync(CancellationToken cancellationToken)
    {
        await foreach (var update in llm.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, Greeting)], null, cancellationToken))
            if (update.Text.Length > 0)
                return "first word";
        throw new LlmException(LlmCode.Failed, "The language model answered nothing.");
    }

    private async Task<string> SpeakAsync(string engine, CancellationToken cancellationToken)
    {
        if (voice is null)
            throw new EngineException($"There is no engine {engine}.");
        await voice.Chain.TryAsync(engine, new SpeechRequest(Greeting, "en", null, voice.Options.Speed), cancellationToken);
        return "first sound";
    }

    /// <summary>A second of silence: an engine that understands nothing of it works.</summary>
    private async Task<string> HearAsync(string engine, CancellationToken cancellationToken)
    {
        if ((hearing.All.Missing(hearing.Options, engine) ?? hearing.All.Problem(hearing.Options)) is { } problem)
            throw new RecognitionException(RecognitionException.Unavailable, problem);
        await hearing.Chain!.TryAsync(engine, cancellationToken);
        return "a second of silence";
    }
}
