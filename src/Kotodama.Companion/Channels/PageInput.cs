using Kotodama.Companion.Characters;
using Kotodama.Companion.Conversations;
using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>Turns what pages send into events of the conversation, and knows how each page's microphone is used.</summary>
/// <param name="hears">Whether the companion has a recognizer.</param>
internal sealed class PageInput(bool hears)
{
    private readonly Dictionary<string, bool> _pressing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _languages = new(StringComparer.Ordinal);

    /// <summary>
    /// The utterance that a page's own recognizer is hearing; such utterances count downwards from -1, those of the hub upwards.
    /// </summary>
    private readonly Dictionary<string, long> _browsers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _pagesOfUtterances = [];
    private long _nextOfBrowsers = -1;

    /// <summary>All pages have gone.</summary>
    public void Clear()
    {
        _languages.Clear();
        _pressing.Clear();
        _pagesOfUtterances.Clear();
    }

    /// <summary>Whether an utterance comes as sound, so that it has to be recognized here. Answers once for each.</summary>
    /// <param name="utterance">Its number.</param>
    /// <param name="language">The language of its page; null: unknown.</param>
    public bool TryListen(long utterance, out string? language)
    {
        language = null;
        if (!_pagesOfUtterances.Remove(utterance, out var page))
            return false;
        language = _languages.GetValueOrDefault(page);
        return true;
    }

    /// <summary>What a message of the hub means for the conversation.</summary>
    public IEnumerable<ConversationEvent> Translate(Message message) => message switch
    {
        UserTextMessage { Spoken: true } text => Translate(text, text.Page ?? ""),
        UserTextMessage text => [new ConversationEvent.Typed(text.Content, text.Lang)],
        MicMessage mic => Translate(mic, mic.Page ?? ""),
        VadMessage vad => [Translate(vad, vad.Page ?? "")],
        CancelMessage => [new ConversationEvent.Cancelled()],
        AudienceMessage audience => [new ConversationEvent.Audience(audience.Pages, audience.Speaker)],
        SpeechStartMessage start =>
            [new ConversationEvent.SpeechBegan(start.Reply, start.Engine is { } ms ? TimeSpan.FromMilliseconds(ms) : null)],
        PlaybackMessage { Reply: { } reply } playback => Translate(playback, reply),
        ReceiptMessage { Final: true } receipt =>
            [new ConversationEvent.SpeechOver(receipt.Id, receipt is { Status: ReceiptStatus.Stopped, Heard: not null })],
        _ => [],
    };

    /// <summary>What a touch means for the conversation; null: nothing.</summary>
    /// <param name="touch">The touch.</param>
    /// <param name="answers">What the character says to touches; null: nothing.</param>
    /// <param name="language">The user's language; null: unknown.</param>
    /// <param name="isDemo">Whether no language model is there that could make something of a prompt.</param>
    public static ConversationEvent.Touched? Translate(TouchMessage touch, CharacterTouch? answers, string? language, bool isDemo) =>
        answers?.Find(touch.Area) is { } answer && (answer.Say is not null || !isDemo)
            ? new ConversationEvent.Touched(answer.Say?.Of(language), answer.Prompt?.Of(language), answers.Pause)
            : null;

    private static IEnumerable<ConversationEvent> Translate(PlaybackMessage playback, string reply)
    {
        yield return new ConversationEvent.Played(reply, playback.Chars ?? 0);
        if (playback.Event is PlaybackEvent.Done or PlaybackEvent.Stopped)
            yield return new ConversationEvent.SpeechOver(reply, playback.Event == PlaybackEvent.Stopped);
    }

    private IEnumerable<ConversationEvent> Translate(MicMessage mic, string page)
    {
        _pressing.Remove(page);
        _languages.Remove(page);
        if (mic.State == MicState.On)
        {
            _languages[page] = mic.Lang;
            _pressing[page] = mic.Mode == MicMode.PushToTalk;
        }
        else if (_browsers.Remove(page, out var utterance))
        {
            yield return new ConversationEvent.SpeechDropped(utterance);
        }
    }

    private ConversationEvent Translate(VadMessage vad, string page)
    {
        if (vad.Event != VadEvent.Start)
            return vad.Event switch
            {
                VadEvent.Real => new ConversationEvent.SpeechConfirmed(vad.Utterance),
                VadEvent.End => new ConversationEvent.SpeechEnded(vad.Utterance),
                _ => new ConversationEvent.SpeechDropped(vad.Utterance),
            };
        if (!hears)
            return new ConversationEvent.RecognitionMissing();
        _pagesOfUtterances[vad.Utterance] = page;
        return new ConversationEvent.SpeechStarted(vad.Utterance, _pressing.GetValueOrDefault(page));
    }

    /// <summary>A browser that recognizes speech by itself sends text, one utterance after the other.</summary>
    private IEnumerable<ConversationEvent> Translate(UserTextMessage text, string page)
    {
        if (!_browsers.TryGetValue(page, out var utterance))
        {
            _browsers[page] = utterance = _nextOfBrowsers--;
            yield return new ConversationEvent.SpeechStarted(utterance, _pressing.GetValueOrDefault(page), Late: true);
        }

        if (text.Final)
            _browsers.Remove(page);
        yield return text.Final
            ? new ConversationEvent.Recognized(utterance, text.Content, text.Lang, null)
            : new ConversationEvent.Partial(utterance, text.Content);
    }
}
