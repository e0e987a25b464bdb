namespace Kotodama.Voice.Settings;

/// <summary>What an engine is made with, besides its settings.</summary>
/// <param name="Environment">Reads a variable of the environment, where keys are; null when it is not set.</param>
/// <param name="Time">The clock.</param>
public sealed record EngineContext(Func<string, string?> Environment, TimeProvider Time);
