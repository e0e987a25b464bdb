namespace Kotodama.Companion.Channels;

/// <summary>Knows the engines of a program, for people who look at its settings. Members may be called from any thread.</summary>
public interface IEngineDesk
{
    /// <summary>The engines, those that are asked first in front.</summary>
    IReadOnlyList<EngineReport> List();

    /// <summary>Tries an engine. Does not throw because the engine fails.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="engine">Its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<EngineTrial> TryAsync(EngineKind kind, string engine, CancellationToken cancellationToken);
}

/// <summary>What an engine does.</summary>
public enum EngineKind
{
    /// <summary>Answers.</summary>
    Llm,

    /// <summary>Recognizes speech.</summary>
    Asr,

    /// <summary>Speaks.</summary>
    Tts,
}

/// <summary>One engine.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Name">Its name in settings.</param>
/// <param name="Problem">Why it cannot be used, for people; null: as far as is known it can.</param>
public sealed record EngineReport(EngineKind Kind, string Name, string? Problem);

/// <summary>What became of trying an engine.</summary>
/// <param name="Works">Whether it did what it should.</param>
/// <param name="Milliseconds">How long that took.</param>
/// <param name="Detail">What it did, or why it failed, for people. Never a key.</param>
public sealed record EngineTrial(bool Works, double Milliseconds, string Detail);
