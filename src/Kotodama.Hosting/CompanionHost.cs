using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging;

namespace Kotodama.Hosting;

/// <summary>
/// A companion with its parts, made from settings, for a hub of this process or elsewhere. <c>AddCompanion</c> makes one; a program that
/// connects to a hub elsewhere makes its own. Dispose it after it has run.
/// </summary>
public sealed class CompanionHost : IAsyncDisposable
{
    private readonly CompanionOptions _options;
    private readonly CharacterFolder _characters;
    private readonly IConversationStore _store;
    private readonly LlmSelector _llm;
    private readonly RecognizerChain? _hearing;
    private readonly EngineDesk _engines;
    private readonly TimeProvider _time;
    private readonly ILogger<CompanionPeer> _logger;
    private readonly TaskCompletionSource<LlmChoice> _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes it: opens the conversations and reads the characters. No server is asked yet.</summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="recognizers">The engines that recognize speech.</param>
    /// <param name="voice">The voice beside it, for a user who looks at the settings of the page; null: there is none here.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log; never gets what the user said.</param>
    /// <exception cref="ConversationException">The conversations were written by a newer version.</exception>
    public CompanionHost(
        CompanionOptions options,
        RecognizerEngines recognizers,
        SpeakingEngines? voice,
        TimeProvider time,
        ILogger<CompanionPeer> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recognizers);
        (_options, _time, _logger) = (options, time, logger);
        _store = ConversationStores.Open(options.DataFolder, time, logger);
        _characters = new CharacterFolder(options.CharactersFolder, logger);
        _characters.Read();
        var choice = options.DataFolder is { } folder ? new LlmChoiceFile(folder, logger) : null;
        _llm = new LlmSelector(choice?.Apply(options.Llm) ?? options.Llm, logger);
        _llm.Changed += (_, _) => choice?.Remember(_llm);
        _hearing = recognizers.Create(options.Hearing, Environment.GetEnvironmentVariable, time, logger);
        _engines = new EngineDesk(_llm, new HearingEngines(options.Hearing, recognizers, _hearing), voice, time);
    }

    /// <summary>The language model that answers, as soon as that is known; cancelled when the companion ends before.</summary>
    public Task<LlmChoice> Answering => _answering.Task;

    /// <summary>Answers until the hub's end is closed or <paramref name="cancellationToken"/> is cancelled. To be called once.</summary>
    /// <param name="hub">The hub's end, with the role of a companion. The caller disposes it.</param>
    /// <param name="cancellationToken">Ends it; no exception follows.</param>
    public async Task RunAsync(IPeer hub, CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var companion = new CompanionPeer(hub, new CompanionParts
        {
            LanguageModel = _llm,
            Hearing = _hearing,
            Characters = _characters,
            Character = _options.Character,
            Store = _store,
            Conversation = _options.Conversation,
            ContextTokens = _options.Llm.ContextTokens,
            Rounds = _options.Llm.Rounds,
            Engines = _engines,
            Time = _time,
            Logger = _logger,
        });
        var looking = LookAsync(ending.Token);
        try
        {
            await companion.RunAsync(cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await looking;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _answering.TrySetCanceled();
        _llm.Dispose();
        if (_hearing is not null)
            await _hearing.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _llm.RunAsync(choice => _answering.TrySetResult(choice), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The companion ends.
            _answering.TrySetCanceled(cancellationToken);
        }
    }
}
