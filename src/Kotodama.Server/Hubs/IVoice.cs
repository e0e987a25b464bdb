using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>Somebody who speaks the replies of channels: a link within this process, or a connection.</summary>
internal interface IVoice
{
    /// <summary>Whether it speaks for a channel.</summary>
    bool Serves(string channel);

    /// <summary>Tells it what was published, who listens and what is heard. Called on the core's loop; does not block.</summary>
    void Hear(Message message);
}
