using Kotodama.Companion.Chat;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Tests.Companion.Chat;

public sealed class LlmOptionsTests
{
    public static TheoryData<string, Action<object>> Wrong => new()
    {
        { "Server must be auto, off, demo or an address", Set(o => o.Server = "localhost:11434") },
        { "Server must be auto, off, demo or an address", Set(o => o.Server = "ftp://a") },
        { "Server must be auto, off, demo or an address", Set(o => o.Server = "http://user:zqSecret@a/v1") },
        { "Server must be auto, off, demo or an address", Set(o => o.Server = "http://a/v1?key=zqSecret") },
        { "Server must be auto, off, demo or an address", Set(o => o.Server = null!) },
        { "Model must be a name", Set(o => o.Model = " ") },
        { "Key must be a key", Set(o => o.Key = "zqSecret zqSecret") },
        { "Key must be a key", Set(o => o.Key = "zqSecret\r\nX: y") },
        { "Temperature must be 0 to 2, got NaN", Set(o => o.Temperature = float.NaN) },
        { "ContextTokens must be 512 to 10000000, got 0", Set(o => o.ContextTokens = 0) },
        { "Rounds must be 1 to 1000, got 0", Set(o => o.Rounds = 0) },
        { "Connect must be above zero", Set(o => o.Connect = TimeSpan.Zero) },
        { "FirstToken must be above zero", Set(o => o.FirstToken = TimeSpan.FromHours(1)) },
        { "Stall must be above zero", Set(o => o.Stall = TimeSpan.FromSeconds(-1)) },
        { "Fallbacks:0:Server must be an address", Set(o => o.Fallbacks.Add(new LlmFallback { Model = "m" })) },
        { "Fallbacks:0:Model must be a name", Set(o => o.Fallbacks.Add(new LlmFallback { Server = "http://a" })) },
        { "Fallbacks:1:Key must be a key", Set(o => { o.Fallbacks.Add(new LlmFallback { Server = "http://a", Model = "m" }); o.Fallbacks.Add(new LlmFallback { Server = "http://a", Model = "m", Key = "zqSecret é" }); }) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_setting_that_makes_no_sense_is_named_and_no_secret_repeated(string message, Action<object> set)
    {
        var options = new LlmOptions();
        set(options);
        var problem = options.Validate();
        Assert.StartsWith($"The setting Kotodama:Llm:{message}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("zqSecret", problem, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LlmSelector(options));
    }

    [Theory]
    [InlineData("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1")]
    [InlineData(" http://127.0.0.1:11434/ ", "http://127.0.0.1:11434/v1")]
    [InlineData("https://api.openai.com/v1/", "https://api.openai.com/v1")]
    [InlineData("https://host/openai/v1/chat/completions", "https://host/openai/v1")]
    [InlineData("http://[::1]:8000/chat/completions", "http://[::1]:8000/v1")]
    public void Addresses_are_read_as_people_write_them(string text, string address) => Assert.Equal(address, new LlmOptions { Server = text }.Address!.AbsoluteUri);

    [Theory]
    [InlineData("http://127.0.0.1:11434/v1", null, null)]
    [InlineData("https://api.openai.com.example.org/v1", null, null)]
    [InlineData("http://api.openai.com/v1", null, null)]
    [InlineData("https://api.openai.com/v1", null, "of-OpenAI")]
    [InlineData("https://api.openai.com/v1", " own ", "own")]
    public void The_key_of_OpenAI_goes_to_OpenAI_only(string address, string? own, string? key) =>
        Assert.Equal(key, LlmKeys.For(new Uri(address), own, name => name == "OPENAI_API_KEY" ? "of-OpenAI" : "zqSecret"));

    [Fact]
    public void Settings_come_from_configuration()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Server"] = "http://127.0.0.1:1234",
            ["Model"] = "qwen",
            ["Temperature"] = "0.7",
            ["Think"] = "true",
            ["FirstToken"] = "00:01:00",
            ["Fallbacks:0:Server"] = "https://api.openai.com",
            ["Fallbacks:0:Model"] = "gpt",
        };
        var options = new LlmOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Bind(options);
        Assert.Null(options.Validate());
        Assert.Equal(("qwen", 0.7f, true, TimeSpan.FromMinutes(1), "gpt"), (options.Model, options.Temperature, options.Think, options.FirstToken, options.Fallbacks.Single().Model));
    }

    [Theory]
    [InlineData("qwen3:8b", "nomic-embed-text:latest", "qwen3:8b")]
    [InlineData("qwen2.5-coder:7b", "llama3.2:3b", "llama3.2:3b")]
    [InlineData("deepseek-r1:8b", "gpt-oss:120b-cloud", "deepseek-r1:8b")]
    [InlineData("gpt-oss:120b-cloud", "glm:cloud", null)]
    public void The_model_that_is_taken_is_made_for_talking_and_runs_here(string first, string second, string? taken) =>
        Assert.Equal(taken, new LlmServer("Ollama", new Uri("http://a"), [.. new[] { first, second }.Where(LlmModels.CanTalk)]).DefaultModel);

    private static Action<object> Set(Action<LlmOptions> set) => o => set((LlmOptions)o);
}
