using Kotodama.Companion.Memory;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Synthesis;
using Microsoft.Playwright;

namespace Kotodama.Bench;

/// <summary>
/// A conversation through everything: what is typed in the page, a language model that keeps a fixed pace, espeak-ng, and the sound in the
/// page. What they take is known, so what is left is ours.
/// </summary>
internal static class TalkBench
{
    private const int Turns = 200, WarmUp = 20, Interruptions = 20;

    /// <summary>A turn that is not over by then is one that no page played.</summary>
    private const int Limit = 10_000;

    private const string Clause = "The rain had stopped before we reached the harbour.";

    private const string Further = " The ships lay there as if they had never known the sea.";

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title(
            $"Conversation ({Turns} turns; first token after {ScriptedMind.FirstToken.TotalMilliseconds} ms, "
            + $"then one each {ScriptedMind.Pace.TotalMilliseconds} ms; espeak-ng, Chromium)");
        await using var mind = new ScriptedMind();
        await using var engine = new EspeakSynthesizer(new EspeakOptions(), TimeProvider.System);
        using var server = PublishedServer.Start(folder,
            ("KOTODAMA_VOICE", "espeak"), ("Kotodama__Voice__Speed", "3"),
            ("KOTODAMA_LLM", mind.Address.ToString()), ("KOTODAMA_MODEL", "scripted"),
            ("KOTODAMA_ASR", "openai"), ("Kotodama__Hearing__OpenAi__Address", mind.Address.ToString()),
            ("Kotodama__Conversation__Greet", "false"));
        await using var browser = await PageBrowser.StartAsync();
        var page = await SpeechPageBench.OpenAsync(browser, server, await SpeechPageBench.EarAsync(cancellationToken));
        await page.WaitForFunctionAsync("() => ear.heard.some(({ type, on }) => type === 'companion' && on)");
        await TurnsAsync(page, mind, engine, server, cancellationToken);
        await InterruptAsync(page, mind);
        await page.CloseAsync();
        await CutInAsync(server, mind, engine, cancellationToken);
    }

    private static async Task TurnsAsync(
        IPage page,
        ScriptedMind mind,
        EspeakSynthesizer engine,
        PublishedServer server,
        CancellationToken cancellationToken)
    {
        var (engines, beyond, whole) = (new List<double>(), new List<double>(), new List<double>());
        var unheard = 0;
        var (before, between) = (0.0, 0.0);
        for (var i = -WarmUp; i < Turns; i++)
        {
            if (i == 0)
                before = server.ResidentMiB;
            if (i == Turns / 2)
                between = server.ResidentMiB;
            var clause = $"Number {i + WarmUp}.";
            var alone = await SpeechBench.EngineAsync(engine, clause, cancellationToken);
            var script = mind.Answer(clause, "Yes.");
            await ForgetAsync(page);
            var sent = SpeechPageBench.Now;
            await page.EvaluateAsync("text => ear.say({ type: 'user_text', content: text })", $"What is number {i}?");
            try
            {
                await page.WaitForFunctionAsync(
                    "() => ear.ends.length > 0 && ear.heard.some(({ type, state }) => type === 'turn' && state === 'idle')",
                    null,
                    new() { Timeout = Limit });
            }
            catch (TimeoutException)
            {
                unheard++;
                continue;
            }

            if (i < 0)
                continue;
            var sounded = await page.EvaluateAsync<double>("() => ear.begins[0]");
            engines.Add(alone);
            beyond.Add(sounded - script.ClauseAt);
            whole.Add(sounded - sent);
        }

        Figures.Spread("espeak-ng alone, to its first sound", engines, "ms");
        Figures.Spread("first clause complete + engine: first sample", beyond.Beyond(engines), "ms");
        Figures.Spread("text sent: first sample", whole, "ms");
        Figures.Line("turns that were not heard to their end", $"{unheard} of {Turns + WarmUp}");
        Figures.Line(
            "resident memory of the hub",
            $"{before:0} MiB after {WarmUp} turns, {between:0} after {WarmUp + (Turns / 2)}, "
            + $"{server.ResidentMiB:0} after {WarmUp + Turns}");
    }

    /// <summary>The user speaks into the character's answer, and it is nothing after all.</summary>
    private static async Task InterruptAsync(IPage page, ScriptedMind mind)
    {
        mind.Answer(Clause, string.Concat(Enumerable.Repeat(Further, 10)));
        await ForgetAsync(page);
        await page.EvaluateAsync("() => ear.say({ type: 'mic', state: 'on', mode: 'hands_free' })");
        var silent = new List<double>();
        for (var i = 0; i < Interruptions; i++)
        {
            await ForgetAsync(page);
            await page.EvaluateAsync("() => ear.say({ type: 'user_text', content: 'Tell me a story.' })");
            await page.WaitForFunctionAsync("() => window.kotodama.inspect().speech.position > 700");
            await page.EvaluateAsync("() => { ear.ends.length = 0; }");
            await page.EvaluateAsync("utterance => ear.say({ type: 'vad', utterance, event: 'start' })", i);
            var real = await page.EvaluateAsync<double>("utterance => ear.say({ type: 'vad', utterance, event: 'real' })", i);
            await page.WaitForFunctionAsync("() => ear.ends.length > 0");
            silent.Add(await page.EvaluateAsync<double>("() => ear.ends[0]") - real);
            await page.EvaluateAsync(
                "utterance => { ear.say({ type: 'vad', utterance, event: 'misfire' }); ear.say({ type: 'cancel' }); }", i);
            await page.WaitForFunctionAsync("() => ear.heard.some(({ type, state }) => type === 'turn' && state === 'idle')");
        }

        Figures.Spread("speech is certain (`vad` real): last sample", silent, "ms");
    }

    /// <summary>
    /// A voice in the microphone, again and again, in the middle of the character's answer: how soon the page lets it be silent.
    /// </summary>
    private static async Task CutInAsync(
        PublishedServer server,
        ScriptedMind mind,
        EspeakSynthesizer engine,
        CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-bench-");
        try
        {
            var file = Path.Combine(folder.FullName, "microphone.wav");
            await File.WriteAllBytesAsync(file, await PhraseAsync(engine, cancellationToken), cancellationToken);
            await using var browser = await PageBrowser.StartAsync(
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                $"--use-file-for-fake-audio-capture={file}");
            var page = await SpeechPageBench.OpenAsync(browser, server, await SpeechPageBench.EarAsync(cancellationToken));
            mind.Answer(Clause, string.Concat(Enumerable.Repeat(Further, 250)));
            await page.EvaluateAsync("() => ear.say({ type: 'user_text', content: 'Tell me a story.' })");
            await page.WaitForFunctionAsync("() => window.kotodama.inspect().speech.position > 700");
            await page.ClickAsync("#ear-button");
            await page.WaitForFunctionAsync("() => window.kotodama.inspect().microphone.heard > 1000");
            var silent = new List<double>();
            for (var i = 0; i < Interruptions; i++)
            {
                await page.WaitForFunctionAsync("() => window.kotodama.inspect().speech.gain === 1");
                await page.EvaluateAsync("() => { ear.ends.length = ear.voices.length = 0; }");
                await page.WaitForFunctionAsync("() => ear.voices.length > 0 && ear.ends.some((end) => end > ear.voices[0])");
                silent.Add(await page.EvaluateAsync<double>("() => ear.ends.find((end) => end > ear.voices[0]) - ear.voices[0]"));
            }

            Figures.Spread("first sound of a voice in the microphone: last sample", silent, "ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A sound file for a microphone, which hears it over and over: silence, and something that the user says.</summary>
    private static async Task<byte[]> PhraseAsync(EspeakSynthesizer engine, CancellationToken cancellationToken)
    {
        var rate = 0;
        using var sound = new MemoryStream();
        await foreach (var chunk in engine.SynthesizeAsync(new SpeechRequest("Turn on the light in the kitchen.", "en"), cancellationToken))
        {
            if (chunk is SpeechFormatChunk format)
            {
                rate = format.Rate;
                sound.Write(new byte[rate * 2 * 4]);
            }
            else if (chunk is SpeechSoundChunk piece)
            {
                sound.Write(piece.Data.Span);
            }
        }

        return WavWriter.Write(sound.ToArray(), rate);
    }

    private static async Task ForgetAsync(IPage page) =>
        await page.EvaluateAsync("() => { ear.begins.length = ear.ends.length = ear.heard.length = 0; }");
}
