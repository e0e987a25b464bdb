using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>What the core's loop does next.</summary>
internal abstract record Work
{
    /// <summary>Publishes a valid message.</summary>
    /// <param name="Message">With the receipt level that its sender gave, if any.</param>
    /// <param name="Channel">The channel when the message names none.</param>
    /// <param name="Writer">The connection, whose end ends the replies it was writing; null when there is none.</param>
    /// <param name="Hear">Gets the receipts, or the error. Called on the loop; must not block.</param>
    /// <param name="Sound">The message as a sound file; null when a voice shall make it.</param>
    public sealed record Publish(Publication Message, string Channel, Viewer? Writer, Action<Message> Hear, ReadOnlyMemory<byte>? Sound = null) : Work;

    /// <summary>Makes a viewer of channels and gives it what it missed.</summary>
    /// <param name="Viewer">The viewer; it leaves the channels it had.</param>
    /// <param name="Channels">Their names.</param>
    /// <param name="Hello">What it said; null for a client without hello, which gets what comes from now on.</param>
    /// <param name="Welcome">Makes the frame that goes out before anything else.</param>
    public sealed record Join(Viewer Viewer, IReadOnlyList<string> Channels, HelloMessage? Hello, Func<Dictionary<string, ChannelWelcome>, byte[]>? Welcome) : Work;

    public sealed record Resume(Viewer Viewer, ResumeMessage Message) : Work;

    public sealed record Acknowledge(Viewer Viewer, AckMessage Message) : Work;

    /// <param name="Viewer">The viewer.</param>
    /// <param name="IsWriter">Whether replies it was writing end, too.</param>
    public sealed record Leave(Viewer Viewer, bool IsWriter) : Work;

    /// <summary>A page says whether it can be heard, or what is heard.</summary>
    public sealed record Report(Viewer Viewer, Message Message) : Work;

    /// <summary>Somebody offers to speak.</summary>
    public sealed record AddVoice(IPerformer Voice) : Work;

    public sealed record RemoveVoice(IPerformer Voice) : Work;

    /// <summary>A voice speaks.</summary>
    public sealed record Speak(IPerformer Voice, Message Message) : Work;

    /// <summary>Somebody offers to answer what people say.</summary>
    public sealed record AddCompanion(IPerformer Companion) : Work;

    public sealed record RemoveCompanion(IPerformer Companion) : Work;

    /// <summary>A page says something to the companion.</summary>
    public sealed record Say(Viewer Page, Message Message) : Work;

    /// <summary>A companion says what it is doing, or answers a page.</summary>
    public sealed record Perform(IPerformer Companion, Message Message) : Work;

    /// <summary>A publisher sends the sound of its reply.</summary>
    public sealed record BringSound(Viewer Writer, AudioMessage Message) : Work;

    /// <summary>Looks at the core.</summary>
    public sealed record Ask(Action<HubCore> Question) : Work;
}
