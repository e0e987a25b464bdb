using Kotodama.Companion.Chat.OpenAi;
using Kotodama.Protocol;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Companion.Chat;

/// <summary>
/// Answers with the language model that the settings, or the user at run time, chose; with the built-in demo when there is none. Runs the
/// tools of the request, and asks the fallbacks when the model fails before it has said anything. Safe for threads; the owner disposes it.
/// </summary>
/// <remarks>
/// Failures are an <see cref="LlmException"/>. Reasoning comes as <see cref="TextReasoningContent"/> and must not be spoken; see also
/// <see cref="WasReasoning"/>.
/// </remarks>
public sealed partial class LlmSelector : IChatClient
{
    /// <summary>
    /// The name in <see cref="ChatResponseUpdate.AdditionalProperties"/> of an update before which all text was reasoning after all: take
    /// it back. Only the first answer can have it of a model whose prompt opens the reasoning, on a server that does not tell reasoning
    /// apart.
    /// </summary>
    public const string WasReasoning = "kotodama.was_reasoning";

    /// <summary>How often a server is looked for while the demo answers.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    private const int MostNames = 5, MostName = 100;

    private readonly LlmOptions _options;
    private readonly Func<string, string?> _environment;
    private readonly string? _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _local, _remote;
    private readonly LlmDiscovery _discovery;
    private readonly ToolLoop _answers;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private State _state;
    private IReadOnlyList<LlmServer> _found = [];
    private bool _chosen;
    private Task<IReadOnlyList<LlmServer>>? _looking;

    /// <summary>
    /// Makes one; keys that the settings do not hold come from the environment. No server is asked yet, see <see cref="RunAsync"/>.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="logger">Where choices and failures are told, never what is said, or keys. Null: nowhere.</param>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    public LlmSelector(LlmOptions options, ILogger? logger = null)
        : this(options, Environment.GetEnvironmentVariable, TimeProvider.System, logger ?? NullLogger.Instance, new LlmPorts())
    {
    }

    internal LlmSelector(LlmOptions options, Func<string, string?> environment, TimeProvider time, ILogger logger, LlmPorts ports)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        (_options, _environment, _time, _logger) = (options, environment, time, logger);
        _key = options.Key ?? environment(LlmKeys.Own);
        if (!LlmKeys.IsUsable(_key))
            throw new ArgumentException($"The variable {LlmKeys.Own} must be {LlmKeys.Rule}.", nameof(environment));
        // A server on this machine is there at once or not at all.
        _local = LlmDiscovery.CreateClient(options.Connect < LocalConnect ? options.Connect : LocalConnect, isLocal: true);
        _remote = LlmDiscovery.CreateClient(options.Connect, isLocal: false);
        _discovery = new LlmDiscovery(_local, _remote, time, ports);
        var fallbacks = options.Fallbacks.Select(f => Client(Unknown(LlmAddress.Parse(f.Server)!), f.Model, f.Key).Client).ToArray();
        _answers = new ToolLoop(new LlmRoute(ReadyAsync, fallbacks, time, logger), time, logger);
        _state = options.Address is { } address ? Asking(Unknown(address), options.Model, _key)
            : options.IsOff ? new State(new LlmChoice(LlmOptions.Off), null, Nothing) : Demo();
    }

    /// <summary>Another model answers now: see <see cref="Current"/>. Raised on the thread that chose.</summary>
    public event EventHandler? Changed;

    /// <summary>Who answers.</summary>
    public LlmChoice Current => Volatile.Read(ref _state).Choice;

    /// <summary>Whether the user chose which model answers, with <see cref="ChooseAsync"/>.</summary>
    public bool IsChosen
    {
        get
        {
            lock (_lock)
                return _chosen;
        }
    }

    /// <summary>The servers on this machine when they were last looked for.</summary>
    public IReadOnlyList<LlmServer> Found => Volatile.Read(ref _found);

    private static TimeSpan LocalConnect => TimeSpan.FromMilliseconds(250);

    private static Lazy<Task> Nothing => new(Task.CompletedTask);

    /// <summary>
    /// Gets ready: asks the server of the settings what it has, or looks for one. Then goes on looking every 30 seconds while the demo
    /// answers because none was found.
    /// </summary>
    /// <param name="ready">Called once, when it is known who answers; for a banner.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<LlmChoice>? ready = null, CancellationToken cancellationToken = default)
    {
        if (_options.Address is not null)
            await AskServerAsync(_options.Address, cancellationToken).ConfigureAwait(false);
        else if (_options.IsAuto)
            await DiscoverAsync(cancellationToken).ConfigureAwait(false);
        ready?.Invoke(Current);
        using var timer = new PeriodicTimer(LookInterval, _time);
        while (MayTakeFound() && await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            await DiscoverAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Looks for servers on this machine, which takes a second at most. With <c>auto</c> the first one that has a model answers from now
    /// on, unless the user has chosen. A page that asks meanwhile gets the same answer.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<IReadOnlyList<LlmServer>> DiscoverAsync(CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource<Task<IReadOnlyList<LlmServer>>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<IReadOnlyList<LlmServer>> looking;
        lock (_lock)
        {
            var isMine = _looking is null or { IsCompleted: true };
            looking = isMine ? _looking = mine.Task.Unwrap() : _looking!;
            if (!isMine)
                return looking.WaitAsync(cancellationToken);
        }

        mine.SetResult(LookAsync());
        return looking.WaitAsync(cancellationToken);
    }

    // One who asks may lose patience while others still wait for the same search.
    private async Task<IReadOnlyList<LlmServer>> LookAsync()
    {
        var found = await _discovery.FindAsync(_ended.Token).ConfigureAwait(false);
        Volatile.Write(ref _found, found);
        var named = _options.Model is { } model
            ? found.FirstOrDefault(s => s.Models.Contains(model, StringComparer.OrdinalIgnoreCase))
            : null;
        if ((named ?? found.FirstOrDefault(s => s.DefaultModel is not null)) is { } first)
            Take(Asking(first, named is null ? null : _options.Model, key: null), byHand: false);
        return found;
    }

    /// <summary>Chooses who answers from now on. What is being answered goes on as it is.</summary>
    /// <param name="server"><c>demo</c>, or the address of a server.</param>
    /// <param name="model">The model. Null: one that the server has.</param>
    /// <param name="key">Its key. Null: the one of the settings when it is their server, else none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Who answers now.</returns>
    /// <exception cref="LlmException">The server cannot be used; nothing has changed.</exception>
    public async Task<LlmChoice> ChooseAsync(
        string server,
        string? model = null,
        string? key = null,
        CancellationToken cancellationToken = default)
    {
        if (LlmOptions.Demo.Equals(server, StringComparison.OrdinalIgnoreCase))
            return Take(Demo(), byHand: true);
        var address = LlmAddress.Parse(server) ?? throw new LlmException(LlmCode.Unreachable, $"The server must be {LlmAddress.Rule}.");
        if (await LlmAddress.IsLinkLocalAsync(address, cancellationToken).ConfigureAwait(false))
        {
            throw new LlmException(
                LlmCode.Unreachable,
                $"The address {address.Host} is link-local. No language model is chosen there, because clouds hand out credentials there.");
        }

        if (!LlmKeys.IsUsable(key))
            throw new LlmException(LlmCode.Key, $"The key must be {LlmKeys.Rule}.");
        var isGiven = !string.IsNullOrWhiteSpace(key);
        if (!isGiven)
            key = address == _options.Address ? _key : null;
        var found = await AskToChooseAsync(address, key, isGiven, cancellationToken).ConfigureAwait(false);
        if (string.IsNullOrWhiteSpace(model) && found.DefaultModel is null)
            throw new LlmException(LlmCode.Failed, $"The server at {address} does not say which models it has; name one.");
        var chosen = string.IsNullOrWhiteSpace(model) ? null : model.Trim();
        if (chosen is not null && !found.MayHave(chosen))
            throw new LlmException(LlmCode.Model, $"The server at {address} has no model {Shown(chosen)}. {There(found)}");
        return Take(Asking(found, chosen, key), byHand: true);
    }

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _answers.GetResponseAsync(messages, options, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _answers.GetStreamingResponseAsync(messages, options, cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this)
            ? this
            : Volatile.Read(ref _state).Client?.GetService(serviceType, serviceKey);

    /// <summary>Ends what is being answered.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _local.Dispose();
        _remote.Dispose();
    }

    private State Demo() => new(new LlmChoice("built-in demo", IsDemo: true), new DemoCompanion(_time), Nothing);

    private static LlmServer Unknown(Uri address) => new(LlmDiscovery.Unknown, address, []);

    private State Asking(LlmServer server, string? model, string? key)
    {
        var (client, asked, http) = Client(server, model ?? server.DefaultModel, key);
        var isOllama = server.Server == LlmDiscovery.Ollama;
        var choice = new LlmChoice(server.Server, server.Address, asked.Model);
        var warmUp = new Lazy<Task>(() => LlmWarmUp.RunAsync(asked, client, isOllama, http, _time, _ended.Token));
        return new State(choice, client, warmUp);
    }

    private (OpenAiChatClient Client, ChatServer Server, HttpClient Http) Client(LlmServer server, string? model, string? key)
    {
        var http = LlmAddress.IsLocal(server.Address) ? _local : _remote;
        var known = LlmKeys.For(server.Address, key, _environment);
        var asked = new ChatServer(server.Address, model, known, new ChatPatience(_options.FirstToken, _options.Stall))
        {
            Temperature = _options.Temperature,
            WithoutReasoning = !_options.Think && server.Server == LlmDiscovery.Ollama,
        };
        return (new OpenAiChatClient(asked, http, _time, _logger), asked, http);
    }

    private static string Shown(string name) => name.Length <= MostName ? name : name[..MostName] + "…";

    private static string There(LlmServer server)
    {
        var names = server.Models.Take(MostNames).Select(Shown).ToArray();
        if (names.Length == 0)
            return "It has none that can talk.";
        var more = server.Models.Count > MostNames ? $" and {server.Models.Count - MostNames} more" : "";
        return $"It has {string.Join(", ", names)}{more}.";
    }

    /// <summary>
    /// Asks a server that the user chooses; what the settings say about keys is no advice for a user who gave one, or chose another server.
    /// </summary>
    private async Task<LlmServer> AskToChooseAsync(Uri address, string? key, bool isGiven, CancellationToken cancellationToken)
    {
        try
        {
            return await _discovery.AskAsync(address, LlmKeys.For(address, key, _environment), cancellationToken).ConfigureAwait(false);
        }
        catch (LlmException e) when (e.Code == LlmCode.Key && (isGiven || address != _options.Address))
        {
            var problem = isGiven
                ? $"The server at {address} refuses this key."
                : $"The server at {address} wants a key. Give it with the address.";
            throw new LlmException(LlmCode.Key, problem, innerException: e);
        }
    }

    // A server that cannot be asked now may be there when the user says something.
    private async Task AskServerAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            var key = LlmKeys.For(address, _key, _environment);
            var server = await _discovery.AskAsync(address, key, cancellationToken).ConfigureAwait(false);
            Take(Asking(server, _options.Model, _key), byHand: false);
        }
        catch (LlmException e)
        {
            NotReady(_logger, address.AbsoluteUri, e.Message);
        }
    }

    private async ValueTask<(IChatClient Client, bool MayFall)> ReadyAsync(CancellationToken cancellationToken)
    {
        if (Current is { Address: { } address, Model: null })
            await AskServerAsync(address, cancellationToken).ConfigureAwait(false);
        var state = Volatile.Read(ref _state);
        // While a model loads it does not answer; who waits for it should not be told that it is too slow.
        await state.WarmUp.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        var client = state.Client ?? throw new LlmException(
            LlmCode.Unreachable,
            $"No language model answers: {LlmOptions.Section}:{nameof(LlmOptions.Server)} is off.");
        return (client, !state.Choice.IsDemo);
    }

    private bool MayTakeFound()
    {
        lock (_lock)
            return _options.IsAuto && !_chosen && _state.Choice.IsDemo;
    }

    private LlmChoice Take(State state, bool byHand)
    {
        lock (_lock)
        {
            // What was found, or learned of the server of the settings, does not replace what the user chose.
            if (!byHand && (_chosen || (_options.IsAuto ? !_state.Choice.IsDemo : _options.Address is null)))
                return _state.Choice;
            _chosen |= byHand;
            Volatile.Write(ref _state, state);
        }

        if (byHand && state.Choice.Address is { } address && !LlmAddress.IsLocal(address))
            GoesElsewhere(_logger, address.AbsoluteUri);
        _ = state.WarmUp.Value;
        Answers(_logger, state.Choice.Server, state.Choice.Model ?? "-");
        Changed?.Invoke(this, EventArgs.Empty);
        return state.Choice;
    }

    [LoggerMessage(404, LogLevel.Information, "The language model is {Model} of {Server}.")]
    private static partial void Answers(ILogger logger, PlainText server, PlainText model);

    [LoggerMessage(645, LogLevel.Warning, "A user chose a language model on another machine: what is said goes to {Address} from now on.")]
    private static partial void GoesElsewhere(ILogger logger, PlainText address);

    [LoggerMessage(405, LogLevel.Warning, "The language model at {Address} is not ready: {Reason}")]
    private static partial void NotReady(ILogger logger, PlainText address, PlainText reason);

    private sealed record State(LlmChoice Choice, IChatClient? Client, Lazy<Task> WarmUp);
}
