using Kotodama.Companion.Memory;

namespace Kotodama.Companion.Conversations;

/// <summary>
/// What the user says: the utterances that are under way, and the words that were recognized and not asked yet.
/// <code>
/// (nothing) -> perhaps -> speaking -> recognizing -> said, until the endpoint -> (asked)
///                 '--------- discarded: it was nothing, or an echo ---------'
/// </code>
/// </summary>
/// <param name="context">What the parts of the conversation share.</param>
internal sealed class Ear(ConversationContext context)
{
    /// <summary>No user speaks longer without a pause; a page that never tells the end is not waited for.</summary>
    private static readonly TimeSpan LongestUtterance = TimeSpan.FromSeconds(90);

    private readonly List<Utterance> _utterances = [];
    private TimeSpan? _recognizedAt;

    /// <summary>What the user said and the companion has not asked yet.</summary>
    public string Said { get; private set; } = "";

    /// <summary>The language of <see cref="Said"/>; null: unknown.</summary>
    public string? Language { get; private set; }

    /// <summary>How the user sounded; null: unknown.</summary>
    public string? Emotion { get; private set; }

    /// <summary>When the user began to pause.</summary>
    public TimeSpan PausedAt { get; private set; }

    /// <summary>When <see cref="Said"/> counts as complete; null: not while the user speaks.</summary>
    public TimeSpan? Endpoint { get; private set; }

    public bool IsQuiet => !HasUtterances && Said.Length == 0;

    public bool HasUtterances => _utterances.Count > 0;

    public bool IsSpeaking => _utterances.Exists(u => u.State == UtteranceState.Speaking);

    public bool IsRecognizing => _utterances.Exists(u => u.State == UtteranceState.Recognizing);

    /// <summary>Whether one of the utterances is certainly speech.</summary>
    public bool IsConfirmed => _utterances.Exists(u => u.State != UtteranceState.Perhaps);

    public Utterance? Find(long number) => _utterances.Find(u => u.Number == number);

    public void Begin(Utterance utterance)
    {
        _utterances.Add(utterance);
        context.Do(new ConversationCommand.Listen(utterance.Number));
        Endpoint = null;
    }

    public void End(Utterance utterance)
    {
        (utterance.State, utterance.EndedAt) = (UtteranceState.Recognizing, context.Now);
        PausedAt = context.Now;
        context.Do(new ConversationCommand.EndListening(utterance.Number));
    }

    public void Remove(Utterance utterance) => _utterances.Remove(utterance);

    /// <summary>Adds words to what the user said.</summary>
    public void Add(string text, string? language, string? emotion)
    {
        Said = Utterances.Join(Said, text);
        (Language, Emotion) = (language ?? Language, emotion ?? Emotion);
    }

    /// <summary>Notes when the latest text was recognized.</summary>
    public void Recognized() => _recognizedAt = context.Now;

    /// <summary>When the text of the question was recognized; null: it was typed. It counts for one question.</summary>
    public TimeSpan? TakeRecognizedAt()
    {
        var at = _recognizedAt;
        _recognizedAt = null;
        return at;
    }

    /// <summary>What the user said is complete now: it was typed.</summary>
    public void CompleteNow() => (PausedAt, Endpoint) = (context.Now, context.Now);

    /// <summary>What the user said is complete after a pause, or at once when a button was held.</summary>
    public void CompleteAfter(TimeSpan pause, bool pressed)
    {
        var latest = PausedAt + context.Options.LongestEndpoint;
        var end = pressed ? context.Now : PausedAt + pause;
        Endpoint = end < latest ? end : latest;
    }

    /// <summary>What was said has been asked.</summary>
    public void Clear() => (Said, Language, Emotion, Endpoint) = ("", null, null, null);

    /// <summary>Discards all that is said and was not asked.</summary>
    public void DiscardAll()
    {
        foreach (var utterance in _utterances)
            context.Do(new ConversationCommand.DropListening(utterance.Number));
        if (Said.Length > 0 || _utterances.Exists(u => u.Partial is not null))
            context.Do(new ConversationCommand.ShowTranscript(context.Exchange, "", Final: true));
        if (Said.Length > 0 || IsConfirmed)
            context.EndExchange(null, ExchangeOutcome.Cancelled);
        _utterances.Clear();
        Clear();
    }

    /// <summary>The utterances whose time is up.</summary>
    public IReadOnlyList<Utterance> Overdue() => [.. _utterances.Where(u => context.Now >= Limit(u))];

    /// <summary>When an utterance is overdue next.</summary>
    public IEnumerable<TimeSpan?> Moments()
    {
        foreach (var utterance in _utterances)
            yield return Limit(utterance);
    }

    private TimeSpan Limit(Utterance utterance) =>
        utterance.EndedAt + context.Options.RecognizeWithin ?? utterance.BeganAt + LongestUtterance;
}
