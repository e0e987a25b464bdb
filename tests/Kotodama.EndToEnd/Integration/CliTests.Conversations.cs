using System.Text.Json.Nodes;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Memory;

namespace Kotodama.EndToEnd.Integration;

public sealed partial class CliTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Conversations_are_listed_searched_shown_exported_and_deleted_while_they_are_in_use()
    {
        await using var store = SqliteConversationStore.Open(Path.Combine(_data, "conversations.db"), new ConversationLimits(), TimeProvider.System);
        var it = await store.OpenAsync("default", "koto", Cancel);
        await store.AppendAsync("default", it.Id, new Said(ConversationRole.User, "为什么天空是蓝色的？"), Cancel);
        await store.AppendAsync("default", it.Id, new Said(ConversationRole.Assistant, "因为\e[31m阳光") { Interrupted = true }, Cancel);

        foreach (var list in new string[][] { ["conversations"], ["conversations", "list"] })
        {
            var listed = await RunAsync([.. list, "--data", _data]);
            Assert.Equal(0, listed.Code);
            Assert.Matches($"^{it.Id} .* koto +2  为什么天空是蓝色的？\n$", listed.Out);
        }

        var found = await RunAsync("conversations", "search", "蓝色", "--data", _data);
        Assert.Equal(0, found.Code);
        Assert.Contains($"{it.Id} ", found.Out, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("conversations", "search", "绿色", "--data", _data)).Code);

        var shown = (await RunAsync("conversations", "show", it.Id, "--data", _data)).Out;
        Assert.Contains("you      为什么天空是蓝色的？", shown, StringComparison.Ordinal);
        Assert.Contains("koto     因为·[31m阳光 (interrupted)", shown, StringComparison.Ordinal);

        var json = await RunAsync("conversations", "export", it.Id, "--format", "json", "--data", _data);
        Assert.Equal(2, JsonNode.Parse(json.Out)!["entries"]!.AsArray().Count);
        Assert.StartsWith("# 为什么天空是蓝色的？\n", (await RunAsync("conversations", "export", it.Id, "--data", _data)).Out, StringComparison.Ordinal);
        Assert.NotEqual(0, (await RunAsync("conversations", "export", it.Id, "--format", "pdf", "--data", _data)).Code);

        var foreign = await RunAsync("conversations", "delete", it.Id, "--channel", "other", "--data", _data);
        Assert.Equal(1, foreign.Code);
        Assert.Contains("has no such conversation. kotodama conversations list shows which there are.", foreign.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("conversations", "delete", it.Id, "--data", _data)).Code);
        Assert.Empty(await store.ListAsync("default", 10, Cancel));
        Assert.NotEqual(it.Id, (await store.OpenAsync("default", "koto", Cancel)).Id);
    }

    [Fact]
    public async Task Without_conversations_a_sentence_says_so()
    {
        var nothing = await RunAsync("conversations", "--data", _data);
        Assert.Equal((0, ""), (nothing.Code, nothing.Out));
        Assert.Contains("There are no conversations yet", nothing.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("conversations", "show", "x", "--data", _data)).Code);
        Assert.False(File.Exists(Path.Combine(_data, "conversations.db")));
        await File.WriteAllTextAsync(Path.Combine(_data, "conversations.db"), new string('x', 5_000), Cancel);
        Assert.Contains("is damaged", (await RunAsync("conversations", "--data", _data)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Characters_are_listed_with_what_is_wrong()
    {
        var fine = await RunAsync("characters", "--data", _data);
        Assert.Equal(0, fine.Code);
        Assert.Contains("koto         Koto / 小言 / コト en, zh, ja", fine.Out, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_data, "characters", "rin"));
        await File.WriteAllTextAsync(Path.Combine(_data, "characters", "rin", "character.json"), "{\n\"name\": 7, \"prompt\": \"a\"}", Cancel);
        var bad = await RunAsync(["characters"], "", null, ("KOTODAMA_CHARACTERS", Path.Combine(_data, "characters")));
        Assert.Equal(1, bad.Code);
        Assert.Contains("character.json:2: name must be a text", bad.Error, StringComparison.Ordinal);
        Assert.Contains("nagi", bad.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_character_that_is_not_there_stops_the_start_and_bad_files_are_named()
    {
        Directory.CreateDirectory(Path.Combine(_data, "characters", "rin"));
        await File.WriteAllTextAsync(Path.Combine(_data, "characters", "rin", "character.json"), "no json", Cancel);
        var missing = await RunAsync("--port", "0", "--page-port", "0", "--open", "never", "--data", _data, "--llm", "demo", "--character", "rin");
        Assert.Equal(2, missing.Code);
        Assert.Contains("There is no character rin; there are kitsu, koto, nagi.", missing.Error, StringComparison.Ordinal);
        Assert.Contains($"rin{Path.DirectorySeparatorChar}character.json:1", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_character_is_named_once_in_the_log_of_the_start()
    {
        Directory.CreateDirectory(Path.Combine(_data, "characters", "rin"));
        await File.WriteAllTextAsync(Path.Combine(_data, "characters", "rin", "character.json"), "no json", Cancel);
        using var serve = Start(["--port", "0", "--page-port", "0", "--open", "never", "--data", _data, "--llm", "demo"]);
        Assert.Contains("warn:", await LineAsync(serve.StandardOutput, "character.json:1"), StringComparison.Ordinal);
        await TestProcess.SignalAsync(serve.Id, "INT");
        await serve.WaitForExitAsync(Cancel).InTime("the hub to end");
        Assert.DoesNotContain("character.json", await serve.StandardError.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", "no language model was found")]
    [InlineData("demo", "the built-in demo")]
    [InlineData("http://127.0.0.1:1", "the server's model of OpenAI-compatible at http://127.0.0.1:1/v1")]
    public void The_start_says_who_answers(string server, string expected)
    {
        var choice = server.StartsWith("http", StringComparison.Ordinal) ? new LlmChoice("OpenAI-compatible", new Uri(server + "/v1")) : new LlmChoice("built-in demo", IsDemo: true);
        Assert.Contains(expected, Kotodama.Cli.Commands.ServeCommand.Introduction(choice, server == "auto"), StringComparison.Ordinal);
    }
}
