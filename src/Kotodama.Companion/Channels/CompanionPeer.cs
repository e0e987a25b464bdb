using System.Threading.Channels;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>
/// Answers users on the channels of a hub: recognizes their speech, asks a language model, sends the answer, remembers the conversation.
/// A peer like any other, in the hub's process or elsewhere. One loop decides; a channel is a conversation of its own.
/// </summary>
public sealed class CompanionPeer
{
    private const int MostEvents = 8192;

    private readonly IPeer _hub;
    private readonly CompanionParts _parts;
    private readonly Dictionary<string, ChannelTalk> _channels = new(StringComparer.Ordinal);
    private readonly Channel<CompanionEvent> _events =
        Channel.CreateBounded<CompanionEvent>(new BoundedChannelOptions(MostEvents) { SingleReader = true });

    /// <summary>The highest number of an exchange of conversations that are over.</summary>
    private long _exchanges;

    /// <summary>Makes a companion; <see cref="RunAsync"/> lets it answer.</summary>
    /// <param name="hub">The hub's end, with the role of a companion. The caller disposes it.</param>
    /// <param name="parts">What it is made of.</param>
    public CompanionPeer(IPeer hub, CompanionParts parts)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Conversation.Validate() is { } problem)
            throw new ArgumentException(problem, nameof(parts));
        (_hub, _parts) = (hub, parts);
    }

    /// <summary>Answers until the hub's end is closed or <paramref name="cancellationToken"/> is cancelled. To be called once.</summary>
    /// <param name="cancellationToken">Ends it; no exception follows. What was said until then is kept.</param>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = ReceiveAsync(ending.Token);
        var selector = _parts.Mind.GetService(typeof(LlmSelector), null) as LlmSelector;
        if (selector is not null)
            selector.Changed += OnMindChanged;
        try
        {
            await foreach (var what in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await ProcessAsync(what, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            if (selector is not null)
                selector.Changed -= OnMindChanged;
            await ending.CancelAsync().ConfigureAwait(false);
            _events.Writer.TryComplete();
            await Task.WhenAll(_channels.Values.Select(channel => channel.DisposeAsync().AsTask())).ConfigureAwait(false);
            await receiving.ConfigureAwait(false);
        }
    }

    // The loop may be far behind; the change is then seen with what it does next.
    private void OnMindChanged(object? sender, EventArgs e) => _events.Writer.TryWrite(new CompanionEvent.MindChanged());

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _hub.Incoming.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                await _events.Writer.WriteAsync(new CompanionEvent.FromHub(message), cancellationToken).ConfigureAwait(false);
            _events.Writer.TryComplete();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The companion ends.
        }
    }

    private async ValueTask ProcessAsync(CompanionEvent what, CancellationToken cancellationToken)
    {
        if (what is CompanionEvent.MindChanged)
        {
            foreach (var channel in _channels.Values)
                await channel.IntroduceAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        if (what is CompanionEvent.FromHub(AudioMessage sound))
        {
            foreach (var channel in _channels.Values)
                if (channel.TryAdd(sound))
                    return;
            return;
        }

        if (ChannelOf(what) is not { } name)
            return;
        if (!_channels.TryGetValue(name, out var talk))
        {
            if (!Begins(what))
                return;
            _channels[name] = talk = new ChannelTalk(name, _hub, _parts, _events.Writer, _exchanges);
        }

        await talk.ProcessAsync(what, cancellationToken).ConfigureAwait(false);
        if (!talk.IsIdle)
        {
            talk.ReportWhenSettled();
            return;
        }

        _channels.Remove(name);
        _exchanges = Math.Max(_exchanges, talk.Exchanges);
        await talk.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Only users begin a conversation; what comes late of one that is over does not.</summary>
    private static bool Begins(CompanionEvent what) =>
        what is CompanionEvent.FromHub(
            UserTextMessage
            or MicMessage { State: MicState.On }
            or VadMessage { Event: VadEvent.Start }
            or AskMessage
            or AudienceMessage { Pages: > 0 });

    private static string? ChannelOf(CompanionEvent what) => what switch
    {
        CompanionEvent.InConversation happened => happened.Channel,
        CompanionEvent.CharacterFound found => found.Channel,
        CompanionEvent.Changed changed => changed.Channel,
        CompanionEvent.FromHub(var message) => message switch
        {
            UserTextMessage text => text.Channel,
            MicMessage mic => mic.Channel,
            VadMessage vad => vad.Channel,
            CancelMessage cancel => cancel.Channel,
            AskMessage ask => ask.Channel,
            TouchMessage touch => touch.Channel,
            AudienceMessage audience => audience.Channel,
            PlaybackMessage playback => playback.Channel,
            SpeechStartMessage start => start.Channel,
            SpeechStopMessage stop => stop.Channel,
            ReceiptMessage receipt => receipt.Channel,
            _ => null,
        },
        _ => null,
    };
}
