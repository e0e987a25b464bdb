using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Chat;
using Kotodama.Hosting;
using Kotodama.Samples.Engines;
using Kotodama.Voice;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kotodama.Tests.Hosting;

/// <summary>The engine of an author who has nothing but the packages, tested as docs/voice.md says.</summary>
public sealed class BeepSynthesizerTests : SpeechSynthesizerSuite
{
    protected override Task<SpeechRig> StartAsync() => Task.FromResult(new SpeechRig(new BeepSynthesizer(new BeepOptions())));
}

/// <summary>The same for one that hears, as docs/hearing.md says.</summary>
public sealed class LoudnessRecognizerTests : RecognizerSuite
{
    protected override Task<RecognizerRig> StartAsync() =>
        Task.FromResult(new RecognizerRig(new LoudnessRecognizer(new LoudnessOptions()), [.. Enumerable.Repeat((byte)0x60, 32_000)], "You are loud."));
}

/// <summary>A program adds engines of its own.</summary>
public sealed class OwnEngineTests
{
    [Fact]
    public async Task It_is_asked_first_has_a_section_of_its_own_and_may_be_named()
    {
        await using var services = Services(("Kotodama:Voice:Beep:Pitch", "600"), ("Kotodama:Hearing:Loudness:Loud", "7"));
        Assert.Equal(["beep", "espeak", "browser", "silent"], services.GetRequiredService<SpeechChain>().Engines.Select(e => e.Name));
        Assert.Equal(600, services.GetRequiredService<IOptions<VoiceOptions>>().Value.Of<BeepOptions>().Pitch);
        var companion = services.GetRequiredService<IOptions<CompanionOptions>>().Value;
        Assert.Equal(7, companion.Hearing.Of<LoudnessOptions>().Loud);
        Assert.Equal("loudness", services.GetRequiredService<RecognizerEngines>().Order(companion.Hearing)[0]);

        await using var named = Services(("Kotodama:Voice:Engines:0", "browser"), ("Kotodama:Voice:Engines:1", "Beep"), ("Kotodama:Hearing:Engines:0", "loudness"));
        Assert.Equal(["browser", "beep", "silent"], named.GetRequiredService<SpeechChain>().Engines.Select(e => e.Name));
        Assert.Equal(["loudness"], named.GetRequiredService<RecognizerEngines>().Order(named.GetRequiredService<IOptions<CompanionOptions>>().Value.Hearing));
    }

    [Theory]
    [InlineData("Voice:Beep:Pitch", "20", "must be 50 to 5000 vibrations a second, got 20.")]
    [InlineData("Voice:Beep:Pitch", "high", "cannot be \"high\": it must be a number.")]
    [InlineData("Voice:Engines:0", "bell", "must be some of beep, openai, sovits, edge, espeak, command, browser, silent, got bell.")]
    [InlineData("Voice:Speed", "fast", "cannot be \"fast\": it must be a number.")]
    [InlineData("Voice:Stall", "1 minute", "cannot be \"1 minute\": it must be a time such as 00:00:05.")]
    [InlineData("Hearing:Enabled", "perhaps", "cannot be \"perhaps\": it must be true or false.")]
    [InlineData("Hearing:Loudness:Loud", "0", "must be 1 to 32767, got 0.")]
    [InlineData("Hearing:FunAsr:Connections", "many", "cannot be \"many\": it must be a whole number.")]
    [InlineData("Llm:Rounds", "1.5", "cannot be \"1.5\": it must be a whole number.")]
    public async Task A_setting_that_makes_no_sense_stops_the_start_with_one_sentence(string key, string value, string sentence)
    {
        await using var services = Services(($"Kotodama:{key}", value));
        var e = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        var failure = Assert.Single(e.Failures);
        Assert.StartsWith($"The setting Kotodama:{key.Replace(":0", "", StringComparison.Ordinal)}", failure, StringComparison.Ordinal);
        Assert.Contains(sentence, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_used_once_and_has_the_signs_of_a_name()
    {
        Assert.Throws<ArgumentException>(() => SpeechEngines.BuiltIn.With(new BeepKind(), new BeepKind()));
        Assert.Throws<ArgumentException>(() => new Loud());
    }

    [Fact]
    public async Task The_settings_page_tests_the_engines_that_are_in_use()
    {
        var flaky = new Flaky();
        await using var services = Add(kotodama => kotodama.AddSpeechEngine(flaky), ("Kotodama:Voice:Engines:0", "flaky"), ("Kotodama:Hearing:Engines:0", "loudness"));
        var options = services.GetRequiredService<IOptions<CompanionOptions>>().Value;
        var (recognizers, time) = (services.GetRequiredService<RecognizerEngines>(), new ManualTime());
        await using var hearing = recognizers.Create(options.Hearing, _ => null, time, new TestLog());
        using var mind = new LlmSelector(options.Llm);
        var speaking = services.GetRequiredService<SpeakingEngines>();
        var desk = new EngineDesk(mind, new HearingEngines(options.Hearing, recognizers, hearing), speaking, time);

        Assert.Equal(new EngineTrial(true, 0, "a second of silence"), await desk.TryAsync(EngineKind.Asr, "loudness", Token));
        Assert.Equal(new EngineTrial(false, 0, "It is broken."), await desk.TryAsync(EngineKind.Tts, "flaky", Token));
        Assert.Equal(new EngineReport(EngineKind.Tts, "flaky", "It is broken."), desk.List()[2]);
        Assert.Equal("It is broken.", speaking.Chain.States[0].Reason);

        flaky.Works = true;
        Assert.Equal(new EngineTrial(true, 0, "first sound"), await desk.TryAsync(EngineKind.Tts, "flaky", Token));
        Assert.Equal([null, null, null, null], desk.List().Select(engine => engine.Problem));
        Assert.Equal("There is no engine bell.", (await desk.TryAsync(EngineKind.Tts, "bell", Token)).Detail);
        Assert.Equal("There is no engine bell.", (await desk.TryAsync(EngineKind.Asr, "bell", Token)).Detail);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ServiceProvider Services(params (string Key, string Value)[] settings) =>
        Add(kotodama => kotodama.AddSpeechEngine<BeepKind>(), settings);

    private static ServiceProvider Add(Action<KotodamaBuilder> add, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)).Append(new("Kotodama:Llm:Server", "demo"))).Build());
        var kotodama = services.AddKotodama().AddVoice().AddCompanion().AddRecognizer(new LoudnessKind());
        add(kotodama);
        return services.BuildServiceProvider();
    }

    private sealed class Loud() : SpeechEngineKind("LOUD")
    {
        public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) => throw new NotSupportedException();
    }

    private sealed class Flaky() : SpeechEngineKind("flaky")
    {
        public bool Works { get; set; }

        public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) => new Synthesizer(this);

        private sealed class Synthesizer(Flaky kind) : ISpeechSynthesizer
        {
            private readonly BeepSynthesizer _beep = new(new BeepOptions());

            public string Name => kind.Name;

            public bool CanSpeak(SpeechRequest request) => true;

            public IAsyncEnumerable<SpeechChunk> SynthesizeAsync(SpeechRequest request, CancellationToken cancellationToken) =>
                kind.Works ? _beep.SynthesizeAsync(request, cancellationToken) : throw new EngineException("It is broken.");

            public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) => _beep.ListVoicesAsync(cancellationToken);

            public ValueTask DisposeAsync() => _beep.DisposeAsync();
        }
    }
}
