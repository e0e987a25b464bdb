using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Chat.OpenAi;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat.OpenAi;

/// <summary>
/// The streams in <c>Streams/</c> have the shapes of real servers, as these document them or users report them. They were written for this
/// test, not recorded. Each must mean the same wherever it is cut.
/// </summary>
public sealed class RecordedStreamTests
{
    private static readonly string Folder =
        Repository.PathOf("tests", "Kotodama.Tests", "Companion", "Chat", "OpenAi", "Streams");

    private static readonly Dictionary<string, JsonElement> Tools = new(StringComparer.Ordinal)
    {
        ["current_time"] = JsonDocument.Parse("""{"type":"object","properties":{"zone":{"type":"string"}}}""").RootElement,
    };

    public static TheoryData<string> Streams => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_server_that_the_docs_name_has_a_stream()
    {
        var told = string.Concat(Directory.EnumerateFiles(Folder).Select(File.ReadAllText));
        foreach (var server in new[] { "Ollama", "llama.cpp", "vLLM", "LM Studio", "SGLang", "DeepSeek", "Mistral", "Gemini", "Anthropic", "Groq", "OpenRouter" })
            Assert.Contains($"server: {server}", told, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task It_means_the_same_wherever_the_network_cuts_it(string file)
    {
        var (expected, body) = Read(file);
        for (var cut = 0; cut <= body.Length; cut++)
            Assert.Equal((cut, expected), (cut, await ToldAsync(new CutStream(body, cut))));
        Assert.Equal(expected, await ToldAsync(new ChunkedStream(body, 1)));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task It_means_the_same_wherever_the_model_cuts_its_text(string file)
    {
        var (expected, body) = Read(file);
        var lines = Encoding.UTF8.GetString(body).Split('\n');
        var cuts = 0;
        for (var i = 0; i < lines.Length; i++)
            foreach (var (first, second) in Cuts(lines[i]))
            {
                string[] cut = [.. lines[..i], first, "", second, .. lines[(i + 1)..]];
                var told = await ToldAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', cut))));
                Assert.Equal((first, expected), (first, told));
                cuts++;
            }

        Assert.True(cuts > 0 || !expected.Contains("said: \"[^\"]", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_connection_that_ends_within_it_says_no_reasoning_and_counts_as_whole_only_at_the_end(string file)
    {
        var (expected, body) = Read(file);
        var (said, _) = Parts(expected);
        for (var end = 0; end < body.Length; end++)
        {
            var (begun, how) = Parts(await ToldAsync(new MemoryStream(body[..end])));
            Assert.True(said.StartsWith(begun, StringComparison.Ordinal), $"At {end}: {begun}");
            Assert.True(how != "stop" || begun == said || file == "plain-proxy.txt" || file == "gemini.txt", $"At {end}: {begun} {how}");
        }
    }

    private static (string Said, string How) Parts(string told)
    {
        var fields = told.Split('\n');
        return (fields[0]["said: ".Length..], fields[^2][(fields[^2].IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    private static (string Expected, byte[] Body) Read(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file)).Split("---\n", 2);
        var head = text[0].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).ToDictionary(f => f[0], f => f[1], StringComparer.Ordinal);
        var body = head.GetValueOrDefault("lines") == "crlf" ? text[1].Replace("\n", "\r\n", StringComparison.Ordinal) : text[1];
        var end = head.TryGetValue("fails", out var code) ? $"fails: {code}" : $"end: {head["end"]}";
        var (thought, call, usage) = (head.GetValueOrDefault("reasoned"), head.GetValueOrDefault("call"), head.GetValueOrDefault("usage"));
        return ($"said: {head["said"]}\nreasoned: {thought}\ncall: {call}\n{end}\nusage: {usage}", Encoding.UTF8.GetBytes(body));
    }

    private static async Task<string> ToldAsync(Stream stream)
    {
        string said = "", thought = "", calls = "", usage = "", end;
        var reader = new ChatAnswerReader(tools: Tools);
        try
        {
            var isTold = false;
            await foreach (var item in ChatEvents.ReadAsync(new AnswerStream(stream), TestContext.Current.CancellationToken))
            {
                foreach (var piece in item.Pieces)
                    Take(reader.Read(piece));
                isTold = item.IsEnd;
                if (isTold)
                    break;
            }

            var last = reader.End(isTold);
            Take(last);
            end = $"end: {last.FinishReason}";
        }
        catch (LlmException e)
        {
            end = $"fails: {e.Code}";
        }

        return $"said: {said.Trim()}\nreasoned: {thought.Trim()}\ncall: {calls}\n{end}\nusage: {usage}";

        void Take(ChatResponseUpdate? update)
        {
            foreach (var content in update?.Contents ?? [])
                _ = content switch
                {
                    TextContent text => said += text.Text,
                    TextReasoningContent reasoning => thought += reasoning.Text,
                    FunctionCallContent call => calls += $"{call.Name} {JsonSerializer.Serialize(call.Arguments)}",
                    UsageContent cost => usage = $"{cost.Details.InputTokenCount}/{cost.Details.OutputTokenCount}",
                    _ => throw new InvalidOperationException(),
                };
        }
    }

    /// <summary>The event of a line as two, with the text cut at each place; only the second one keeps what tells the end.</summary>
    private static IEnumerable<(string First, string Second)> Cuts(string line)
    {
        var end = line.EndsWith('\r') ? "\r" : "";
        var value = line.TrimEnd('\r');
        if (!value.StartsWith("data:", StringComparison.Ordinal) || !value.EndsWith('}') || value.Contains("\\ud8", StringComparison.Ordinal) || value.Contains("\\ude", StringComparison.Ordinal) || value.Contains("\\udf", StringComparison.Ordinal))
            yield break;
        foreach (var field in new[] { "content", "reasoning_content", "reasoning" })
        {
            var text = Text(JsonNode.Parse(value[5..]), field);
            for (var at = 1; at < text?.Length; at++)
            {
                var (first, second) = (JsonNode.Parse(value[5..])!, JsonNode.Parse(value[5..])!);
                Delta(first)![field] = text[..at];
                Delta(second)![field] = text[at..];
                first["choices"]![0]!.AsObject().Remove("finish_reason");
                first.AsObject().Remove("usage");
                if (text != Text(JsonNode.Parse(first.ToJsonString()), field) + Text(JsonNode.Parse(second.ToJsonString()), field))
                    continue;
                yield return ("data: " + first.ToJsonString() + end, "data: " + second.ToJsonString() + end);
            }
        }
    }

    private static JsonNode? Delta(JsonNode? piece) => piece?["choices"] is JsonArray { Count: > 0 } choices ? choices[0]?["delta"] : null;

    private static string? Text(JsonNode? piece, string field) =>
        Delta(piece)?[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Bytes that come in two parts.</summary>
    private sealed class CutStream(byte[] bytes, int cut) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(Position < cut ? buffer[..Math.Min(buffer.Length, cut - (int)Position)] : buffer, cancellationToken);
    }
}
