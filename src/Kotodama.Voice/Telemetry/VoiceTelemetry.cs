using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kotodama.Voice.Telemetry;

/// <summary>
/// What can be measured of conversations, for a program that listens: a <see cref="Meter"/> and an <see cref="ActivitySource"/> of the name
/// <see cref="Name"/>. Without a listener it costs nothing. What people and characters say, and keys, are in neither.
/// </summary>
public static class VoiceTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Kotodama.Voice";

    private static readonly Meter Meter = new(Name);

    private static readonly InstrumentAdvice<double> Milliseconds = new()
    {
        HistogramBucketBoundaries = [2, 5, 10, 20, 40, 80, 160, 320, 640, 1250, 2500, 5000, 10_000],
    };

    private static readonly Counter<long> ProviderErrors = Meter.CreateCounter<long>(
        "kotodama.provider_errors",
        "{error}",
        "Requests that an engine or a language model failed, also when another one took its place.");

    internal static ActivitySource Source { get; } = new(Name);

    internal static Histogram<double> EndOfUtterance { get; } =
        Histogram("eou_delay", "From the end of the speech until it counted as all.");

    internal static Histogram<double> Recognition { get; } =
        Histogram("asr_latency", "From the end of the speech to its text.");

    internal static Histogram<double> FirstToken { get; } =
        Histogram("llm_ttft", "From the question to the first text of the answer.");

    internal static Histogram<double> FirstClause { get; } =
        Histogram("first_clause", "From the end of the speech, or the sending of a text, to the first clause of the answer.");

    internal static Histogram<double> EngineSound { get; } =
        Histogram("tts_ttfb", "From the first clause to the engine's first sound.");

    internal static Histogram<double> FirstAudio { get; } =
        Histogram("first_audio", "From the end of the speech, or the sending of a text, to the first sound that was sent.");

    internal static Histogram<double> FirstSound { get; } =
        Histogram("first_sound", "From the end of the speech, or the sending of a text, until a page reported that it is heard.");

    internal static Histogram<double> BargeInStop { get; } =
        Histogram("barge_in_stop", "From the decision to stop the speech until a page reported that it is silent.");

    internal static Counter<long> Turns { get; } =
        Meter.CreateCounter<long>("kotodama.turns", "{turn}", "What people said and what became of it.");

    /// <summary>An engine or a language model failed.</summary>
    /// <param name="kind">asr, llm or tts.</param>
    /// <param name="code">Why; one of few.</param>
    internal static void Failed(string kind, string code) => ProviderErrors.Add(1, new("kind", kind), new("code", code));

    private static Histogram<double> Histogram(string name, string description) =>
        Meter.CreateHistogram($"kotodama.{name}", "ms", description, tags: null, Milliseconds);
}
