using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;

namespace Kotodama.Voice.Engines.OpenAi;

/// <summary>
/// Asks a server for speech in the way of OpenAI: OpenAI itself, Kokoro-FastAPI, speaches, LocalAI and others. Wire-compatible with the
/// documentation.
/// </summary>
internal sealed class OpenAiSynthesizer : ISpeechSynthesizer
{
    private const string Section = VoiceOptions.Section + ":OpenAi:";

    private static readonly string[] DocumentedVoices =
        ["alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse"];

    private readonly OpenAiSpeechOptions _options;
    private readonly string? _key;
    private readonly HttpClient _http;
    private readonly EngineServer _server;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Makes a synthesizer.</summary>
    /// <param name="options">Settings that make sense, with an address.</param>
    /// <param name="key">The key that the server wants; null: none.</param>
    /// <param name="http">Belongs to the synthesizer from now on.</param>
    /// <param name="time">The clock.</param>
    public OpenAiSynthesizer(OpenAiSpeechOptions options, string? key, HttpClient http, TimeProvider time)
    {
        (_options, _key, _http) = (options, key, http);
        var advice = new EngineServerAdvice(
            $"Is it running, and is {Section}Address right?",
            $"Check the environment variable {EngineKeys.Own}, or {EngineKeys.OpenAi} for OpenAI itself.",
            $"Check {Section}Address (it often ends with /v1), {Section}Model and {Section}Voice.");
        _server = new EngineServer("The speech server", advice, http, time);
    }

    public string Name => OpenAiSpeechKind.OpenAiName;

    public bool CanSpeak(SpeechRequest request)
    {
        var format = _options.Format is "pcm" or "wav" ? SpeechFormat.Pcm : SpeechFormat.Encoded;
        return !request.Unplayable.Contains(format) && VoiceLanguage.Covers(_options.Languages, request.Language);
    }

    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        var wish = new JsonObject
        {
            ["model"] = _options.Model,
            ["input"] = request.Text,
            ["voice"] = request.Voice ?? VoiceLanguage.Find(_options.Voices, request.Language) ?? _options.Voice,
            ["response_format"] = _options.Format,
            ["speed"] = request.Speed,
        };
        if (_options.Instructions is { } instructions)
            wish["instructions"] = instructions;
        using var message = Message(HttpMethod.Post, "audio/speech");
        message.Content = new StringContent(wish.ToJsonString(), Encoding.UTF8, "application/json");
        var unsigned = _options.Format switch
        {
            "pcm" => UnsignedSound.Samples,
            "wav" => UnsignedSound.Nothing,
            _ => UnsignedSound.File,
        };
        await foreach (var chunk in _server.SpeakAsync(message, unsigned, _options.Rate, running.Token).ConfigureAwait(false))
            yield return chunk;
    }

    public async Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        using var message = Message(HttpMethod.Get, "audio/voices");
        using var answer = await _server.GetJsonAsync(message, running.Token).ConfigureAwait(false);
        var voices = answer is null ? [] : Voices(answer.RootElement).ToArray();
        return voices.Length > 0
            ? voices
            : [.. DocumentedVoices.Select(v => new SpeechVoice(v, null, "documented by OpenAI; the server does not list its own"))];
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    // A list of names or of objects, by itself or in "voices" or "data": servers agree on no more than that.
    private static IEnumerable<SpeechVoice> Voices(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Object)
            answer = answer.TryGetProperty("voices", out var voices) ? voices : answer.TryGetProperty("data", out var data) ? data : answer;
        if (answer.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var voice in answer.EnumerateArray())
        {
            var name = voice.ValueKind == JsonValueKind.String
                ? voice.GetString()
                : Field(voice, "voice_id") ?? Field(voice, "id") ?? Field(voice, "name");
            if (!string.IsNullOrWhiteSpace(name))
                yield return new SpeechVoice(name, Field(voice, "language"));
        }
    }

    private static string? Field(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private HttpRequestMessage Message(HttpMethod method, string path)
    {
        var message = new HttpRequestMessage(method, new Uri(_options.Address!.AbsoluteUri.TrimEnd('/') + "/" + path));
        if (_key is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        return message;
    }
}
