using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>Somebody who has a part on channels, as a voice or as a companion: a link within this process, or a connection.</summary>
internal interface IPerformer
{
    /// <summary>Whether it has its part on a channel.</summary>
    bool Serves(string channel);

    /// <summary>Tells it what happens there. Called on the core's loop; does not block.</summary>
    void Hear(Message message);
}
