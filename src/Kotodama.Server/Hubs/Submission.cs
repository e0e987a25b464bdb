using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;

namespace Kotodama.Server.Hubs;

/// <summary>A message on its way to the viewers.</summary>
/// <param name="Work">What the publisher asked for.</param>
/// <param name="Message">The message with an id, without the sound that the publisher brings.</param>
internal sealed record Submission(Work.Publish Work, Publication Message)
{
    /// <summary>Its channel; null when there are too many.</summary>
    public Channel? Channel { get; init; }

    /// <summary>Why it has no channel.</summary>
    public ErrorMessage? Error { get; init; }

    /// <summary>What the log has to store; null when the message is not kept.</summary>
    public LogDraft? Draft { get; init; }

    /// <summary>What became of the draft.</summary>
    public LogReceipt? Receipt { get; set; }

    /// <summary>Whether what is no draft survives a crash all the same.</summary>
    public bool IsDurable { get; set; }

    /// <summary>The sound of the whole reply; null when the publisher brings none, or a stream.</summary>
    public ReadOnlyMemory<byte>? Sound { get; init; }

    /// <summary>The publisher's number of the stream that brings the sound; null when it brings none.</summary>
    public long? SoundStream { get; init; }

    /// <summary>Sends a receipt or an error to the publisher.</summary>
    public void Answer(Message answer) => Work.OnReceipt(answer);
}
