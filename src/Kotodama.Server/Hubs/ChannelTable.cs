using System.Collections.Concurrent;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;

namespace Kotodama.Server.Hubs;

/// <summary>Finds channels by name and adds them, within the limit of <see cref="KotodamaServerOptions.MaxChannels"/>.</summary>
/// <param name="channels">The channels; this object alone adds and removes.</param>
/// <param name="log">Knows where a channel stands.</param>
/// <param name="clock">The hub's clock.</param>
/// <param name="options">The limit, and how many messages are kept.</param>
/// <param name="voices">Speak on a new channel.</param>
/// <param name="companions">Answer on a new channel.</param>
/// <param name="avatars">Know what was chosen for it.</param>
internal sealed class ChannelTable(
    ConcurrentDictionary<string, Channel> channels,
    IMessageLog log,
    HubClock clock,
    KotodamaServerOptions options,
    Voices voices,
    Companions companions,
    Avatars avatars)
{
    /// <summary>The log keeps as many again in memory while its disk fails.</summary>
    private readonly int _kept = 2 * options.KeptMessages;

    /// <summary>Channels that were unused when they were put here, the one that has waited longest first.</summary>
    private readonly Queue<Channel> _idle = new();

    public IEnumerable<Channel> All => channels.Values;

    /// <summary>A channel in use; null when there is none of this name.</summary>
    public Channel? Find(string name) => channels.GetValueOrDefault(name);

    /// <summary>A channel, known already or new. When there are too many, unused ones that this work does not name give way.</summary>
    /// <param name="name">The channel's name.</param>
    /// <param name="wanted">The names that must not give way.</param>
    public (Channel? Channel, ErrorMessage? Error) FindOrAdd(string name, IReadOnlySet<string> wanted)
    {
        if (channels.TryGetValue(name, out var existing))
            return (existing, null);

        // Every connection passes through the default channel, so it is always there.
        if (channels.Count >= options.MaxChannels && name != ChannelName.Default && !TryRemoveUnused(wanted))
            return (null, TooMany());

        var position = log.Position(name);
        return (Add(new Channel(name, position.Epoch, position.Top, clock, _kept) { Idle = NoteIdle }), null);
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
        NoteIdle(added);
        return added;
    }

    private void NoteIdle(Channel channel)
    {
        if (channel.IsIdle || !channel.IsUnused)
            return;
        channel.IsIdle = true;
        _idle.Enqueue(channel);
    }

    /// <summary>
    /// Removes unused channels until there is a place. Each of them was put into the queue once, by its last user, so a name
    /// costs the same with ten channels and with a thousand.
    /// </summary>
    private bool TryRemoveUnused(IReadOnlySet<string> wanted)
    {
        var kept = new List<Channel>();
        while (channels.Count >= options.MaxChannels && _idle.TryDequeue(out var channel))
        {
            channel.IsIdle = false;
            if (!channel.IsUnused)
                continue;
            if (wanted.Contains(channel.Name))
            {
                kept.Add(channel);
                continue;
            }

            if (channels.TryRemove(KeyValuePair.Create(channel.Name, channel)))
                voices.Forget(channel);
        }

        kept.ForEach(NoteIdle);
        return channels.Count < options.MaxChannels;
    }

    private ErrorMessage TooMany() => new()
    {
        Code = ErrorCode.TooManyChannels,
        Message = $"the hub holds {options.MaxChannels} channels in use, its limit",
        Hint = $"Use fewer channels, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxChannels)}.",
        Retry = true,
    };
}
