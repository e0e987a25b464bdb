using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;

namespace Kotodama.Voice.Engines.GptSoVits;

/// <summary>
/// Asks GPT-SoVITS (<c>api_v2</c>, <c>POST /tts</c>) for speech, one clause after the other, because it has one model. Wire-compatible with
/// the documentation.
/// </summary>
internal sealed class GptSoVitsSynthesizer : ISpeechSynthesizer
{
    private const string Section = VoiceOptions.Section + ":GptSoVits:";

    private readonly GptSoVitsOptions _options;
    private readonly HttpClient _http;
    private readonly EngineServer _server;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Makes a synthesizer.</summary>
    /// <param name="options">Settings that make sense, with an address and the voice.</param>
    /// <param name="http">Belongs to the synthesizer from now on.</param>
    /// <param name="time">The clock.</param>
    public GptSoVitsSynthesizer(GptSoVitsOptions options, HttpClient http, TimeProvider time)
    {
        (_options, _http) = (options, http);
        var advice = new EngineServerAdvice(
            $"Is its api_v2 running, and is {Section}Address right?",
            "GPT-SoVITS wants none itself: is something in front of it?",
            $"Check {Section}Address and the recording of {Section}Voices (its path is one of the server's machine); "
            + "the server's log says more.");
        _server = new EngineServer("GPT-SoVITS", advice, http, time);
    }

    public string Name => GptSoVitsKind.GptSoVitsName;

    /// <summary>The name of a language as GPT-SoVITS wants it; null when it does not speak it.</summary>
    public static string? LanguageName(string language) => VoiceLanguage.Primary(language) switch
    {
        "zh" when language.Contains("HK", StringComparison.OrdinalIgnoreCase) => "yue",
        "yue" => "yue",
        "zh" or "cmn" => "zh",
        "en" => "en",
        "ja" => "ja",
        "ko" => "ko",
        "" or "und" or "auto" => "auto",
        _ => null,
    };

    public bool CanSpeak(SpeechRequest request) =>
        !request.Unplayable.Contains(SpeechFormat.Pcm) && LanguageName(request.Language) is not null;

    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        if (!_options.Voices.TryGetValue(request.Voice ?? _options.Voice, out var voice))
        {
            var names = string.Join(", ", _options.Voices.Keys);
            throw new EngineException($"GPT-SoVITS has no such voice; {Section}Voices has {names}.") { OnlyThisRequest = true };
        }

        var wish = new JsonObject
        {
            ["text"] = request.Text,
            ["text_lang"] = LanguageName(request.Language) ?? "auto",
            ["ref_audio_path"] = voice.Audio,
            ["prompt_text"] = voice.Text,
            ["prompt_lang"] = LanguageName(voice.Language),
            ["speed_factor"] = request.Speed,
            ["streaming_mode"] = _options.Streaming,
            ["media_type"] = "wav",
        };
        await _turn.WaitAsync(running.Token).ConfigureAwait(false);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_options.Address!.AbsoluteUri.TrimEnd('/') + "/tts"));
            message.Content = new StringContent(wish.ToJsonString(), Encoding.UTF8, "application/json");
            await foreach (var chunk in _server.SpeakAsync(message, UnsignedSound.Nothing, 0, running.Token).ConfigureAwait(false))
                yield return chunk;
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken)
    {
        var voices = _options.Voices.Select(v => new SpeechVoice(v.Key, null, $"speaks like {v.Value.Audio}"));
        return Task.FromResult<IReadOnlyList<SpeechVoice>>([.. voices]);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _http.Dispose();
    }
}
