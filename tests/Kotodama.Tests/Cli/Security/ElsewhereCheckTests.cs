using Kotodama.Cli.Security;
using Kotodama.Companion.Chat;
using Kotodama.Hosting;
using Kotodama.Server;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Tests.Cli.Security;

/// <summary>What leaves the machine, as <c>kotodama doctor --security</c> grades it.</summary>
public sealed class ElsewhereCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-security-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("auto", "Ok")]
    [InlineData("off", "Ok")]
    [InlineData("demo", "Ok")]
    [InlineData("http://127.0.0.1:11434/v1", "Ok")]
    [InlineData("http://[::1]:11434/v1", "Ok")]
    [InlineData("https://llm.test/v1", "Note")]
    [InlineData("http://192.168.1.5:11434/v1", "Warning")]
    [InlineData("http://llm.test/v1", "Danger")]
    [InlineData("http://8.8.8.8/v1", "Danger")]
    public void A_language_model_is_graded_by_who_hears_what_users_say(string server, string grade) =>
        Assert.Equal(grade, Assert.Single(ElsewhereCheck.LanguageModel(new LlmOptions { Server = server }, _folder)).Grade.ToString());

    [Fact]
    public void Each_fallback_is_named_once_and_no_part_of_an_address_that_may_hold_a_key()
    {
        var llm = new LlmOptions { Server = "https://llm.test/v1" };
        foreach (var server in new[] { "https://user:planted@other.test/v1?key=planted", "https://llm.test/v1", "nothing" })
            llm.Fallbacks.Add(new LlmFallback { Server = server, Model = "m" });
        var findings = ElsewhereCheck.LanguageModel(llm, _folder).ToArray();
        Assert.Equal(2, findings.Length);
        Assert.Contains(findings, f => f.Thing.Contains("https://other.test", StringComparison.Ordinal));
        Assert.All(findings, f => Assert.DoesNotContain("planted", $"{f}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"Server":"https://chosen.test/v1","Model":"m"}""", "auto", "Note")]
    [InlineData("""{"Server":"https://chosen.test/v1"}""", "demo", "Ok")]
    [InlineData("""{"Server":null}""", "auto", "Ok")]
    [InlineData("[1]", "auto", "Ok")]
    [InlineData("", "auto", "Warning")]
    [InlineData("{ broken", "auto", "Warning")]
    public void What_a_user_chose_on_the_page_counts_while_the_settings_name_none(string text, string server, string grade)
    {
        File.WriteAllText(Path.Combine(_folder, "llm.json"), text);
        var findings = SecurityReport.Sort(ElsewhereCheck.LanguageModel(new LlmOptions { Server = server }, _folder));
        Assert.Equal(grade, findings[0].Grade.ToString());
    }

    [Theory]
    [InlineData("openai", "Voice:OpenAi:Address", "http://8.8.8.8/v1", "Danger", "What the character says goes to the engine openai at http://8.8.8.8")]
    [InlineData("openai", "Voice:OpenAi:Address", "https://tts.test/v1", "Note", "engine openai at https://tts.test, with TLS")]
    [InlineData("edge", null, null, "Note", "engine edge at wss://speech.platform.bing.com")]
    [InlineData("openai", "Voice:OpenAi:Address", "http://127.0.0.1:9/v1", "Ok", "which is this machine")]
    [InlineData("browser", null, null, "Note", "browsers do")]
    public void An_engine_that_speaks_is_graded_by_where_it_is(string engine, string? key, string? value, string grade, string said)
    {
        var configuration = Configuration(("Voice:Engines:0", engine), (key ?? "Open", value ?? "never"));
        var findings = ElsewhereCheck.Engines(KotodamaSettings.ReadVoice(configuration), KotodamaSettings.ReadCompanion(configuration).Hearing).ToArray();
        Assert.Contains(findings, f => f.Grade.ToString() == grade && f.Thing.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_recognizer_elsewhere_gets_the_sound_of_the_microphone_and_a_program_is_named()
    {
        var configuration = Configuration(
            ("Hearing:Engines:0", "openai"), ("Hearing:OpenAi:Address", "http://192.168.1.5/v1"), ("Voice:Engines:0", "command"), ("Voice:Command:Program", "say"));
        var findings = ElsewhereCheck.Engines(KotodamaSettings.ReadVoice(configuration), KotodamaSettings.ReadCompanion(configuration).Hearing).ToArray();
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Warning && f.Thing.StartsWith("The sound of the microphone", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Note && f.Thing.Contains("program of yours", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("3.53.4", "Ok")]
    [InlineData("3.51.3", "Ok")]
    [InlineData("3.51.2", "Warning")]
    [InlineData("unknown", "Warning")]
    public void SQLite_is_graded_by_its_version(string version, string grade) => Assert.Equal(grade, ElsewhereCheck.Sqlite(version).Grade.ToString());

    [Fact]
    public void The_SQLite_that_is_shipped_is_well() => Assert.Equal(SecurityGrade.Ok, ElsewhereCheck.Sqlite().Grade);

    [Theory]
    [InlineData("Logging:LogLevel:Default", "Trace", 1)]
    [InlineData("Logging:Console:LogLevel:Kotodama.Server", "trace", 1)]
    [InlineData("Logging:LogLevel:Default", "Debug", 0)]
    public void A_log_that_repeats_what_is_said_is_a_warning(string key, string level, int count) =>
        Assert.Equal(count, ElsewhereCheck.LogLevels(new ConfigurationBuilder().AddInMemoryCollection([new(key, level)]).Build()).Count(f => f.Grade == SecurityGrade.Warning));

    [Fact]
    public void Models_that_are_links_and_a_Core_of_another_host_are_told()
    {
        Assert.Empty(ElsewhereCheck.Models(_folder, new ModelLimits()));
        var models = Directory.CreateDirectory(Path.Combine(_folder, "models"));
        models.CreateSubdirectory("hiyori");
        models.CreateSubdirectory("_core");
        Assert.StartsWith("1 model:", Assert.Single(ElsewhereCheck.Models(_folder, new ModelLimits())).Thing, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Directory.CreateSymbolicLink(Path.Combine(models.FullName, "linked"), _folder);
        var findings = ElsewhereCheck.Models(_folder, new ModelLimits { CoreAddress = new Uri("https://core.test/core.js") }).ToArray();
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Warning && f.Thing.Contains("core.test", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Contains(findings, f => f.Grade == SecurityGrade.Note && f.Thing.Contains("linked", StringComparison.Ordinal));
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Kotodama:{s.Key}", (string?)s.Value))).Build();
}
