using Kotodama.Voice.Synthesis;

namespace Kotodama.Testing;

/// <summary>A synthesizer that is tested, with all that it needs.</summary>
/// <param name="Synthesizer">The synthesizer; belongs to this.</param>
public record SpeechRig(ISpeechSynthesizer Synthesizer) : IAsyncDisposable
{
    /// <summary>Ends the synthesizer. A rig that starts a server for it ends that too.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Synthesizer.DisposeAsync();
    }
}
