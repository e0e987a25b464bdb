using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Channels;

/// <summary>
/// The companion of one channel: who answers its users, what the pages know of it, and the microphones that are on. See section 11 of the
/// protocol. Owned by the core; <see cref="Performer"/> may be read from any thread.
/// </summary>
/// <param name="channel">The channel.</param>
internal sealed class ChannelCompanion(Channel channel)
{
    private readonly Dictionary<string, MicMessage> _microphones = new(StringComparer.Ordinal);
    private IPerformer? _performer;
    private AudienceMessage? _reported;
    private CompanionMessage? _card;
    private TurnMessage? _exchange;

    /// <summary>The companion; null when none serves the channel.</summary>
    public IPerformer? Performer => Volatile.Read(ref _performer);

    /// <summary>Makes another companion answer here, and tells the pages and both companions.</summary>
    /// <param name="companion">The companion; null when none serves the channel any more.</param>
    public void Appoint(IPerformer? companion)
    {
        _performer?.Deliver(new AudienceMessage { Channel = channel.Name, Pages = 0, Speaker = false });
        Volatile.Write(ref _performer, companion);
        _card = companion is null ? null : new CompanionMessage { Channel = channel.Name, On = true };
        (_exchange, _reported) = (null, null);
        channel.Broadcast(_card ?? new CompanionMessage { Channel = channel.Name, On = false });
        if (companion is null)
            return;
        Report(channel.CountAudience());
        foreach (var microphone in _microphones.Values)
            companion.Deliver(microphone);
    }

    /// <summary>Tells a page that just came about the companion and its present exchange.</summary>
    public void Greet(Viewer viewer)
    {
        if (!viewer.FollowsSpeech || _card is null)
            return;
        viewer.Send(Frame.Text(_card));
        if (_exchange is not null)
            viewer.Send(Frame.Text(_exchange));
    }

    /// <summary>Tells the companion of the audience when that has changed.</summary>
    public void Report(AudienceMessage audience)
    {
        if (_performer is not { } companion || audience == _reported)
            return;
        _reported = audience;
        companion.Deliver(audience);
    }

    /// <summary>The companion describes itself.</summary>
    public void Introduce(CompanionMessage card)
    {
        _card = card with { On = true };
        channel.Broadcast(_card);
    }

    /// <summary>The companion reports how its exchange with the user stands.</summary>
    public void Report(TurnMessage exchange)
    {
        _exchange = exchange;
        channel.Broadcast(exchange);
    }

    /// <summary>
    /// Says on a reply, or on a piece of one, which exchange it answers in, so that pages can tell answers from what other programs say.
    /// Only the companion of the channel answers; a companion that does not say so answers in the exchange it reported last.
    /// </summary>
    /// <param name="message">What is published.</param>
    /// <param name="publisher">Who publishes it; null: no companion.</param>
    public Publication Sign(Publication message, IPerformer? publisher)
    {
        var answers = publisher is not null && publisher == _performer;
        return Sign(message, said => answers ? said ?? _exchange?.Turn ?? 0 : null);
    }

    /// <summary>The message with another exchange, when it is a reply or a piece of one.</summary>
    public static Publication Sign(Publication message, Func<long?, long?> exchange) => message switch
    {
        LlmDeltaMessage delta => delta with { Turn = exchange(delta.Turn) },
        LlmResponseMessage reply => reply with { Turn = exchange(reply.Turn) },
        _ => message,
    };

    /// <summary>Gives what a page's user typed, cancelled or asked to the companion; the page gets an error when there is none.</summary>
    /// <param name="page">The page.</param>
    /// <param name="message">The message, with the page's session.</param>
    /// <param name="id">What the error refers to.</param>
    public void Pass(Viewer page, Message message, string? id = null)
    {
        if (_performer is { } companion)
        {
            companion.Deliver(message);
            return;
        }

        page.Send(Frame.Text(new ErrorMessage
        {
            Code = ErrorCode.NobodyAnswers,
            Message = $"no companion answers on the channel {channel.Name}",
            Hint = "Start kotodama without --llm off, or connect a companion.",
            Id = id,
        }));
    }

    /// <summary>A page's microphone is on or off.</summary>
    public void NoteMicrophone(MicMessage microphone)
    {
        if (microphone.State == MicState.On)
            _microphones[microphone.Page!] = microphone;
        else
            _microphones.Remove(microphone.Page!);
        _performer?.Deliver(microphone);
    }

    /// <summary>A page is gone, and its microphone with it.</summary>
    public void Mute(Viewer page)
    {
        if (_microphones.Remove(page.Session))
            _performer?.Deliver(new MicMessage { Channel = channel.Name, State = MicState.Off, Page = page.Session });
    }
}
