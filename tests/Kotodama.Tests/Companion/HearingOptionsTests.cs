using Kotodama.Cli;
using Kotodama.Companion;
using Kotodama.Companion.Engines.CommandLine;
using Kotodama.Companion.Engines.FunAsr;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.Hosting;
using Kotodama.Voice.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kotodama.Tests.Companion;

public sealed class HearingOptionsTests
{
    private static readonly Uri Local = new("http://127.0.0.1:8000/v1"), LocalSocket = new("ws://127.0.0.1:10095");

    [Fact]
    public void Who_has_an_address_or_a_program_is_asked_and_PocketSphinx_last()
    {
        Assert.Equal(["pocketsphinx"], RecognizerEngines.BuiltIn.Order(new HearingOptions()));
        var options = All();
        Assert.Null(RecognizerEngines.BuiltIn.Validate(options));
        Assert.Equal(["openai", "funasr", "command", "pocketsphinx"], RecognizerEngines.BuiltIn.Order(options));
        options.Engines.Add("Command");
        options.Engines.Add("openai");
        Assert.Equal(["command", "openai"], RecognizerEngines.BuiltIn.Order(options));
    }

    public static TheoryData<string, Action<object>> Wrong => new()
    {
        { "Engines must be some of openai, funasr, command, pocketsphinx, got sapi", Set(o => o.Engines.Add("sapi")) },
        { "Engines must be without repetitions", Set(o => { o.Engines.Add("command"); o.Engines.Add("COMMAND"); }) },
        { "Language must be auto or a tag", Set(o => o.Language = "Chinese, please") },
        { "Timeout must be above zero", Set(o => o.Timeout = TimeSpan.Zero) },
        { "FunAsr:Timeout must be above zero", Set(o => o.FunAsr.Timeout = TimeSpan.FromHours(1)) },
        { "OpenAi:Address is not set", Set(o => o.Engines.Add("openai")) },
        { "OpenAi:Address must be an address", Set(o => o.OpenAi.Address = LocalSocket) },
        { "OpenAi:Address must be an address", Set(o => o.OpenAi.Address = new Uri("http://user:pass@a/v1")) },
        { "OpenAi:Path must be what comes after", Set(o => o.OpenAi.Path = " ") },
        { "OpenAi:Path must be what comes after", Set(o => o.OpenAi.Path = "//example.org/x") },
        { "OpenAi:Path must be what comes after", Set(o => o.OpenAi.Path = "http://example.org/x") },
        { "OpenAi:Path must be what comes after", Set(o => o.OpenAi.Path = "inference?key=1") },
        { "OpenAi:Format must be json, verbose_json or text", Set(o => o.OpenAi.Format = "srt") },
        { "FunAsr:Address must be an address", Set(o => o.FunAsr.Address = Local) },
        { "FunAsr:Address is not set", Set(o => o.Engines.Add("funasr")) },
        { "FunAsr:Mode must be 2pass, online or offline", Set(o => o.FunAsr.Mode = "3pass") },
        { "FunAsr:Connections must be 1 to 1000", Set(o => o.FunAsr.Connections = 0) },
        { "Command:Program must be a program", Set(o => o.Engines.Add("command")) },
        { "PocketSphinx:Grammar must be a path", Set(o => o.PocketSphinx.Grammar = "") },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_setting_that_makes_no_sense_is_named(string message, Action<object> set)
    {
        var options = new HearingOptions();
        set(options);
        Assert.StartsWith($"The setting Kotodama:Hearing:{message}", RecognizerEngines.BuiltIn.Validate(options), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RecognizerEngines.BuiltIn.Create(options, _ => null, new ManualTime(), new TestLog()));
    }

    [Fact]
    public async Task The_chain_has_the_engines_of_the_settings_in_their_order()
    {
        var options = All();
        foreach (var engine in new[] { "command", "funasr", "openai" })
            options.Engines.Add(engine);
        await using var chain = RecognizerEngines.BuiltIn.Create(options, _ => null, new ManualTime(), new TestLog());
        Assert.Equal(["command", "funasr", "openai"], chain!.Engines.Select(e => e.Id));
        Assert.Null(RecognizerEngines.BuiltIn.Problem(options));
    }

    [Fact]
    public void No_engine_that_hears_is_no_chain_and_a_reason()
    {
        var off = All();
        off.Enabled = false;
        Assert.Null(RecognizerEngines.BuiltIn.Create(off, _ => null, new ManualTime(), new TestLog()));
        Assert.Contains("KOTODAMA_ASR", RecognizerEngines.BuiltIn.Problem(off), StringComparison.Ordinal);

        var none = new HearingOptions();
        none.PocketSphinx.Grammar = "/no/such/grammar";
        none.Engines.Add("pocketsphinx");
        var log = new TestLog();
        Assert.Null(RecognizerEngines.BuiltIn.Create(none, _ => null, new ManualTime(), log));
        Assert.Contains("Kotodama:Hearing:OpenAi:Address", RecognizerEngines.BuiltIn.Problem(none), StringComparison.Ordinal);
        Assert.StartsWith("Hearing engine pocketsphinx is left out: ", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_come_from_configuration()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kotodama:Hearing:Language"] = "zh-CN",
            ["Kotodama:Hearing:Timeout"] = "00:00:20",
            ["Kotodama:Hearing:OpenAi:Address"] = "http://127.0.0.1:8080",
            ["Kotodama:Hearing:OpenAi:Path"] = "inference",
            ["Kotodama:Hearing:OpenAi:Model"] = "",
            ["Kotodama:Hearing:FunAsr:Address"] = "ws://127.0.0.1:10095",
            ["Kotodama:Hearing:FunAsr:Languages:0"] = "zh",
            ["Kotodama:Hearing:Command:Program"] = "whisper-cli",
            ["Kotodama:Hearing:Command:Arguments:0"] = "-nt",
            ["Kotodama:Hearing:PocketSphinx:Grammar"] = "/home/me/commands.jsgf",
        };
        foreach (var (key, value) in ShortSettings.Asr("command, funasr"))
            settings[key] = value;
        var options = KotodamaSettings.ReadCompanion(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).Hearing;
        Assert.Equal(["command", "funasr"], RecognizerEngines.BuiltIn.Order(options));
        Assert.Equal(("zh-CN", TimeSpan.FromSeconds(20), "inference", "", "zh"), (options.Language, options.Timeout, options.OpenAi.Path, options.OpenAi.Model, Assert.Single(options.FunAsr.Languages)));
        Assert.Equal(("whisper-cli", "-nt", "/home/me/commands.jsgf"), (options.Command.Program, Assert.Single(options.Command.Arguments), options.PocketSphinx.Grammar));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("auto", null, true)]
    [InlineData("off", null, false)]
    [InlineData("OpenAI", "openai", true)]
    [InlineData("sapi", "The setting Kotodama:Hearing:Engines must be some of", true)]
    public void The_option_names_engines_or_switches_off(string? asr, string? expected, bool enabled)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(ShortSettings.Asr(asr).Append(new("Kotodama:Hearing:OpenAi:Address", "http://a/"))).Build();
        if (expected?.StartsWith("The setting", StringComparison.Ordinal) == true)
        {
            var e = Assert.Throws<OptionsValidationException>(() => KotodamaSettings.ReadCompanion(configuration));
            Assert.StartsWith(expected, e.Message, StringComparison.Ordinal);
            return;
        }

        var options = KotodamaSettings.ReadCompanion(configuration).Hearing;
        Assert.Equal(enabled, options.Enabled);
        Assert.Equal(expected ?? "openai,pocketsphinx", string.Join(',', RecognizerEngines.BuiltIn.Order(options)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000/v1", null, "own")]
    [InlineData("https://api.openai.com/v1", "of OpenAI", "own")]
    public void A_server_gets_the_key_that_is_meant_for_it(string address, string? key, string own)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["OPENAI_API_KEY"] = "of OpenAI", ["KOTODAMA_TTS_KEY"] = "of the voice" };
        Assert.Equal(key, EngineKeys.For(new Uri(address), environment.GetValueOrDefault, EngineKeys.Hearing));
        environment["KOTODAMA_ASR_KEY"] = own;
        Assert.Equal(own, EngineKeys.For(new Uri(address), environment.GetValueOrDefault, EngineKeys.Hearing));
    }

    private static Action<object> Set(Action<HearingOptions> set) => o => set((HearingOptions)o);

    private static HearingOptions All()
    {
        var options = new HearingOptions { Command = new CommandLineHearingOptions { Program = "whisper-cli" } };
        options.OpenAi.Address = Local;
        options.FunAsr.Address = LocalSocket;
        return options;
    }
}
