using System.Text;
using System.Text.RegularExpressions;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Engines.Http;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Tests.Companion.Engines;

/// <summary>Wire-compatible with the documentation of OpenAI, speaches, vLLM and whisper.cpp; not run against them.</summary>
public sealed partial class OpenAiRecognizerTests : RecognizerServerSuite
{
    private static readonly byte[] Samples = SpeechSounds.Samples(4_000);

    [Fact]
    public async Task It_asks_as_documented_with_a_wav_file()
    {
        await using var rig = await StartAsync(c => c.Response.WriteAsync("""{"text":"好"}"""), new OpenAiHearingOptions { Model = "whisper-large", Prompt = "Hello." });
        await rig.HearAsync(Samples, new RecognitionRequest("zh-CN", ["Kotodama", "言霊"]));
        var (target, headers, body) = rig.Server!.Requests.Single();
        Assert.Equal("/v1/audio/transcriptions", target);
        Assert.Equal("Bearer " + Key, headers.Authorization.ToString());
        Assert.DoesNotContain("\"", headers.ContentType.ToString(), StringComparison.Ordinal);
        var parts = Parts(body);
        Assert.Equal(["file", "model", "language", "prompt", "response_format"], parts.Select(p => p.Name));
        Assert.Equal(WavWriter.Write(Samples, 16_000), Encoding.Latin1.GetBytes(parts[0].Value));
        Assert.Equal(["whisper-large", "zh", "Hello. Kotodama, 言霊", "verbose_json"], parts.Skip(1).Select(p => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(p.Value))));
        Assert.Contains("filename=\"speech.wav\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", null)]
    [InlineData("de", "de")]
    [InlineData(null, "en")]
    public async Task The_setting_says_which_language_is_asked_for_and_auto_none(string? setting, string? asked)
    {
        await using var rig = await StartAsync(c => c.Response.WriteAsync("""{"text":"Hallo"}"""));
        await using var chain = new RecognizerChain([new RecognizerLink(rig.Recognizer, TimeSpan.FromSeconds(10), "", [])], setting, TimeProvider.System, new TestLog());
        await (rig with { Recognizer = chain }).HearAsync(Samples, new RecognitionRequest("en"));
        Assert.Equal(asked, Parts(rig.Server!.Requests.Single().Body).Where(p => p.Name == "language").Select(p => p.Value).SingleOrDefault());
    }

    [Fact]
    public async Task The_server_of_whisper_cpp_has_a_path_of_its_own_and_no_model()
    {
        await using var rig = await StartAsync(c => c.Response.WriteAsync("""{"text":" Hello there,\n how are you? [BLANK_AUDIO]\n"}"""), new OpenAiHearingOptions { Path = "/inference", Model = "" });
        Assert.Equal([new RecognitionResult("Hello there, how are you?", true)], await rig.HearAsync(Samples, new RecognitionRequest()));
        var (target, _, body) = rig.Server!.Requests.Single();
        Assert.Equal("/v1/inference", target);
        Assert.Equal(["file", "response_format", "no_language_probabilities"], Parts(body).Select(p => p.Name));
    }

    [Theory]
    [InlineData("verbose_json", """{"task":"transcribe","language":"english","duration":1.5,"text":"Hello","segments":[{"id":0}]}""", "en")]
    [InlineData("verbose_json", """{"language":"ja","text":"Hello"}""", "ja")]
    [InlineData("verbose_json", """{"language":"klingon","text":"Hello"}""", null)]
    [InlineData("json", """{"text":"<|en|><|EMO_UNKNOWN|><|Speech|><|woitn|>Hello"}""", "en")]
    [InlineData("text", "Hello\n", null)]
    [InlineData("text", """{"text":"Hello"}""", null)]
    public async Task Answers_come_in_several_forms(string format, string answer, string? language)
    {
        await using var rig = await StartAsync(c => c.Response.WriteAsync(answer), new OpenAiHearingOptions { Format = format });
        Assert.Equal([new RecognitionResult("Hello", true, language)], await rig.HearAsync(Samples));
    }

    [Theory]
    [InlineData("""{"text":"Thank you for watching!","segments":[{"text":" Thank you for watching!","no_speech_prob":0.93,"avg_logprob":-1.3}]}""", "")]
    [InlineData("""{"text":"Thank you for watching!","segments":[{"text":" Thank you for watching!","no_speech_prob":0.93,"avg_logprob":-0.4}]}""", "Thank you for watching!")]
    [InlineData("""{"text":"Thank you for watching!","segments":[{"text":" Thank you for watching!","no_speech_prob":0.2,"avg_logprob":-1.3}]}""", "Thank you for watching!")]
    [InlineData("""{"text":"Thank you for watching!"}""", "Thank you for watching!")]
    [InlineData("""{"text":"ご視聴ありがとうございました","no_speech_prob":0.93,"avg_logprob":-1.3}""", "")]
    [InlineData("""{"text":"Hello. Bye. Bye.","segments":[{"text":" Hello.","no_speech_prob":0.01,"avg_logprob":-0.2},{"text":" Bye.","no_speech_prob":0.7,"avg_logprob":-1.1},{"text":" Bye.","no_speech_prob":0.01,"avg_logprob":-0.2}]}""", "Hello. Bye.")]
    [InlineData("""{"text":"你好。谢谢观看","segments":[{"text":"你好。","no_speech_prob":0.01,"avg_logprob":-0.2},{"text":"谢谢观看","no_speech_prob":0.97,"avg_logprob":-1.6}]}""", "你好。")]
    [InlineData("""{"text":"no no no no no no","segments":[{"text":" no no no no no no","compression_ratio":9.1,"no_speech_prob":0.01,"avg_logprob":-0.1}]}""", "")]
    [InlineData("""{"text":"Hello","segments":[7,null,{"no_speech_prob":"high"}]}""", "Hello")]
    [InlineData("""{"segments":[{"text":" Hello"},{"text":" there."}]}""", "Hello there.")]
    public async Task What_the_model_itself_holds_for_silence_was_not_said(string answer, string text)
    {
        foreach (var stream in new[] { false, true })
        {
            await using var rig = await StartAsync(
                c =>
                {
                    c.Response.ContentType = stream ? "text/event-stream" : "application/json";
                    return c.Response.WriteAsync(stream ? $"data: {answer}\n\n" : answer);
                },
                new OpenAiHearingOptions());
            Assert.Equal(text, (await rig.HearAsync(Samples))[^1].Text);
        }
    }

    [Fact]
    public async Task A_server_that_has_no_numbers_is_asked_without_them_from_then_on()
    {
        await using var rig = await StartAsync((c, body) => body.Contains("verbose_json", StringComparison.Ordinal) ? RefuseAsync(c) : c.Response.WriteAsync("""{"text":"Hello."}"""));
        for (var i = 0; i < 2; i++)
            Assert.Equal("Hello.", Assert.Single(await rig.HearAsync(Samples)).Text);
        Assert.Equal(["verbose_json", "json", "json"], rig.Server!.Requests.Select(FormOf));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task A_form_that_is_set_is_the_only_one_that_is_asked_for(string format)
    {
        await using var rig = await StartAsync(RefuseAsync, new OpenAiHearingOptions { Format = format, Path = "inference" });
        await rig.FailAsync();
        Assert.Equal(format, FormOf(Assert.Single(rig.Server!.Requests)));
        Assert.DoesNotContain("no_language_probabilities", rig.Server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_both_forms_is_asked_for_numbers_again()
    {
        await using var rig = await StartAsync((c, _) => RefuseAsync(c));
        Assert.Contains("Kotodama:Hearing:OpenAi:Model", (await rig.FailAsync()).Message, StringComparison.Ordinal);
        await rig.FailAsync();
        Assert.Equal(["verbose_json", "json", "verbose_json", "json"], rig.Server!.Requests.Select(FormOf));
    }

    [Theory]
    [InlineData("data: {\"type\":\"transcript.text.delta\",\"delta\":\"你\"}\n\ndata: {\"type\":\"transcript.text.delta\",\"delta\":\"好\"}\n\ndata: {\"type\":\"transcript.text.done\",\"text\":\"你好。\"}\n\n", "你|你好|你好。")]
    [InlineData("data: {\"object\":\"transcription.chunk\",\"choices\":[{\"delta\":{\"content\":\"你\"}}]}\n\n: ping\n\ndata: {\"choices\":[]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"好\"}}]}\n\ndata: [DONE]\n\n", "你|你好|你好")]
    [InlineData("data: {\"type\":\"transcript.text.done\",\"text\":\"你好。\"}", "你好。")]
    [InlineData("\uFEFFevent: x\ndata: {\"text\":\"Hello\"}\r\n\r\ndata: {\"text\":\"you\"}\n\n", "Hello|Hello you|Hello you")]
    public async Task A_stream_of_events_is_read_while_it_comes_in_any_pieces(string events, string expected)
    {
        await using var rig = await StartAsync(
            async c =>
            {
                c.Response.ContentType = "text/event-stream";
                foreach (var one in Encoding.UTF8.GetBytes(events))
                {
                    await c.Response.Body.WriteAsync(new[] { one });
                    await c.Response.Body.FlushAsync();
                }
            },
            new OpenAiHearingOptions { Stream = true });
        var results = await rig.HearAsync(Samples);
        Assert.Equal(expected.Split('|'), results.Select(r => r.Text));
        Assert.Contains(("stream", "true"), Parts(rig.Server!.Requests.Single().Body));
    }

    [Theory]
    [InlineData("data: {\"type\":\"transcript.text.delta\",\"delta\":\"the secret\"}\n\n")]
    [InlineData("data: the secret\n\n")]
    [InlineData("data: {\"error\":{\"message\":\"the secret\",\"code\":\"server_error\"}}\n\n")]
    [InlineData("")]
    public async Task A_stream_that_does_not_end_well_is_a_failure(string events)
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.ContentType = "text/event-stream";
            return c.Response.WriteAsync(events);
        });
        var e = await rig.FailAsync();
        Assert.Equal(RecognitionException.Failed, e.Code);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"error":"failed to read WAV file"}""")]
    [InlineData("")]
    public async Task An_answer_without_a_text_is_a_failure(string answer)
    {
        await using var rig = await StartAsync(c => c.Response.WriteAsync(answer));
        Assert.Equal(RecognitionException.Failed, (await rig.FailAsync()).Code);
    }

    [Theory]
    [InlineData(401, "KOTODAMA_ASR_KEY", false)]
    [InlineData(404, "Kotodama:Hearing:OpenAi:Path", false)]
    [InlineData(400, "Kotodama:Hearing:OpenAi:Model", true)]
    public async Task A_refusal_says_what_to_check(int status, string setting, bool onlyThis)
    {
        await using var rig = await StartAsync(c =>
        {
            c.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var e = await rig.FailAsync();
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
        Assert.Equal((onlyThis, false), (e.OnlyThisRequest, e.MayTryAgain));
    }

    private protected override Task<Rig> StartAsync(Answer answer) => StartAsync(c => AnswerAsync(c, answer));

    private static async Task AnswerAsync(HttpContext context, Answer answer)
    {
        if (await RefuseAsync(context, answer))
            return;
        var response = context.Response;
        switch (answer)
        {
            case Answer.Hang:
                await FakeSpeechServer.HangAsync(context);
                break;
            case Answer.Reset:
                context.Abort();
                break;
            case Answer.ResetInText:
                await response.WriteAsync("{\"text\":\"" + Secret);
                await response.Body.FlushAsync();
                context.Abort();
                break;
            case Answer.Page:
                await response.WriteAsync($"<!DOCTYPE html><title>{Secret}</title>");
                break;
            case Answer.NoUtf8:
                await response.Body.WriteAsync(new byte[] { (byte)'{', 0xFF, 0xC3, 0x28 });
                break;
            case Answer.Rubbish:
                await response.WriteAsync("{\"text\":" + Secret);
                break;
            case Answer.Endless:
                while (!context.RequestAborted.IsCancellationRequested)
                    await response.WriteAsync(new string(' ', 10_000));
                break;
            default:
                await response.WriteAsync("""{"text":"Hello."}""");
                break;
        }
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = 400;
        return context.Response.WriteAsync("""{"error":{"message":"response_format 'verbose_json' is not compatible","code":"unsupported_value"}}""");
    }

    private static string FormOf((string Target, IHeaderDictionary Headers, string Body) request) =>
        Parts(request.Body).Single(p => p.Name == "response_format").Value;

    private static Task<Rig> StartAsync(Func<HttpContext, Task> answer, OpenAiHearingOptions? options = null) =>
        StartAsync((context, _) => answer(context), options ?? new OpenAiHearingOptions());

    /// <summary>A server that answers by what it is asked.</summary>
    private static Task<Rig> StartAsync(Func<HttpContext, string, Task> answer) =>
        StartAsync(answer, new OpenAiHearingOptions());

    private static async Task<Rig> StartAsync(Func<HttpContext, string, Task> answer, OpenAiHearingOptions options)
    {
        var server = await FakeSpeechServer.StartAsync(answer, Encoding.Latin1);
        options.Address = new Uri(server.Url, "v1/");
        return new Rig(new OpenAiRecognizer(options, Key, EngineServer.CreateClient(), TimeProvider.System), Samples, "Hello.", server);
    }

    private static List<(string Name, string Value)> Parts(string body) =>
        [.. Part().Matches(body).Select(m => (m.Groups["name"].Value, m.Groups["value"].Value))];

    [GeneratedRegex("Content-Disposition: form-data; name=\"(?<name>[a-z_]+)\"[^\r]*\r\n\r\n(?<value>.*?)\r\n--", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
