using Kotodama.Protocol;

namespace Kotodama.Server.Channels;

/// <summary>A voice or a companion, as the hub sees it: a link within this process, or a connection.</summary>
internal interface IPerformer
{
    /// <summary>Whether it speaks or answers on a channel.</summary>
    bool Serves(string channel);

    /// <summary>Gives it a message. Called on the core's loop; must not block.</summary>
    void Deliver(Message message);
}
