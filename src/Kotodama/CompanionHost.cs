using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice;
using Microsoft.Extensions.Logging;

namespace Kotodama.Cli;

/// <summary>A companion with its parts, for a hub of this process or elsewhere. Dispose it after it has run.</summary>
internal sealed class CompanionHost : IAsyncDisposable
{
    private readonly TalkSettings _settings;
    private readonly CharacterFolder _characters;
    private readonly IConversationStore _store;
    private readonly LlmChoiceFile _choice;
    private readonly LlmSelector _mind;
    private readonly ISpeechRecognizer? _hearing;
    private readonly EngineDesk _engines;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="settings">Settings that make sense.</param>
    /// <param name="voice">Who speaks, for people who look at the settings.</param>
    /// <param name="data">The folder for what is kept.</param>
    /// <param name="characters">The folder of characters.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="ConversationException">The conversations were written by a newer version.</exception>
    public CompanionHost(TalkSettings settings, VoiceOptions voice, string data, string characters, TimeProvider time, ILogger logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        _store = ConversationStores.Open(data, time, logger);
        _characters = new CharacterFolder(characters, logger);
        _characters.Read();
        _choice = new LlmChoiceFile(data, logger);
        _mind = new LlmSelector(_choice.Apply(settings.Llm), logger);
        _mind.Changed += (_, _) => _choice.Remember(_mind);
        _hearing = RecognizerChains.Create(settings.Hearing, Environment.GetEnvironmentVariable, time, logger);
        _engines = new EngineDesk(_mind, voice, settings.Hearing, time);
    }

    /// <summary>Answers until the hub's end is closed or it is cancelled.</summary>
    /// <param name="hub">The hub's end, with the role of a companion.</param>
    /// <param name="ready">Called when it is known who answers.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(IPeer hub, Action<LlmChoice>? ready, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var companion = new CompanionPeer(hub, new CompanionParts
        {
            Mind = _mind,
            Hearing = _hearing,
            Characters = _characters,
            Character = _settings.Character,
            Store = _store,
            Conversation = _settings.Conversation,
            ContextTokens = _settings.Llm.ContextTokens,
            Rounds = _settings.Llm.Rounds,
            Engines = _engines,
            Time = _time,
            Logger = _logger,
        });
        var looking = LookAsync(ready, ending.Token);
        await companion.RunAsync(cancellationToken);
        await ending.CancelAsync();
        await looking;
    }

    public async ValueTask DisposeAsync()
    {
        _mind.Dispose();
        if (_hearing is not null)
            await _hearing.DisposeAsync();
        await _engines.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task LookAsync(Action<LlmChoice>? ready, CancellationToken cancellationToken)
    {
        try
        {
            await _mind.RunAsync(ready, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The companion ends.
        }
    }
}
