using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// Speaks the replies of a hub's channels: a peer like any other, in the hub's process or elsewhere. One loop decides everything; sound is
/// made and sent by a task for each channel that speaks.
/// </summary>
public sealed class Speaker
{
    private const int MostEvents = 8192;

    private readonly IPeer _hub;
    private readonly Dictionary<string, ChannelVoice> _channels = new(StringComparer.Ordinal);
    private readonly Channel<SpeakerEvent> _events = Channel.CreateBounded<SpeakerEvent>(
        new BoundedChannelOptions(MostEvents) { SingleReader = true });
    private readonly SpeakerParts _parts;
    private uint _turn;

    /// <summary>Makes a speaker; <see cref="RunAsync"/> lets it speak.</summary>
    /// <param name="hub">The hub's end, with the role of a voice. The caller disposes it.</param>
    /// <param name="speech">What makes speech of text, for example a chain of <see cref="SpeechEngines"/>. The caller disposes it.</param>
    /// <param name="speed">How fast to speak, 0.25 to 4; 1 is natural.</param>
    /// <param name="time">The clock. Null: the system's.</param>
    /// <param name="logger">The log; never gets what is said. Null: nowhere.</param>
    public Speaker(IPeer hub, ISpeechSynthesizer speech, double speed = 1, TimeProvider? time = null, ILogger<Speaker>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(speech);
        time ??= TimeProvider.System;

        // A page must not take the turns of two speakers that follow each other for the same.
        (_hub, _turn) = (hub, (uint)time.GetUtcNow().ToUnixTimeMilliseconds());
        _parts = new SpeakerParts(hub, speech, _events.Writer, () => _turn++, speed, time, logger ?? NullLogger<Speaker>.Instance);
    }

    /// <summary>Speaks until the hub's end is closed or <paramref name="cancellationToken"/> is cancelled. To be called once.</summary>
    /// <param name="cancellationToken">Ends it; no exception follows.</param>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = ReceiveAsync(ending.Token);
        try
        {
            await foreach (var what in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                await ProcessAsync(what).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            _events.Writer.TryComplete();
            foreach (var channel in _channels.Values)
                channel.Dispose();
            await Task.WhenAll([receiving, .. _channels.Values.Select(channel => channel.Running)]).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _hub.Incoming.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                await _events.Writer.WriteAsync(new SpeakerEvent.FromHub(message), cancellationToken).ConfigureAwait(false);
            _events.Writer.TryComplete();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The speaker ends.
        }
    }

    private async ValueTask ProcessAsync(SpeakerEvent what)
    {
        if (what is SpeakerEvent.FromHub(AudioMessage sound))
        {
            foreach (var channel in _channels.Values)
                if (await channel.AddSoundAsync(sound).ConfigureAwait(false))
                    return;
            return;
        }

        if (what is SpeakerEvent.FromHub(LlmResponseMessage { AudioStream: { } stream }))
            foreach (var channel in _channels.Values)
                channel.EndSound((uint)stream);

        var name = what switch
        {
            SpeakerEvent.FromHub(Publication publication) => publication.Channel,
            SpeakerEvent.FromHub(LlmAbortMessage abort) => abort.Channel,
            SpeakerEvent.FromHub(AudienceMessage audience) => audience.Channel,
            SpeakerEvent.FromHub(PlaybackMessage playback) => playback.Channel,
            SpeakerEvent.Sent sent => sent.Channel,
            SpeakerEvent.Late late => late.Channel,
            _ => null,
        };
        if (name is null)
            return;
        if (!_channels.TryGetValue(name, out var voice))
            _channels[name] = voice = new ChannelVoice(name, _parts);
        await voice.ProcessAsync(what).ConfigureAwait(false);
        if (voice.IsIdle)
        {
            voice.Dispose();
            _channels.Remove(name);
        }
    }
}
