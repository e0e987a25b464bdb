using System.Net.Http.Headers;
using System.Text;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Engines.OpenAi;

/// <summary>
/// Asks a server for what was said in the way of OpenAI: OpenAI itself, speaches, vLLM, LocalAI, and whisper.cpp with its own path.
/// Wire-compatible with the documentation.
/// </summary>
internal sealed class OpenAiRecognizer : ISpeechRecognizer
{
    private const string Section = HearingOptions.Section + ":OpenAi:", Verbose = "verbose_json", Plain = "json", WhisperCpp = "inference";

    // Models read no more than the last 224 tokens of a prompt.
    private const int LongestPrompt = 800;

    private readonly OpenAiHearingOptions _options;
    private readonly string? _key;
    private readonly HttpClient _http;
    private readonly EngineServer _server;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>The server has refused <see cref="Verbose"/> and then answered <see cref="Plain"/>.</summary>
    private volatile bool _refusesVerbose;

    /// <summary>Makes a recognizer.</summary>
    /// <param name="options">Settings that make sense, with an address.</param>
    /// <param name="key">The key that the server wants; null: none.</param>
    /// <param name="http">Belongs to the recognizer from now on.</param>
    /// <param name="time">The clock.</param>
    public OpenAiRecognizer(OpenAiHearingOptions options, string? key, HttpClient http, TimeProvider time)
    {
        (_options, _key, _http) = (options, key, http);
        var advice = new EngineServerAdvice(
            $"Is it running, and is {Section}Address right?",
            $"Check the environment variable {EngineKeys.Hearing}, or {EngineKeys.OpenAi} for OpenAI itself.",
            $"Check {Section}Address (it often ends with /v1), {Section}Path and {Section}Model.");
        _server = new EngineServer("The transcription server", advice, http, time);
    }

    public string Id => OpenAiRecognizerKind.OpenAiName;

    public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(RunningRecognition.Start((sound, tell, token) => HearAsync(request, sound, tell, token), _ended.Token));
    }

    /// <summary>Finds out whether the server is there and takes the key: asks for its models.</summary>
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var message = Message(HttpMethod.Get, "models");
            using var answer = await _server.GetJsonAsync(message, cancellationToken).ConfigureAwait(false);
            return $"ready: {_options.Address}";
        }
        catch (EngineException e)
        {
            throw RecognitionException.From(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private async Task HearAsync(
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        var whole = await sound.WholeAsync(cancellationToken).ConfigureAwait(false);
        if (whole.IsEmpty)
        {
            tell(new RecognitionResult("", IsFinal: true));
            return;
        }

        var wav = WavWriter.Write(whole.Span, RecordedSound.Rate);
        var format = _options.Format == Verbose && _refusesVerbose ? Plain : _options.Format;
        try
        {
            await AskAsync(request, wav, format, tell, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException e) when (format == Verbose && e.OnlyThisRequest)
        {
            // Models that are no Whisper have no numbers to tell, and their servers refuse the form. Only an answer shows that it was this.
            await AskAsync(request, wav, Plain, tell, cancellationToken).ConfigureAwait(false);
            _refusesVerbose = true;
        }
    }

    private async Task AskAsync(
        RecognitionRequest request,
        byte[] wav,
        string format,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        using var message = Message(HttpMethod.Post, _options.Path.TrimStart('/'));
        message.Content = Form(request, wav, format);
        using var response = await _server.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var body = new TranscriptStream(_server, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        await using var end = body.ConfigureAwait(false);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            await Transcript.ReadEventsAsync(body, tell, cancellationToken).ConfigureAwait(false);
        else
            tell(Transcript.Read(await body.ReadAllAsync(cancellationToken).ConfigureAwait(false), isPlain: format == "text"));
    }

    private MultipartFormDataContent Form(RecognitionRequest request, byte[] wav, string format)
    {
        var form = new MultipartFormDataContent();

        // Small servers do not take the quotation marks off.
        var boundary = form.Headers.ContentType!.Parameters.First(p => p.Name == "boundary");
        boundary.Value = boundary.Value!.Trim('"');
        var file = new ByteArrayContent(wav);
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"file\"", FileName = "\"speech.wav\"" };
        form.Add(file);
        Add("model", _options.Model);
        Add("language", request.Language is { Length: > 0 } language ? VoiceLanguage.Primary(language) : "");
        Add("prompt", Prompt(request.Phrases));
        Add("response_format", format);

        // whisper.cpp finds out how likely each language is, which takes it about as long as the text. No other server has its path.
        Add("no_language_probabilities", format == Verbose && _options.Path.Trim('/') == WhisperCpp ? "true" : "");
        Add("stream", _options.Stream ? "true" : "");
        return form;

        void Add(string name, string value)
        {
            if (value.Length == 0)
                return;
            var field = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            field.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" };
            form.Add(field);
        }
    }

    private string Prompt(IReadOnlyList<string>? phrases)
    {
        var prompt = new StringBuilder(_options.Prompt?.Trim());
        foreach (var phrase in phrases ?? [])
        {
            if (prompt.Length + phrase.Length > LongestPrompt)
                break;
            prompt.Append(prompt.Length == 0 ? "" : prompt[^1] is '.' or '。' or '!' or '?' ? " " : ", ").Append(phrase);
        }

        return prompt.ToString();
    }

    private HttpRequestMessage Message(HttpMethod method, string path)
    {
        var message = new HttpRequestMessage(method, new Uri(_options.Address!.AbsoluteUri.TrimEnd('/') + "/" + path));
        if (_key is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        return message;
    }
}
