using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Channels;

/// <summary>One receiver of broadcasts. What the core keeps of it is touched by the core's loop only.</summary>
internal abstract class Viewer
{
    /// <summary>Whether a user sees what is sent here.</summary>
    public abstract bool IsPage { get; }

    /// <summary>The name of its connection.</summary>
    public abstract string Session { get; }

    /// <summary>The viewer id that it gave, the same over all its connections. Owned by the core.</summary>
    public string? Identity { get; set; }

    /// <summary>Whether the core has dealt with its hello, which its own reader has read before. Owned by the core.</summary>
    public bool IsGreeted { get; set; }

    /// <summary>Whether it ever sent a reply in pieces. Owned by the core.</summary>
    public bool HasStreamed { get; private set; }

    /// <summary>The channels that the viewer follows. Owned by the core.</summary>
    public List<Subscription> Subscriptions { get; } = [];

    /// <summary>The channel that a message of this viewer is about, by default the first one; null: it does not follow that one.</summary>
    public Channel? Find(string? channel) =>
        (channel is null ? Subscriptions.FirstOrDefault() : Subscriptions.Find(s => s.Channel.Name == channel))?.Channel;

    /// <summary>It sends a reply in pieces.</summary>
    public void NoteStreaming() => HasStreamed = true;

    /// <summary>Whether the client understands a message.</summary>
    public abstract bool Understands(Publication message);

    /// <summary>Whether the client knows the messages of speech and shows the character.</summary>
    public virtual bool FollowsSpeech => false;

    /// <summary>Whether it may learn what users say to the companion.</summary>
    public virtual bool HearsUsers => true;

    /// <summary>Whether the client wants the sound of speech.</summary>
    public virtual bool PlaysSpeech { get; protected set; }

    /// <summary>Whether a user would hear what is played there. Owned by the core.</summary>
    public SoundState Sound { get; set; } = SoundState.Blocked;

    /// <summary>Whether it has ended or is ending: what is done for it alone is done in vain.</summary>
    public virtual bool IsClosed => false;

    /// <summary>Whether so little waits for it that a portion of a replay may follow.</summary>
    public virtual bool HasRoom => true;

    /// <summary>
    /// Asks for <see cref="Hubs.Work.Continue"/>, once, as soon as there is room; it comes over the core's queue, so that other work is
    /// done between two portions.
    /// </summary>
    public abstract void AwaitRoom();

    /// <summary>The hub read and sent so many bytes because this viewer asked for them.</summary>
    public virtual void NoteReplayed(long bytes)
    {
    }

    /// <summary>Ends the viewer because more waits for it than may.</summary>
    public virtual void GiveUp()
    {
    }

    /// <summary>Hands over a frame without waiting. False: the viewer does not get it.</summary>
    /// <param name="frame">The frame, shared with other viewers.</param>
    /// <param name="kind">What becomes of it when too much waits for the viewer.</param>
    public abstract bool Send(byte[] frame, FrameKind kind = FrameKind.Ordinary);

    /// <summary>Ends the viewer because it cannot be served.</summary>
    public abstract void Refuse(ErrorMessage error);

    /// <summary>Ends the viewer because another connection came with the same viewer id.</summary>
    public abstract void Replace();
}

/// <summary>That one viewer follows one channel. Owned by the core.</summary>
internal sealed class Subscription(Viewer viewer, Channel channel)
{
    public Viewer Viewer { get; } = viewer;

    public Channel Channel { get; } = channel;

    /// <summary>Its place in the channel's list; -1: it is in none.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Grows with every subscription of the channel: which one came before.</summary>
    public long Order { get; set; }

    /// <summary>Whether it was a page when it began to follow.</summary>
    public bool IsPage { get; init; } = viewer.IsPage;

    /// <summary>Whether it followed speech when it began to follow.</summary>
    public bool FollowsSpeech { get; init; } = viewer.FollowsSpeech;

    /// <summary>What it has still to be sent of the log; null: it gets what is published at once.</summary>
    public Replay? Replay { get; set; }

    /// <summary>Where deliveries note how far they came here; null: it is no page.</summary>
    public Seat? Seat { get; set; }

    /// <summary>The number of the last message it was given, or was told that it will not get.</summary>
    public long Position { get; set; }

    /// <summary>The number of the speech that the page has: it followed when the speech began, or came back with it.</summary>
    public long? Speech { get; set; }

    /// <summary>A clause of which the page missed a piece of sound, so that it gets no more of it.</summary>
    public (long Speech, int Clause)? SkippedClause { get; set; }

    /// <summary>Everything up to this number has arrived there.</summary>
    public long Received { get; set; }
}
