using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.EndToEnd.Browser.Spoken;
using Kotodama.Protocol;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.EndToEnd.Browser.Talking;

/// <summary>A hub with which one can talk: espeak-ng speaks, PocketSphinx hears, and a test thinks.</summary>
internal sealed class TalkingHub : IAsyncDisposable
{
    private const string Channel = "default";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kotodama-talking-");
    private readonly SpeakingHub _hub;
    private readonly IPeer _peer;
    private readonly IChatClient _mind;
    private readonly RecognizerChain _hearing;
    private readonly MemoryConversationStore _store = new(new ConversationLimits(), TimeProvider.System);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _talking;

    private TalkingHub(SpeakingHub hub, IPeer peer, IChatClient mind)
    {
        (_hub, _peer, _mind) = (hub, peer, mind);
        var grammar = Path.Combine(_folder.FullName, "phrases.jsgf");
        File.WriteAllText(grammar, Recognizer.Grammar);
        _hearing = RecognizerEngines.BuiltIn.Create(new HearingOptions { PocketSphinx = { Grammar = grammar } }, _ => null, TimeProvider.System, NullLogger.Instance)!;
        _talking = new CompanionPeer(peer, new CompanionParts { LanguageModel = mind, Hearing = _hearing, Store = _store, Conversation = { Greet = false } }).RunAsync(_end.Token);
    }

    public Uri Url => _hub.Hub.Url;

    /// <summary>All that the voice has sent.</summary>
    public Recording Sent => _hub.Sent;

    /// <summary>What was said, as it is remembered.</summary>
    public IReadOnlyList<string> Kept =>
        [.. Entries().Select(e => $"{(e.Said.Role == ConversationRole.User ? "user" : "character")}: {e.Said.Text}{(e.Said.Interrupted ? " (interrupted)" : "")}")];

    /// <param name="mind">Who answers; belongs to the hub.</param>
    /// <param name="speech">What speaks instead of espeak-ng; belongs to the hub.</param>
    public static async Task<TalkingHub> StartAsync(IChatClient mind, ISpeechSynthesizer? speech = null)
    {
        var hub = await SpeakingHub.StartAsync(speech);
        return new TalkingHub(hub, await hub.Hub.CompanionAsync(), mind);
    }

    /// <summary>Waits until so much is remembered.</summary>
    public async Task KeptAsync(int entries)
    {
        try
        {
            await Limits.UntilAsync(() => Kept.Count >= entries, $"{entries} things that were said");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} There are: {string.Join(" | ", Kept)}", e);
        }
    }

    /// <summary>Waits until just this is remembered: what the user has of an answer is stored while it is spoken.</summary>
    public async Task KeepsAsync(IReadOnlyList<string> expected)
    {
        try
        {
            await Limits.UntilAsync(() => Kept.SequenceEqual(expected, StringComparer.Ordinal), "what was said to be remembered");
        }
        catch (TimeoutException)
        {
            Assert.Equal(expected, Kept);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _talking.InTime("the end of the companion");
        await _peer.DisposeAsync();
        await _hearing.DisposeAsync();
        await _store.DisposeAsync();
        _mind.Dispose();
        await _hub.DisposeAsync();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The store is in memory, so the test does not wait.</summary>
    private IReadOnlyList<ConversationEntry> Entries() =>
        Now(_store.CurrentAsync(Channel, null, CancellationToken.None)) is { } current ? Now(_store.ReadAsync(Channel, current.Id, null, 20, CancellationToken.None)) : [];

    private static T Now<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
