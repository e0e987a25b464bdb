using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <content>People talk with a companion. See section 11 of the protocol.</content>
internal sealed partial class HubCore
{
    /// <summary>What is said into a microphone at once: a minute.</summary>
    private const int MostSpoken = 60 * VadMessage.Rate * 2;

    private const int MostUtterances = 4;

    /// <summary>In the order they came; the last one that serves a channel answers there.</summary>
    private readonly List<IPerformer> _companions = [];
    private readonly Dictionary<(Viewer Page, uint Utterance), Hearing> _hearings = [];
    private uint _nextUtterance;

    private void AddCompanion(IPerformer companion)
    {
        _companions.Add(companion);
        foreach (var channel in Channels.Values)
            AppointCompanion(channel);
    }

    private void RemoveCompanion(IPerformer companion)
    {
        _companions.Remove(companion);
        foreach (var channel in Channels.Values)
            AppointCompanion(channel);
    }

    /// <summary>Finds out who answers on a channel, and tells everybody when that has changed.</summary>
    private void AppointCompanion(Channel channel)
    {
        var companion = _companions.FindLast(c => c.Serves(channel.Name));
        if (companion == channel.Companion)
            return;
        foreach (var key in _hearings.Where(h => h.Value.Channel == channel).Select(h => h.Key).ToArray())
            _hearings.Remove(key);
        channel.Companion?.Hear(new AudienceMessage { Channel = channel.Name, Pages = 0, Speaker = false });
        channel.Companion = companion;
        channel.CompanionCard = companion is null ? null : new CompanionMessage { Channel = channel.Name, On = true };
        channel.Talk = null;
        Broadcast(channel, channel.CompanionCard ?? new CompanionMessage { Channel = channel.Name, On = false });
        channel.People = companion is null ? null : AudienceOf(channel);
        if (channel.People is { } people)
            companion!.Hear(people);
        foreach (var mic in channel.Microphones)
            companion?.Hear(mic);
    }

    private static void GreetForTalk(Subscription subscription)
    {
        var (viewer, channel) = (subscription.Viewer, subscription.Channel);
        if (!viewer.FollowsSpeech || channel.CompanionCard is not { } card)
            return;
        viewer.Send(Frame.Text(card));
        if (channel.Talk is { } talk)
            viewer.Send(Frame.Text(talk));
    }

    /// <summary>A page says something to the companion.</summary>
    private void Say(Viewer page, Message message)
    {
        switch (message)
        {
            case AudioMessage sound:
                Hear(page, sound);
                break;
            case UserTextMessage text when Find(page, text.Channel) is { } channel:
                Pass(page, channel, text with { Channel = channel.Name, Page = page.Session });
                break;
            case CancelMessage cancel when Find(page, cancel.Channel) is { } channel:
                Pass(page, channel, cancel with { Channel = channel.Name, Page = page.Session });
                break;
            case AskMessage ask when Find(page, ask.Channel) is { } channel:
                Pass(page, channel, ask with { Channel = channel.Name, Page = page.Session }, ask.Id);
                break;
            case MicMessage mic when Find(page, mic.Channel) is { } channel:
                channel.Microphones.RemoveAll(m => m.Page == page.Session);
                mic = mic with { Channel = channel.Name, Page = page.Session };
                if (mic.State == MicState.On)
                    channel.Microphones.Add(mic);
                else
                    EndHearings(page, channel);
                channel.Companion?.Hear(mic);
                break;
            case VadMessage vad when Find(page, vad.Channel) is { } channel:
                Hear(page, channel, vad);
                break;
        }
    }

    private static Channel? Find(Viewer page, string? channel) =>
        (channel is null ? page.Subscriptions.FirstOrDefault() : page.Subscriptions.Find(s => s.Channel.Name == channel))?.Channel;

    private static void Pass(Viewer page, Channel channel, Message message, string? id = null)
    {
        if (channel.Companion is { } companion)
            companion.Hear(message);
        else
            page.Send(Frame.Text(new ErrorMessage { Code = ErrorCode.NobodyAnswers, Message = $"nobody answers on the channel {channel.Name}", Hint = "Start kotodama without --llm off, or connect a companion.", Id = id }));
    }

    private void Hear(Viewer page, Channel channel, VadMessage vad)
    {
        var key = (page, (uint)vad.Utterance);
        if (!_hearings.TryGetValue(key, out var hearing))
        {
            if (vad.Event is not VadEvent.Start || channel.Companion is null)
                return;
            if (_hearings.Keys.Count(k => k.Page == page) >= MostUtterances)
            {
                page.Send(Frame.Text(new ErrorMessage { Code = ErrorCode.NotAllowed, Message = $"a page may say {MostUtterances} utterances at once", Hint = "End one with vad end or misfire." }));
                return;
            }

            _hearings[key] = hearing = new Hearing(channel, _nextUtterance++);
        }

        channel.Companion?.Hear(vad with { Channel = channel.Name, Utterance = hearing.Number, Page = page.Session });
        if (vad.Event is VadEvent.End or VadEvent.Misfire)
            _hearings.Remove(key);
    }

    private void Hear(Viewer page, AudioMessage sound)
    {
        if (sound.Kind != AudioKind.Microphone || !_hearings.TryGetValue((page, sound.Turn), out var hearing))
            return;
        hearing.Bytes += sound.Data.Length;
        if (hearing.Bytes <= MostSpoken)
            hearing.Channel.Companion?.Hear(sound with { Turn = hearing.Number });
        else if (hearing.Bytes - sound.Data.Length <= MostSpoken)
            page.Send(Frame.Text(new ErrorMessage { Code = ErrorCode.TooBig, Message = $"an utterance may have {MostSpoken / VadMessage.Rate / 2} seconds; the rest is not heard", Hint = "Make a pause." }));
    }

    /// <summary>What a page that is gone was saying is over.</summary>
    private void EndHearings(Viewer page, Channel channel)
    {
        foreach (var (key, hearing) in _hearings.Where(h => h.Key.Page == page && h.Value.Channel == channel).ToArray())
        {
            channel.Companion?.Hear(new VadMessage { Channel = channel.Name, Utterance = hearing.Number, Event = VadEvent.Misfire, Page = page.Session });
            _hearings.Remove(key);
        }
    }

    private void Mute(Viewer page, Channel channel)
    {
        EndHearings(page, channel);
        if (channel.Microphones.RemoveAll(m => m.Page == page.Session) > 0)
            channel.Companion?.Hear(new MicMessage { Channel = channel.Name, State = MicState.Off, Page = page.Session });
    }

    /// <summary>A companion says what it is doing, or answers a page.</summary>
    private void Perform(IPerformer companion, Message message)
    {
        switch (message)
        {
            case CompanionMessage card when Answered(card.Channel) is { } channel:
                channel.CompanionCard = card with { On = true };
                Broadcast(channel, channel.CompanionCard);
                break;
            case TurnMessage turn when Answered(turn.Channel) is { } channel:
                channel.Talk = turn;
                Broadcast(channel, turn);
                break;
            case TranscriptMessage transcript when Answered(transcript.Channel) is { } channel:
                Broadcast(channel, transcript);
                break;
            case DuckMessage duck when Answered(duck.Channel) is { } channel:
                Broadcast(channel, duck);
                break;
            case MetricsMessage metrics when Answered(metrics.Channel) is { } channel:
                Broadcast(channel, metrics);
                break;
            case AnswerMessage answer:
                Channels.Values.Where(c => c.Companion == companion).SelectMany(c => c.Subscriptions).FirstOrDefault(s => s.Viewer.Session == answer.Page)?.Viewer.Send(Frame.Text(answer));
                break;
        }

        Channel? Answered(string name) => Channels.TryGetValue(name, out var channel) && channel.Companion == companion ? channel : null;
    }

    /// <summary>Something that a page says into its microphone.</summary>
    private sealed class Hearing(Channel channel, uint number)
    {
        public Channel Channel { get; } = channel;

        /// <summary>Its number for the companion.</summary>
        public uint Number { get; } = number;

        public long Bytes { get; set; }
    }
}
