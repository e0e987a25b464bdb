using Kotodama.Hosting;
using Kotodama.Voice;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Engines.Edge;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Engines.GptSoVits;
using Kotodama.Voice.Engines.OpenAi;
using Kotodama.Voice.Settings;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Tests.Voice;

public sealed class VoiceOptionsTests
{
    private static readonly Uri Local = new("http://127.0.0.1:8880/v1");

    [Fact]
    public void Without_any_setting_only_what_needs_no_server_speaks()
    {
        var options = new VoiceOptions();
        Assert.Null(SpeechEngines.BuiltIn.Validate(options));
        Assert.Equal(["espeak", "browser", "silent"], SpeechEngines.BuiltIn.Order(options));
    }

    [Fact]
    public void A_server_with_an_address_comes_first_and_Edge_only_when_named()
    {
        var options = Options(o => o.OpenAi.Address = Local, o => o.Command = new CommandLineOptions { Program = "piper" });
        AddSoVits(options);
        Assert.Equal(["openai", "sovits", "espeak", "command", "browser", "silent"], SpeechEngines.BuiltIn.Order(options));
        Assert.Equal(["edge", "espeak", "silent"], SpeechEngines.BuiltIn.Order(Options(o => o.Engines.Add("Edge"), o => o.Engines.Add("silent"), o => o.Engines.Add("espeak"))));
        Assert.Null(SpeechEngines.BuiltIn.Validate(options));
    }

    public static TheoryData<string, Action<object>> Wrong => new()
    {
        { "Engines must be some of openai, sovits, edge, espeak, command, browser, silent, got sapi", Set(o => o.Engines.Add("sapi")) },
        { "Engines must be without repetitions", Set(o => { o.Engines.Add("edge"); o.Engines.Add("EDGE"); }) },
        { "Speed must be 0.25 to 4", Set(o => o.Speed = double.NaN) },
        { "FirstSound must be above zero", Set(o => o.FirstSound = TimeSpan.Zero) },
        { "OpenAi:FirstSound must be above zero", Set(o => o.OpenAi.FirstSound = TimeSpan.FromHours(1)) },
        { "OpenAi:Address is not set", Set(o => o.Engines.Add("openai")) },
        { "OpenAi:Address must be an address", Set(o => o.OpenAi.Address = new Uri("ftp://a")) },
        { "OpenAi:Address must be an address", Set(o => o.OpenAi.Address = new Uri("http://user:pass@a/v1")) },
        { "OpenAi:Address must be an address", Set(o => o.OpenAi.Address = new Uri("127.0.0.1/v1", UriKind.Relative)) },
        { "OpenAi:Format must be pcm, wav, mp3 or opus", Set(o => o.OpenAi.Format = "aac") },
        { "OpenAi:Rate must be 8000 to 48000", Set(o => o.OpenAi.Rate = 96_000) },
        { "OpenAi:Voice must be a name", Set(o => o.OpenAi.Voice = " ") },
        { "GptSoVits:Address is not set", Set(o => o.Engines.Add("sovits")) },
        { "GptSoVits:Voice must be a name in GptSoVits:Voices", Set(o => o.GptSoVits.Address = Local) },
        { "GptSoVits:Streaming must be 0 to 3", Set(o => { AddSoVits(o); o.GptSoVits.Streaming = 4; }) },
        { "GptSoVits:Voices:default:Audio must be the path", Set(o => { AddSoVits(o); o.GptSoVits.Voices["default"].Audio = ""; }) },
        { "GptSoVits:Voices:default:Language must be zh, en, ja, ko or yue", Set(o => { AddSoVits(o); o.GptSoVits.Voices["default"].Language = "de"; }) },
        { "Espeak:Pitch must be 0 to 100", Set(o => o.Espeak = new EspeakOptions { Pitch = 101 }) },
        { "Espeak:WordsPerMinute must be 80 to 450", Set(o => o.Espeak = new EspeakOptions { WordsPerMinute = 10 }) },
        { "Command:Program must be a program", Set(o => o.Engines.Add("command")) },
        { "Command:RawRate must be 0 or 8000 to 48000", Set(o => o.Command = new CommandLineOptions { Program = "piper", RawRate = 1 }) },
        { "Command:Stall must be above zero", Set(o => o.Command = new CommandLineOptions { Program = "piper", Stall = TimeSpan.Zero }) },
        { "Edge:Address must be an address", Set(o => o.Edge.Address = new Uri("https://a")) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_setting_that_makes_no_sense_is_named(string message, Action<object> set)
    {
        var options = new VoiceOptions();
        set(options);
        Assert.StartsWith($"The setting Kotodama:Voice:{message}", SpeechEngines.BuiltIn.Validate(options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8880/v1", null)]
    [InlineData("https://api.openai.com.example.org/v1", null)]
    [InlineData("http://api.openai.com/v1", null)]
    [InlineData("https://api.openai.com/v1", "of OpenAI")]
    public void The_key_of_OpenAI_goes_to_OpenAI_only(string address, string? key)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["OPENAI_API_KEY"] = "of OpenAI" };
        Assert.Equal(key, EngineKeys.For(new Uri(address), environment.GetValueOrDefault));
        environment["KOTODAMA_TTS_KEY"] = "own";
        Assert.Equal("own", EngineKeys.For(new Uri(address), environment.GetValueOrDefault));
    }

    [Fact]
    public async Task The_chain_has_the_engines_of_the_settings_in_their_order()
    {
        var options = Options(o => o.OpenAi.Address = Local, AddSoVits, o => o.Command = new CommandLineOptions { Program = "piper" });
        foreach (var engine in SpeechEngines.BuiltIn.Names.Reverse())
            options.Engines.Add(engine);
        await using var chain = SpeechEngines.BuiltIn.Create(options, _ => null, new ManualTime(), new TestLog());
        Assert.Equal(["browser", "command", "espeak", "edge", "sovits", "openai", "silent"], chain.Engines.Select(e => e.Name));
    }

    [Fact]
    public void Settings_come_from_configuration()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Engines:0"] = "command",
            ["Engines:1"] = "openai",
            ["FirstSound"] = "00:00:08",
            ["OpenAi:Address"] = "http://127.0.0.1:8880/v1",
            ["OpenAi:Voices:JA"] = "jf_alpha",
            ["GptSoVits:Voices:me:Audio"] = "/a.wav",
            ["Edge:Voices:en"] = "en-GB-SoniaNeural",
            ["Espeak:Variant"] = "",
            ["Espeak:Voices:en"] = "en-gb",
            ["Command:Program"] = "piper",
            ["Command:Arguments:0"] = "--raw",
            ["Command:RawRate"] = "22050",
        };
        var named = settings.Select(s => KeyValuePair.Create($"Kotodama:Voice:{s.Key}", s.Value));
        var options = KotodamaSettings.ReadVoice(new ConfigurationBuilder().AddInMemoryCollection(named).Build());
        Assert.Null(SpeechEngines.BuiltIn.Validate(options));
        Assert.Equal(["command", "openai", "silent"], SpeechEngines.BuiltIn.Order(options));
        Assert.Equal((TimeSpan.FromSeconds(8), Local, "jf_alpha", "/a.wav"), (options.FirstSound, options.OpenAi.Address, options.OpenAi.Voices["ja"], options.GptSoVits.Voices["ME"].Audio));
        Assert.Equal(("en-GB-SoniaNeural", "zh-CN-XiaoxiaoNeural"), (options.Edge.Voices["en"], options.Edge.Voices["zh"]));
        Assert.Equal(("", "en-gb"), (options.Espeak.Variant, options.Espeak.Voices["en"]));
        Assert.Equal(("piper", "--raw", 22_050), (options.Command.Program, Assert.Single(options.Command.Arguments), options.Command.RawRate));
    }

    private static Action<object> Set(Action<VoiceOptions> set) => o => set((VoiceOptions)o);

    private static VoiceOptions Options(params Action<VoiceOptions>[] sets)
    {
        var options = new VoiceOptions();
        foreach (var set in sets)
            set(options);
        return options;
    }

    private static void AddSoVits(VoiceOptions options)
    {
        options.GptSoVits.Address = new Uri("http://127.0.0.1:9880");
        options.GptSoVits.Voices["default"] = new GptSoVitsVoice { Audio = "/a.wav" };
    }
}
