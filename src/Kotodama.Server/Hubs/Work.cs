using Kotodama.Protocol;
using Kotodama.Server.Channels;

namespace Kotodama.Server.Hubs;

/// <summary>What the core's loop does next.</summary>
internal abstract record Work
{
    /// <summary>The connection that brought it, which may have so much queued and no more; null: it came another way.</summary>
    public BroughtWork? Bringer { get; set; }

    /// <summary>The viewer for which alone it is done, and not when that is gone; null: others are concerned as well.</summary>
    public virtual Viewer? ForAlone => null;

    /// <summary>Publishes a valid message.</summary>
    /// <param name="Message">With the receipt level that its publisher gave, if any.</param>
    /// <param name="Channel">The channel when the message names none.</param>
    /// <param name="Publisher">The connection, whose end aborts the replies that it streams; null when there is none.</param>
    /// <param name="OnReceipt">Gets the receipts, or the error. Called on the loop; must not block.</param>
    /// <param name="Sound">The message as a sound file; null when a voice shall make it.</param>
    /// <param name="Performer">The same publisher as a companion; null when it is none.</param>
    public sealed record Publish(
        Publication Message,
        string Channel,
        Viewer? Publisher,
        Action<Message> OnReceipt,
        ReadOnlyMemory<byte>? Sound = null,
        IPerformer? Performer = null) : Work;

    /// <summary>Makes a viewer follow channels and gives it what it missed.</summary>
    /// <param name="Viewer">The viewer; it leaves the channels it had.</param>
    /// <param name="Channels">Their names.</param>
    /// <param name="Hello">Its hello; null for a client without hello, which gets what comes from now on.</param>
    /// <param name="Welcome">Makes the frame that goes out before anything else.</param>
    public sealed record Join(
        Viewer Viewer,
        IReadOnlyList<string> Channels,
        HelloMessage? Hello,
        Func<Dictionary<string,
        ChannelWelcome>,
        byte[]>? Welcome) : Work
    {
        public override Viewer? ForAlone => Viewer;
    }

    public sealed record Resume(Viewer Viewer, ResumeMessage Message) : Work
    {
        public override Viewer? ForAlone => Viewer;
    }

    /// <summary>A viewer has room for the next portion of what it missed.</summary>
    public sealed record Continue(Viewer Viewer) : Work
    {
        public override Viewer? ForAlone => Viewer;
    }

    public sealed record Acknowledge(Viewer Viewer, AckMessage Message) : Work;

    /// <param name="Viewer">The viewer.</param>
    /// <param name="IsPublisher">Whether the replies that it streams end, too.</param>
    public sealed record Leave(Viewer Viewer, bool IsPublisher) : Work;

    /// <summary>A page reports whether its sound is on, or what it plays.</summary>
    public sealed record Report(Viewer Page, Message Message) : Work;

    /// <summary>A voice offers to speak.</summary>
    public sealed record AddVoice(IPerformer Voice) : Work;

    public sealed record RemoveVoice(IPerformer Voice) : Work;

    /// <summary>A voice sends speech.</summary>
    public sealed record VoiceOutput(IPerformer Voice, Message Message) : Work;

    /// <summary>A companion offers to answer users.</summary>
    public sealed record AddCompanion(IPerformer Companion) : Work;

    public sealed record RemoveCompanion(IPerformer Companion) : Work;

    /// <summary>A companion reports what it is doing, or answers a page's question.</summary>
    public sealed record CompanionOutput(IPerformer Companion, Message Message) : Work;

    /// <summary>A page sends what its user types, says or asks.</summary>
    public sealed record UserInput(Viewer Page, Message Message) : Work;

    /// <summary>A client wants to be told of touches on its channels. Ends with <see cref="Leave"/>.</summary>
    public sealed record HearTouches(Viewer Client, IReadOnlyList<string> Channels) : Work
    {
        public override Viewer? ForAlone => Client;
    }

    /// <summary>A publisher sends the sound of its reply.</summary>
    public sealed record BringSound(Viewer Publisher, AudioMessage Message) : Work;

    /// <summary>Looks at the core.</summary>
    public sealed record Ask(Action<HubCore> Question) : Work;
}
