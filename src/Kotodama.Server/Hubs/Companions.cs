using System.Collections.Concurrent;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// The companions: which of them answers on which channel, and what passes between them and the pages. See section 11 of the protocol.
/// </summary>
/// <param name="channels">The channels.</param>
internal sealed class Companions(ConcurrentDictionary<string, Channel> channels)
{
    /// <summary>In the order they came; the last one that serves a channel answers there.</summary>
    private readonly List<IPerformer> _companions = [];
    private readonly Utterances _utterances = new();
    private readonly Questions _questions = new();

    /// <summary>The viewers that follow a channel, by session: whom an answer is for.</summary>
    private readonly Dictionary<string, Viewer> _pages = new(StringComparer.Ordinal);

    public void Add(IPerformer companion)
    {
        _companions.Add(companion);
        foreach (var channel in channels.Values)
            Appoint(channel);
    }

    public void Remove(IPerformer companion)
    {
        _companions.Remove(companion);
        foreach (var channel in channels.Values)
            Appoint(channel);
    }

    /// <summary>Finds the companion of a channel.</summary>
    public void Appoint(Channel channel)
    {
        var companion = _companions.FindLast(c => c.Serves(channel.Name));
        if (companion == channel.Companion.Performer)
            return;
        _utterances.Discard(channel);
        channel.Companion.Appoint(companion);
    }

    /// <summary>A viewer follows channels, and may be answered.</summary>
    public void Know(Viewer viewer) => _pages[viewer.Session] = viewer;

    /// <summary>A viewer is gone, or follows nothing any more.</summary>
    public void Forget(Viewer viewer)
    {
        if (_pages.TryGetValue(viewer.Session, out var known) && known == viewer)
            _pages.Remove(viewer.Session);
        _questions.Forget(viewer.Session);
    }

    /// <summary>A page that left a channel says nothing there any more.</summary>
    public void Mute(Viewer page, Channel channel)
    {
        _utterances.End(page, channel);
        channel.Companion.Mute(page);
    }

    /// <summary>A page sends what its user types, says or asks. What names a channel that the page does not follow is dropped.</summary>
    public void Pass(Viewer page, Message message, long now)
    {
        switch (message)
        {
            case AudioMessage sound:
                _utterances.Add(page, sound);
                break;
            case UserTextMessage text when page.Find(text.Channel) is { } channel:
                channel.Companion.Pass(page, text with { Channel = channel.Name, Page = page.Session });
                break;
            case CancelMessage cancel when page.Find(cancel.Channel) is { } channel:
                channel.Companion.Pass(page, cancel with { Channel = channel.Name, Page = page.Session });
                break;
            case AskMessage ask when page.Find(ask.Channel) is { } channel:
                if (channel.Companion.Performer is null || _questions.TryOpen(page.Session, ask.Id, now))
                    channel.Companion.Pass(page, ask with { Channel = channel.Name, Page = page.Session }, ask.Id);
                else
                    page.Send(Frame.Text(Questions.TooMany(ask.Id)));
                break;
            case MicMessage mic when page.Find(mic.Channel) is { } channel:
                if (mic.State != MicState.On)
                    _utterances.End(page, channel);
                channel.Companion.NoteMicrophone(mic with { Channel = channel.Name, Page = page.Session });
                break;
            case VadMessage vad when page.Find(vad.Channel) is { } channel:
                _utterances.Report(page, channel, vad);
                break;
        }
    }

    /// <summary>
    /// A companion reports what it is doing, or answers a page. What it sends for a channel that another companion answers on is dropped.
    /// </summary>
    public void Answer(IPerformer companion, Message message)
    {
        switch (message)
        {
            case CompanionMessage card:
                Find(companion, card.Channel)?.Companion.Introduce(card);
                break;
            case TurnMessage exchange:
                Find(companion, exchange.Channel)?.Companion.Report(exchange);
                break;
            case TranscriptMessage transcript:
                Find(companion, transcript.Channel)?.Broadcast(transcript);
                break;
            case DuckMessage duck:
                Find(companion, duck.Channel)?.Broadcast(duck);
                break;
            case MetricsMessage metrics:
                Find(companion, metrics.Channel)?.Broadcast(metrics);
                break;
            case AnswerMessage answer:
                if (FindPage(companion, answer.Page) is not { } asker)
                    break;
                _questions.Close(asker.Session, answer.Id);
                asker.Send(Frame.Text(answer));
                break;
        }
    }

    private Channel? Find(IPerformer companion, string name) =>
        channels.TryGetValue(name, out var channel) && channel.Companion.Performer == companion ? channel : null;

    private Viewer? FindPage(IPerformer companion, string session) =>
        _pages.TryGetValue(session, out var page) && page.Subscriptions.Exists(s => s.Channel.Companion.Performer == companion)
            ? page
            : null;
}
