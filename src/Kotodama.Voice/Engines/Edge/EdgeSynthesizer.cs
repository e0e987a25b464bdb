using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;

namespace Kotodama.Voice.Engines.Edge;

/// <summary>
/// Asks the read-aloud service of Microsoft Edge. The service is not documented and may stop working; the text goes to Microsoft. Written
/// after descriptions of others, not tried against the service.
/// </summary>
internal sealed class EdgeSynthesizer : ISpeechSynthesizer
{
    // Each request ends with silence of about this length, which its words do not tell.
    private static readonly TimeSpan Tail = TimeSpan.FromMilliseconds(875);

    private readonly EdgeOptions _options;
    private readonly EdgeConnection _connection;
    private readonly Func<Guid> _ids;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Makes a synthesizer.</summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="time">The clock; the service refuses who is off by more than five minutes and does not say the time.</param>
    /// <param name="ids">Makes ids.</param>
    public EdgeSynthesizer(EdgeOptions options, TimeProvider time, Func<Guid> ids)
    {
        (_options, _ids) = (options, ids);
        _handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), UseCookies = false, AllowAutoRedirect = false };
        _http = new HttpMessageInvoker(_handler);
        _connection = new EdgeConnection(options.Address, _http, time, ids);
    }

    public string Name => EdgeKind.EdgeName;

    public bool CanSpeak(SpeechRequest request) => !request.Unplayable.Contains(SpeechFormat.Encoded) && VoiceOf(request) is not null;

    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        var voice = VoiceOf(request)
            ?? throw new EngineException($"Edge has no voice for this language; {VoiceOptions.Section}:Edge:Voices names them.");
        var words = new WordPlaces(request.Text);
        var from = TimeSpan.Zero;
        var sounded = false;
        foreach (var piece in EdgeFrames.Pieces(request.Text))
        {
            var next = from;
            await foreach (var (sound, said) in SpeakAsync(piece, voice, request.Speed, running.Token).ConfigureAwait(false))
            {
                if (!sounded)
                    yield return new SpeechFormatChunk(SpeechFormat.Encoded);
                sounded = true;
                var marks = words.Find(said, from);
                if (said.Count > 0)
                    next = from + said[^1].At + said[^1].Length + Tail;
                if (marks.Count > 0)
                    yield return new SpeechMarksChunk(marks, []);
                if (sound.Length > 0)
                    yield return new SpeechSoundChunk(sound);
            }

            from = next;
        }
    }

    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(EdgeVoices.Of(_options));

    public Task<string> ProbeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            $"experimental, never tried against the real service: {EdgeVoices.Of(_options).Count} voices; "
            + "an undocumented service that gets the text");

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private string? VoiceOf(SpeechRequest request) =>
        request.Voice ?? VoiceLanguage.Find(_options.Voices, request.Language) ?? _options.Voice;

    private async IAsyncEnumerable<(ReadOnlyMemory<byte> Sound, IReadOnlyList<EdgeWord> Words)> SpeakAsync(
        string piece,
        string voice,
        double speed,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var socket = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await SendAsync(socket, EdgeFrames.Configure(_connection.Now), cancellationToken).ConfigureAwait(false);
        await SendAsync(socket, EdgeFrames.Speak(_connection.Now, _ids(), voice, speed, piece), cancellationToken).ConfigureAwait(false);
        var (sounded, over) = (false, false);
        while (await EdgeConnection.ReceiveAsync(socket, cancellationToken).ConfigureAwait(false) is var (text, bytes))
        {
            if (text is null)
            {
                var sound = EdgeFrames.ReadSound(bytes);
                over = sound is null;
                if (sound is not { Length: > 0 } some)
                    continue;
                sounded = true;
                yield return (some, []);
                continue;
            }

            var (path, body) = EdgeFrames.Read(text);
            if (path == "turn.end")
            {
                over = true;
                break;
            }

            if (path == "audio.metadata" && EdgeFrames.ReadWords(body) is { Count: > 0 } words)
                yield return (default, words);
        }

        if (!over || !sounded)
            throw new EngineException(sounded ? "The Edge service broke off." : "The Edge service gave no sound; the voice may not exist.");
    }

    private static async Task SendAsync(ClientWebSocket socket, string message, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(message).AsMemory();
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException e)
        {
            throw new EngineException("The Edge service broke off.", innerException: e);
        }
    }

    /// <summary>Finds words in the text, each after the one before.</summary>
    private sealed class WordPlaces(string text)
    {
        private int _after;
        private TimeSpan _last;

        public List<WordMark> Find(IReadOnlyList<EdgeWord> words, TimeSpan from)
        {
            var marks = new List<WordMark>();
            foreach (var word in words)
            {
                var at = from + word.At;
                var start = text.IndexOf(word.Text, _after, StringComparison.Ordinal);
                if (start < 0 || at < _last)
                    continue;
                marks.Add(new WordMark(at, start, word.Text.Length));
                (_after, _last) = (start + word.Text.Length, at);
            }

            return marks;
        }
    }
}
