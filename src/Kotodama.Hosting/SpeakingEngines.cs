using Kotodama.Voice;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Hosting;

/// <summary>The engines that speak in a running voice.</summary>
/// <param name="Options">Their settings.</param>
/// <param name="Chain">The chain that is in use.</param>
public sealed record SpeakingEngines(VoiceOptions Options, SpeechChain Chain);
