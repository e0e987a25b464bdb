using System.Diagnostics;
using System.Threading.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <summary>The conversation of one channel: does what its <see cref="ConversationMachine"/> wants. Used by the companion's loop only.</summary>
internal sealed partial class ChannelTalk : IAsyncDisposable
{
    /// <summary>How long the character's face shows how the person sounds.</summary>
    private static readonly TimeSpan MirrorTime = TimeSpan.FromSeconds(3);

    private readonly string _channel;
    private readonly IPeer _hub;
    private readonly CompanionParts _parts;
    private readonly ChannelWriter<CompanionEvent> _events;
    private readonly ConversationOptions _options;
    private readonly ConversationMachine _machine;
    private readonly ConversationMemory _memory;
    private readonly ExchangeTelemetry _telemetry;
    private readonly Dictionary<long, Listening> _listenings = [];
    private readonly Dictionary<string, bool> _pressing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _languages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _browsers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _speakers = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _token;
    private readonly long _began;
    private AnswerRun? _run;
    private Character _character;
    private ITimer? _timer;
    private Task _background = Task.CompletedTask;
    private string? _language;
    private bool _isIntroduced;
    private bool _hasMet;
    private bool _isChosen;
    private long _browserUtterance = -1;
    private int _pages;

    /// <param name="channel">The channel.</param>
    /// <param name="hub">The hub's end.</param>
    /// <param name="parts">What the companion is made of.</param>
    /// <param name="events">Gets what happens beside the companion's loop.</param>
    /// <param name="turns">The number of the last turn before, which pages may still know.</param>
    public ChannelTalk(string channel, IPeer hub, CompanionParts parts, ChannelWriter<CompanionEvent> events, long turns)
    {
        (_channel, _hub, _parts, _events) = (channel, hub, parts, events);
        _token = _ended.Token;
        _options = parts.Conversation.Copy();
        _began = parts.Time.GetTimestamp();
        _telemetry = new ExchangeTelemetry(channel);
        _machine = new ConversationMachine(_options, () => Guid.NewGuid().ToString("N"), turns);
        var characters = parts.Characters.Read();
        _character = characters.Find(parts.Character) ?? characters.Default;
        _memory = new ConversationMemory(channel, parts.Store, _character.Id, parts.Logger);
        Become(_character);
        Background(ReadCharacterAsync());
    }

    /// <summary>Whether there is nothing to remember but what is stored.</summary>
    public bool IsIdle => _pages == 0 && _machine.IsIdle && (_run is null or { Ended.IsCompleted: true }) && _listenings.Count == 0 && _background.IsCompleted;

    /// <summary>The number of the last turn.</summary>
    public long Turns => _machine.Turns;

    private LlmSelector? Selector => _parts.Mind.GetService(typeof(LlmSelector), null) as LlmSelector;

    private TimeSpan Now => _parts.Time.GetElapsedTime(_began);

    public async ValueTask TakeAsync(CompanionEvent what, CancellationToken cancellationToken)
    {
        switch (what)
        {
            case CompanionEvent.Happened(_, var happened):
                await DoAsync(happened, cancellationToken).ConfigureAwait(false);
                break;
            case CompanionEvent.Known(_, var character) when !_isChosen:
                Become(character);
                if (_isIntroduced)
                    await IntroduceAsync(cancellationToken).ConfigureAwait(false);
                break;
            case CompanionEvent.Settled(_, var character, var greet, var kept):
                await DoAsync(new ConversationEvent.Changed(kept), cancellationToken).ConfigureAwait(false);
                _isChosen = true;
                Become(character);
                _memory.Change();
                await IntroduceAsync(cancellationToken).ConfigureAwait(false);
                if (greet && character.Greeting is { } greeting)
                    Background(GreetAsync(greeting.Of(Language)));
                break;
            case CompanionEvent.Heard(AskMessage ask):
                await LearnAsync(ask.Lang, cancellationToken).ConfigureAwait(false);
                Background(ReplyAsync(ask));
                if (ask.Name == AskName.Conversation)
                    Meet();
                break;
            case CompanionEvent.Heard(var message):
                if (message is AudienceMessage audience)
                    Count(audience.Pages);
                await LearnAsync((message as UserTextMessage)?.Lang ?? (message as MicMessage)?.Lang, cancellationToken).ConfigureAwait(false);
                foreach (var translated in Translate(message))
                    await DoAsync(translated, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>A piece of what somebody says.</summary>
    /// <returns>Whether it is said here.</returns>
    public bool Take(AudioMessage sound)
    {
        if (!_listenings.TryGetValue(sound.Stream, out var listening))
            return false;
        listening.Add(sound.Data);
        return true;
    }

    /// <summary>Tells the pages who answers.</summary>
    public async ValueTask IntroduceAsync(CancellationToken cancellationToken)
    {
        _isIntroduced = true;
        var mind = Selector?.Current;
        await _hub.SendAsync(new CompanionMessage
        {
            Channel = _channel,
            On = true,
            Name = _character.Name.Of(Language),
            Character = _character.Id,
            Model = mind?.Model,
            Demo = mind?.IsDemo ?? false,
            Hears = _parts.Hearing is not null,
            BargeIn = _options.BargeIn ? null : false,
        }, cancellationToken).ConfigureAwait(false);
    }

    private void Count(int pages)
    {
        _pages = pages;
        if (pages > 0)
            return;
        _languages.Clear();
        _pressing.Clear();
        _speakers.Clear();
    }

    /// <summary>The language of whoever wrote, spoke or asked last.</summary>
    private string? Language => _language ?? _character.Language;

    /// <summary>Somebody uses this language. Names may be others in it.</summary>
    private async ValueTask LearnAsync(string? language, CancellationToken cancellationToken)
    {
        if (language is null || language == _language)
            return;
        var name = _character.Name.Of(Language);
        _language = language;
        if (_isIntroduced && _character.Name.Of(Language) != name)
            await IntroduceAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Somebody opened a page to talk. Whoever has no language model does not speak unasked: the page may be there for another program.</summary>
    private void Meet()
    {
        if (_hasMet)
            return;
        _hasMet = true;
        if (_options.Greet && Selector is not { Current.IsDemo: true } && _character.Greeting is { } greeting)
            Background(GreetAsync(greeting.Of(Language)));
    }

    private async Task GreetAsync(string greeting)
    {
        try
        {
            if ((await _memory.ReadAsync(1, _token).ConfigureAwait(false)).Count == 0)
                await Report(new ConversationEvent.Greeted(greeting)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The conversation ends.
        }
    }

    private void Become(Character character)
    {
        _character = character;
        _memory.Character = character.Id;
        _options.IdleAfter = character.Idle?.After ?? _parts.Conversation.IdleAfter;

        // What a tool did cannot be thrown away when the person goes on.
        _options.Preemptive = _parts.Conversation.Preemptive && _parts.ToolsOf(character).All(tool => tool.Name == BuiltInTools.CurrentTime);
    }

    private IEnumerable<ConversationEvent> Translate(Message message) => message switch
    {
        UserTextMessage { Spoken: true } text => Translate(text, text.Page ?? ""),
        UserTextMessage text => [new ConversationEvent.Typed(text.Content, text.Lang)],
        MicMessage mic => Translate(mic, mic.Page ?? ""),
        VadMessage vad => [Translate(vad, vad.Page ?? "")],
        CancelMessage => [new ConversationEvent.Cancelled()],
        AudienceMessage audience => [new ConversationEvent.Audience(audience.Pages, audience.Speaker)],
        SpeechStartMessage start => [new ConversationEvent.SpeechBegan(start.Reply, start.Engine is { } ms ? TimeSpan.FromMilliseconds(ms) : null)],
        PlaybackMessage { Reply: { } reply } playback => Translate(playback, reply),
        ReceiptMessage { Final: true } receipt => [new ConversationEvent.SpeechOver(receipt.Id, receipt is { Status: ReceiptStatus.Stopped, Heard: not null })],
        _ => [],
    };

    private static IEnumerable<ConversationEvent> Translate(PlaybackMessage playback, string reply)
    {
        yield return new ConversationEvent.Heard(reply, playback.Chars ?? 0);
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
        if (_parts.Hearing is null)
            return new ConversationEvent.RecognitionMissing();
        _speakers[vad.Utterance] = page;
        return new ConversationEvent.SpeechStarted(vad.Utterance, _pressing.GetValueOrDefault(page));
    }

    /// <summary>A browser that recognises speech by itself sends text, one utterance after the other.</summary>
    private IEnumerable<ConversationEvent> Translate(UserTextMessage text, string page)
    {
        if (!_browsers.TryGetValue(page, out var utterance))
        {
            _browsers[page] = utterance = _browserUtterance--;
            yield return new ConversationEvent.SpeechStarted(utterance, _pressing.GetValueOrDefault(page), Late: true);
        }

        if (text.Final)
            _browsers.Remove(page);
        yield return text.Final ? new ConversationEvent.Recognised(utterance, text.Content, text.Lang, null) : new ConversationEvent.Partial(utterance, text.Content);
    }

    private async ValueTask DoAsync(ConversationEvent what, CancellationToken cancellationToken)
    {
        var now = Now;
        var commands = _machine.Take(what, now);
        _telemetry.Take(what, commands, now, _parts.Time.GetUtcNow());
        foreach (var command in commands)
            await DoAsync(command, cancellationToken).ConfigureAwait(false);
        if (what is ConversationEvent.Recognised(var heard, _, _, _) && _listenings.Remove(heard, out var done))
            done.Drop();
        if (what is ConversationEvent.RecognitionFailed(var unheard, _) && _listenings.Remove(unheard, out var failed))
            failed.Drop();
        Arm();
        if (!_isIntroduced && _pages > 0)
            await IntroduceAsync(cancellationToken).ConfigureAwait(false);
    }

    private ValueTask DoAsync(ConversationCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case ConversationCommand.Listen(var utterance):
                if (_speakers.Remove(utterance, out var page))
                    _listenings[utterance] = new Listening(utterance, new RecognitionRequest(_languages.GetValueOrDefault(page), _character.Phrases), _parts.Hearing!, Report, _parts.Logger, _token);
                return ValueTask.CompletedTask;
            case ConversationCommand.EndListening(var utterance):
                if (_listenings.TryGetValue(utterance, out var ended))
                    ended.End();
                return ValueTask.CompletedTask;
            case ConversationCommand.DropListening(var utterance):
                if (_listenings.Remove(utterance, out var dropped))
                    dropped.Drop();
                return ValueTask.CompletedTask;
            case ConversationCommand.Ask ask:
                Ask(ask);
                return ValueTask.CompletedTask;
            case ConversationCommand.CancelAsk cancel:
                _run?.Cancel();
                if (cancel.IsTooLong)
                    LogTooLong(_parts.Logger, ProtocolLimits.Default.Content);
                return ValueTask.CompletedTask;
            case ConversationCommand.StoreUser(_, var text, var language):
                _memory.Append(new Said(ConversationRole.User, text) { Language = language });
                return ValueTask.CompletedTask;
            case ConversationCommand.StoreAssistant(_, var text, var interrupted):
                _memory.Append(new Said(ConversationRole.Assistant, text) { Interrupted = interrupted });
                return ValueTask.CompletedTask;
            default:
                return Message(command) is { } message ? _hub.SendAsync(message, cancellationToken) : ValueTask.CompletedTask;
        }
    }

    private void Ask(ConversationCommand.Ask ask)
    {
        var before = Activity.Current;
        Activity.Current = _telemetry.Asking;
        _run = new AnswerRun(ask with { Language = ask.Language ?? Language }, _character, _memory, _parts, Report, _run?.Ended ?? Task.CompletedTask, _token);
        Activity.Current = before;
    }

    private Message? Message(ConversationCommand command)
    {
        switch (command)
        {
            case ConversationCommand.Say(var reply, var part, var text, var emotion):
                return new LlmDeltaMessage { Id = reply, Channel = _channel, Part = part, Content = text, Emotion = emotion, Voice = part == 0 ? _character.Voice : null, Receipt = ReceiptLevel.None };
            case ConversationCommand.Close(var reply, var text, var emotions):
                return new LlmResponseMessage { Id = reply, Channel = _channel, Content = text, Emotions = emotions.Count > 0 ? emotions : null, Voice = _character.Voice, Receipt = ReceiptLevel.Spoken };
            case ConversationCommand.StopSpeech:
                return new StopMessage { Channel = _channel, What = StopTarget.Speech, Receipt = ReceiptLevel.None };
            case ConversationCommand.Duck(var gain):
                return new DuckMessage { Channel = _channel, Gain = gain };
            case ConversationCommand.Show(var turn, var state, var reason, var tool):
                return new TurnMessage { Channel = _channel, Turn = turn, State = state, Reason = reason, Tool = tool };
            case ConversationCommand.ShowTranscript(var turn, var text, var final):
                return new TranscriptMessage { Channel = _channel, Turn = turn, Content = text, Final = final };
            case ConversationCommand.ShowMarks(var turn, var marks):
                return new MetricsMessage { Channel = _channel, Turn = turn, Marks = marks };
            case ConversationCommand.Mirror(var emotion):
                return new ExpressionMessage { Channel = _channel, Name = emotion, Duration = MirrorTime.TotalMilliseconds, Ttl = 0, Receipt = ReceiptLevel.None };
            default:
                return null;
        }
    }

    /// <summary>Something that runs beside the loop tells it.</summary>
    private async ValueTask Report(ConversationEvent what)
    {
        try
        {
            await _events.WriteAsync(new CompanionEvent.Happened(_channel, what), _token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The conversation ends.
        }
    }

    /// <summary>Something runs until the conversation ends. It handles its own failures.</summary>
    private void Background(Task task) => _background = _background.IsCompleted ? task : Task.WhenAll(_background, task);

    private void Arm()
    {
        _timer?.Dispose();
        _timer = null;
        if (_machine.Deadline is { } deadline)
            _timer = _parts.Time.CreateTimer(_ => _ = Report(new ConversationEvent.Tick()).AsTask(), null, deadline > Now ? deadline - Now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task ReadCharacterAsync()
    {
        try
        {
            if (await _parts.Store.CurrentAsync(_channel, null, _token).ConfigureAwait(false) is { } current && _parts.Characters.Read().Find(current.Character) is { } character)
                await _events.WriteAsync(new CompanionEvent.Known(_channel, character), _token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any store may be plugged in, and a conversation outlives its failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (e is not (OperationCanceledException or ChannelClosedException))
                LogForgetful(_parts.Logger, _channel, e is ConversationException ? e.Message : e.GetType().Name);
        }
    }

    [LoggerMessage(301, LogLevel.Warning, "The conversation of the channel {Channel} begins anew: {Reason}.")]
    private static partial void LogForgetful(ILogger logger, string channel, string reason);

    [LoggerMessage(308, LogLevel.Warning, "An answer of the language model was cut after {Limit} characters, which is all that a reply may have.")]
    private static partial void LogTooLong(ILogger logger, int limit);
}
