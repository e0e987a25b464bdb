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

/// <summary>
/// The conversation of one channel: carries out the commands of its <see cref="ConversationMachine"/>. Used by the companion's loop only.
/// </summary>
internal sealed partial class ChannelTalk : IAsyncDisposable
{
    /// <summary>So long the end waits for a store.</summary>
    private static readonly TimeSpan StoreWithin = TimeSpan.FromSeconds(2);

    private readonly string _channel;
    private readonly IPeer _hub;
    private readonly CompanionParts _parts;
    private readonly ChannelWriter<CompanionEvent> _events;
    private readonly ConversationOptions _options;
    private readonly ConversationMachine _machine;
    private readonly ChannelConversation _memory;
    private readonly ExchangeTelemetry _telemetry;
    private readonly Dictionary<long, Listening> _listenings = [];
    private readonly PageInput _input;
    private readonly UserLocale _locale;
    private readonly SignedMessages _signed = new();
    private readonly PageQuestions _questions;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _token;
    private readonly long _began;
    private AnswerRun? _run;
    private Character _character;
    private ITimer? _timer;
    private Task _background = Task.CompletedTask;
    private (Task Background, Task Written) _settling;
    private bool _isIntroduced;
    private bool _hasGreeted;
    private bool _isChosen;
    private int _pages;

    /// <param name="channel">The channel.</param>
    /// <param name="hub">The hub's end.</param>
    /// <param name="parts">What the companion is made of.</param>
    /// <param name="events">Gets what happens beside the companion's loop.</param>
    /// <param name="exchanges">The number of the latest exchange before, which pages may still know.</param>
    public ChannelTalk(string channel, IPeer hub, CompanionParts parts, ChannelWriter<CompanionEvent> events, long exchanges)
    {
        (_channel, _hub, _parts, _events) = (channel, hub, parts, events);
        _token = _ended.Token;
        _options = parts.Conversation.Copy();
        _began = parts.Time.GetTimestamp();
        _telemetry = new ExchangeTelemetry(channel);
        _machine = new ConversationMachine(_options, () => _signed.NewReply(_machine!.Exchanges), exchanges);
        var characters = parts.Characters.Read();
        _character = characters.Find(parts.Character) ?? characters.Default;
        _memory = new ChannelConversation(channel, parts.Store, _character.Id, parts.Logger);
        _locale = new UserLocale(parts.Time);
        _input = new PageInput(hears: parts.Hearing is not null);
        _questions = new PageQuestions(channel, hub, parts, events, () => _character, () => Language, () => _memory.InProgress, _token);
        ChangeTo(_character);
        Background(ReadCharacterAsync());
    }

    /// <summary>Whether there is nothing to remember but what is stored.</summary>
    public bool IsIdle => IsLeft && _background.IsCompleted && _memory.Written.IsCompleted;

    /// <summary>Whether no user is there and nothing is said any more; something may still run beside the loop.</summary>
    private bool IsLeft => _pages == 0 && _machine.IsIdle && !IsAnswering && _listenings.Count == 0;

    /// <summary>The number of the latest exchange.</summary>
    public long Exchanges => _machine.Exchanges;

    private bool IsAnswering => _run is { Ended.IsCompleted: false };

    private LlmSelector? Selector => _parts.LanguageModel.GetService(typeof(LlmSelector), null) as LlmSelector;

    private bool IsDemo => Selector is { Current.IsDemo: true };

    private TimeSpan Now => _parts.Time.GetElapsedTime(_began);

    /// <summary>Processes one event of the companion's loop.</summary>
    public async ValueTask ProcessAsync(CompanionEvent what, CancellationToken cancellationToken)
    {
        switch (what)
        {
            case CompanionEvent.InConversation(_, var happened):
                await DoAsync(happened, cancellationToken).ConfigureAwait(false);
                break;
            case CompanionEvent.CharacterFound(_, var character) when !_isChosen:
                ChangeTo(character);
                if (_isIntroduced)
                    await IntroduceAsync(cancellationToken).ConfigureAwait(false);
                break;
            case CompanionEvent.Changed(_, var character, var greet, var remembered):
                await DoAsync(new ConversationEvent.Changed(remembered), cancellationToken).ConfigureAwait(false);
                _isChosen = true;
                ChangeTo(character);
                _memory.Change();
                await IntroduceAsync(cancellationToken).ConfigureAwait(false);
                if (greet)
                    Background(GreetAsync());
                break;
            case CompanionEvent.FromHub(AskMessage ask):
                await NoteLocaleAsync(ask, cancellationToken).ConfigureAwait(false);
                Background(_questions.AnswerAsync(ask));
                if (ask.Name == AskName.Conversation)
                    GreetOnce();
                break;
            case CompanionEvent.FromHub(TouchMessage touch):
                if (PageInput.Translate(touch, _character.Touch, Language, IsDemo) is { } touched)
                    await DoAsync(touched, cancellationToken).ConfigureAwait(false);
                break;
            case CompanionEvent.FromHub(var message):
                if (message is AudienceMessage audience)
                    CountPages(audience.Pages);
                await NoteLocaleAsync(message, cancellationToken).ConfigureAwait(false);
                _signed.Note(message);
                foreach (var translated in _input.Translate(message))
                    await DoAsync(translated, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>
    /// Lets the loop look at this channel again when what runs beside the loop has ended, if that alone keeps the channel. No other event
    /// would come, and to wait for it would stop the loop for all channels.
    /// </summary>
    public void ReportWhenSettled()
    {
        var running = (_background, _memory.Written);
        if (!IsLeft || running == _settling)
            return;
        _settling = running;
        _ = ReportAsync(Task.WhenAll(running.Item1, running.Item2));

        async Task ReportAsync(Task ended)
        {
            await ended.ConfigureAwait(false);
            await Report(new ConversationEvent.Tick()).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a piece of sound to the utterance that it belongs to.</summary>
    /// <returns>Whether the utterance is one of this channel.</returns>
    public bool TryAdd(AudioMessage sound)
    {
        if (!_listenings.TryGetValue(sound.Stream, out var listening))
            return false;
        listening.Add(sound.Data);
        return true;
    }

    /// <summary>Tells the pages which character answers, and what it can do.</summary>
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
            Avatar = _character.Avatar,
            Look = _character.Look,
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends what runs, and keeps what was said.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        _run?.Cancel();
        foreach (var listening in _listenings.Values)
            listening.Discard();
        await SettleAsync().ConfigureAwait(false);
        await Task.WhenAll(_background, _run?.Ended ?? Task.CompletedTask).ConfigureAwait(false);
        _telemetry.End(_parts.Time.GetUtcNow());
        _ended.Dispose();
    }

    /// <summary>Stores what was played of the answer so far. The machine's other commands are for a hub that may be gone.</summary>
    private async Task SettleAsync()
    {
        var left = new ConversationEvent.Changed(Remembered: true);
        var now = Now;
        var commands = _machine.Process(left, now);
        _telemetry.Take(left, commands, now, _parts.Time.GetUtcNow());
        foreach (var stored in commands.OfType<ConversationCommand.StoreAssistant>())
            await DoAsync(stored, CancellationToken.None).ConfigureAwait(false);
        try
        {
            await _memory.Written.WaitAsync(StoreWithin, _parts.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogUnwritten(_parts.Logger, _channel, StoreWithin.TotalSeconds);
        }
    }

    private void CountPages(int pages)
    {
        _pages = pages;
        if (pages > 0)
            return;
        _input.Clear();
    }

    private string? Language => _locale.Language ?? _character.Language;

    /// <summary>A page may use another language. Names may be others in it.</summary>
    private async ValueTask NoteLocaleAsync(Message message, CancellationToken cancellationToken)
    {
        var name = _character.Name.Of(Language);
        if (_locale.Note(message) && _isIntroduced && _character.Name.Of(Language) != name)
            await IntroduceAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A page was opened to talk. Without a language model the character does not speak unasked: the page may be there for another program.
    /// </summary>
    private void GreetOnce()
    {
        if (_hasGreeted)
            return;
        _hasGreeted = true;
        if (_options.Greet && !IsDemo)
            Background(GreetAsync());
    }

    private async Task GreetAsync()
    {
        if (_character.GreetingAt(_locale.Hour)?.Of(Language) is not { } greeting)
            return;
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

    private void ChangeTo(Character character)
    {
        _character = character;
        _memory.Character = character.Id;
        _options.IdleAfter = character.Idle?.After ?? _parts.Conversation.IdleAfter;

        // What a tool did cannot be undone when the user goes on.
        var hasOnlyTheClock = _parts.ToolsOf(character).All(tool => tool.Name == BuiltInTools.CurrentTime);
        _options.Preemptive = _parts.Conversation.Preemptive && hasOnlyTheClock;
    }

    private async ValueTask DoAsync(ConversationEvent what, CancellationToken cancellationToken)
    {
        var now = Now;
        var commands = _machine.Process(what, now);
        _telemetry.Take(what, commands, now, _parts.Time.GetUtcNow());
        foreach (var command in commands)
            await DoAsync(command, cancellationToken).ConfigureAwait(false);
        if (what is ConversationEvent.Recognized(var heard, _, _, _) && _listenings.Remove(heard, out var done))
            done.Discard();
        if (what is ConversationEvent.RecognitionFailed(var unheard, _) && _listenings.Remove(unheard, out var failed))
            failed.Discard();
        ScheduleTick();
        if (!_isIntroduced && _pages > 0)
            await IntroduceAsync(cancellationToken).ConfigureAwait(false);
    }

    private ValueTask DoAsync(ConversationCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case ConversationCommand.Listen(var utterance):
                if (_input.TryListen(utterance, out var language))
                    Listen(utterance, language);
                return ValueTask.CompletedTask;
            case ConversationCommand.EndListening(var utterance):
                if (_listenings.TryGetValue(utterance, out var ended))
                    ended.End();
                return ValueTask.CompletedTask;
            case ConversationCommand.DropListening(var utterance):
                if (_listenings.Remove(utterance, out var dropped))
                    dropped.Discard();
                return ValueTask.CompletedTask;
            case ConversationCommand.Ask ask:
                Ask(ask);
                return ValueTask.CompletedTask;
            case ConversationCommand.CancelAsk cancel:
                _run?.Cancel();
                if (cancel.IsTooLong)
                    LogTooLong(_parts.Logger, ProtocolLimits.Default.Content);
                return ValueTask.CompletedTask;
            case ConversationCommand.OfMemory stored:
                _memory.Store(stored);
                return ValueTask.CompletedTask;
            default:
                return CommandMessages.Of(command, _channel, _character) is { } message
                    ? _hub.SendAsync(_signed.Sign(message), cancellationToken)
                    : ValueTask.CompletedTask;
        }
    }

    private void Listen(long utterance, string? language)
    {
        var request = new RecognitionRequest(language, _character.Phrases);
        _listenings[utterance] = new Listening(utterance, request, _parts.Hearing!, Report, _parts.Logger, _token);
    }

    private void Ask(ConversationCommand.Ask ask)
    {
        var asked = ask with { Language = ask.Language ?? Language };
        var runBefore = _run?.Ended ?? Task.CompletedTask;
        var activityBefore = Activity.Current;
        Activity.Current = _telemetry.Asking;
        _run = new AnswerRun(asked, _character, _memory, _parts, Report, runBefore, _token);
        Activity.Current = activityBefore;
    }

    /// <summary>Something that runs beside the loop tells it.</summary>
    private async ValueTask Report(ConversationEvent what)
    {
        try
        {
            await _events.WriteAsync(new CompanionEvent.InConversation(_channel, what), _token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The conversation ends.
        }
    }

    /// <summary>Something runs until the conversation ends. It handles its own failures.</summary>
    private void Background(Task task) => _background = _background.IsCompleted ? task : Task.WhenAll(_background, task);

    private void ScheduleTick()
    {
        _timer?.Dispose();
        _timer = null;
        if (_machine.Deadline is not { } deadline)
            return;

        // The clock is read once: between two reads the deadline may pass, and a timer that is due 1 ms ago never fires.
        var due = deadline - Now;
        if (due < TimeSpan.Zero)
            due = TimeSpan.Zero;
        _timer = _parts.Time.CreateTimer(_ => _ = Report(new ConversationEvent.Tick()).AsTask(), null, due, Timeout.InfiniteTimeSpan);
    }

    private async Task ReadCharacterAsync()
    {
        try
        {
            if (await _parts.Store.CurrentAsync(_channel, null, _token).ConfigureAwait(false) is not { } current)
                return;
            if (_parts.Characters.Read().Find(current.Character) is { } character)
                await _events.WriteAsync(new CompanionEvent.CharacterFound(_channel, character), _token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any store may be plugged in, and a conversation outlives its failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (e is not (OperationCanceledException or ChannelClosedException))
                LogBeginsAnew(_parts.Logger, _channel, e is ConversationException ? e.Message : e.GetType().Name);
        }
    }

    [LoggerMessage(301, LogLevel.Warning, "The conversation of the channel {Channel} begins anew: {Reason}.")]
    private static partial void LogBeginsAnew(ILogger logger, PlainText channel, PlainText reason);

    [LoggerMessage(
        308,
        LogLevel.Warning,
        "An answer of the language model was cut after {Limit} characters, which is all that a reply may have.")]
    private static partial void LogTooLong(ILogger logger, int limit);

    [LoggerMessage(
        307,
        LogLevel.Warning,
        "The last words on the channel {Channel} may not be stored: the store did not end within {Seconds} s.")]
    private static partial void LogUnwritten(ILogger logger, PlainText channel, double seconds);
}
