using System.Collections.Concurrent;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;

namespace Kotodama.Server.Hubs;

/// <summary>Finds channels by name and adds them, within the limit of <see cref="KotodamaServerOptions.MaxChannels"/>.</summary>
/// <param name="channels">The channels; this object alone adds and removes.</param>
/// <param name="log">Knows where a channel stands.</param>
/// <param name="clock">The hub's clock.</param>
/// <param name="most">The limit.</param>
/// <param name="voices">Speak on a new channel.</param>
/// <param name="companions">Answer on a new channel.</param>
/// <param name="avatars">Know what was chosen for it.</param>
internal sealed class ChannelTable(
    ConcurrentDictionary<string, Channel> channels,
    IMessageLog log,
    HubClock clock,
    int most,
    Voices voices,
    Companions companions,
    Avatars avatars)
{
    public IEnumerable<Channel> All => channels.Values;

    /// <summary>A channel in use; null when there is none of this name.</summary>
    public Channel? Find(string name) => channels.GetValueOrDefault(name);

    /// <summary>A channel, known already or new. When there are too many, unused ones that this work does not name give way.</summary>
    /// <param name="name">The channel's name.</param>
    /// <param name="wanted">The names that must not give way.</param>
    public (Channel? Channel, ErrorMessage? Error) FindOrAdd(string name, IReadOnlyList<string> wanted)
    {
        if (channels.TryGetValue(name, out var existing))
            return (existing, null);

        // Every connection passes through the default channel, so it is always there.
        if (channels.Count >= most && name != ChannelName.Default)
        {
            RemoveUnused(wanted);
            if (channels.Count >= most)
                return (null, TooMany());
        }

        var position = log.Position(name);
        return (Add(new Channel(name, position.Epoch, position.Top, clock)), null);
    }

    /// <summary>A channel that was found before; it comes back when it gave way since, because it is about to be used.</summary>
    /// <param name="channel">The channel as it was found.</param>
    /// <returns>The channel of this name, which may have been added anew.</returns>
    public Channel Keep(Channel channel) => channels.TryGetValue(channel.Name, out var present) ? present : Add(channel);

    private Channel Add(Channel channel)
    {
        var added = channels.GetOrAdd(channel.Name, channel);
        added.Avatar = avatars.Find(added.Name);
        voices.Appoint(added);
        companions.Appoint(added);
        return added;
    }

    private void RemoveUnused(IReadOnlyList<string> wanted)
    {
        foreach (var (name, channel) in channels)
        {
            if (!channel.IsUnused || wanted.Contains(name, StringComparer.Ordinal))
                continue;
            channels.TryRemove(name, out _);
            voices.Forget(channel);
        }
    }

    private ErrorMessage TooMany() => new()
    {
        Code = ErrorCode.TooManyChannels,
        Message = $"the hub holds {most} channels in use, its limit",
        Hint = $"Use fewer channels, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxChannels)}.",
        Retry = true,
    };
}
