using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging;

namespace Kotodama.Voice.Speaking;

/// <summary>What the speaker's loop does next.</summary>
internal abstract record SpeakerEvent
{
    /// <summary>A message of the hub.</summary>
    public sealed record FromHub(Message Message) : SpeakerEvent;

    /// <summary>A turn has sent all of its sound, or cannot go on.</summary>
    public sealed record Sent(string Channel, Turn Turn, EngineException? Problem) : SpeakerEvent;

    /// <summary>A turn should be over by now, says one of its timers.</summary>
    public sealed record Late(string Channel, Turn Turn, long Timer) : SpeakerEvent;
}

/// <summary>What the channels of a speaker share.</summary>
/// <param name="Hub">Where speech goes.</param>
/// <param name="Speech">What makes it.</param>
/// <param name="Events">The speaker's loop.</param>
/// <param name="NextTurn">Makes the number of a turn.</param>
/// <param name="Speed">How fast to speak.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log; never what is said.</param>
internal sealed record SpeakerParts(
    IPeer Hub,
    ISpeechSynthesizer Speech,
    ChannelWriter<SpeakerEvent> Events,
    Func<uint> NextTurn,
    double Speed,
    TimeProvider Time,
    ILogger Logger);
