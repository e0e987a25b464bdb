using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>A user touched the character.</summary>
/// <param name="touch">Where and how, and on which channel.</param>
public sealed class TouchedEventArgs(TouchMessage touch) : EventArgs
{
    /// <summary>Where and how, and on which channel.</summary>
    public TouchMessage Touch { get; } = touch;
}
