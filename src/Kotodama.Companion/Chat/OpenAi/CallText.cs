using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kotodama.Companion.Text;
using Kotodama.Voice.Text.Reasoning;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>A call of a tool that a model wrote as text.</summary>
/// <param name="Name">The tool; it exists.</param>
/// <param name="Arguments">What it is called with.</param>
internal sealed record TextCall(string Name, IReadOnlyDictionary<string, object?> Arguments);

/// <summary>
/// Reads calls of tools as models write them between their signs: JSON in several shapes, a name before JSON, elements with a name, Python.
/// </summary>
internal static partial class CallText
{
    private const int LongestName = 128, MostCalls = 64;

    private static readonly string[] NameFields = ["name", "tool_name", "tool", "function_name", "recipient_name", "action", "function"];

    private static readonly string[] ArgumentFields =
        ["arguments", "parameters", "args", "params", "input", "tool_input", "action_input", "kwargs"];

    /// <summary>Whether what stands behind the sign of a call begins one.</summary>
    public static Fit Begins(string text)
    {
        var rest = text.AsSpan().TrimStart();
        if (rest.Length == 0)
            return Fit.Partial;
        if (rest[0] is '{' or '<' or '`' || (rest[0] == '[' && rest.Length > 1))
            return Fit.Whole;
        if (rest[0] == '[')
            return Fit.Partial;
        var end = rest.IndexOfAnyExcept(NameSigns);
        if (end == 0 || rest.Length > LongestName)
            return Fit.None;
        if (end < 0)
            return Fit.Partial;
        return rest[end] is '\n' or '\r' or '<' or '(' or '{' or '[' or '=' ? Fit.Whole : Fit.None;
    }

    /// <summary>Reads the calls.</summary>
    /// <param name="body">What stands between the signs.</param>
    /// <param name="tools">The tools that exist, with their schemas; other calls are left out.</param>
    public static IReadOnlyList<TextCall> Read(string body, IReadOnlyDictionary<string, JsonElement> tools)
    {
        if (tools.Count == 0)
            return [];
        var calls = new List<TextCall>();
        ReadElements(body, tools, calls);
        if (calls.Count == 0)
            ReadPairs(body, tools, calls);
        if (calls.Count == 0)
            ReadValues(body, tools, calls);
        return calls.Count <= MostCalls ? calls : calls.GetRange(0, MostCalls);
    }

    private static readonly System.Buffers.SearchValues<char> NameSigns =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-");

    /// <summary>The tool that a name means; null: none. Models put a group before it, and a number behind.</summary>
    private static string? Known(string? name, IReadOnlyDictionary<string, JsonElement> tools)
    {
        if (name is null)
            return null;
        name = name.Trim().Trim('"', '\'');
        if (tools.ContainsKey(name))
            return name;
        if (name.StartsWith("call:", StringComparison.Ordinal))
            return Known(name["call:".Length..], tools);
        var colon = name.LastIndexOf(':');
        if (colon > 0 && int.TryParse(name[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return Known(name[..colon], tools);
        if (name.EndsWith(".call", StringComparison.Ordinal))
            return Known(name[..^".call".Length], tools);
        var dot = name.IndexOf('.');
        return dot >= 0 ? Known(name[(dot + 1)..], tools) : null;
    }

    // <function=name><parameter=x>1</parameter></function>, and the same with invoke and name="…".
    private static void ReadElements(string body, IReadOnlyDictionary<string, JsonElement> tools, List<TextCall> calls)
    {
        var heads = Element().Matches(body);
        for (var i = 0; i < heads.Count; i++)
        {
            if (Known(heads[i].Groups["name"].Value, tools) is not { } name)
                continue;
            var begin = heads[i].Index + heads[i].Length;
            var inner = body[begin..(i + 1 < heads.Count ? heads[i + 1].Index : body.Length)];
            var value = new LooseValue(inner, 0);
            if (inner.AsSpan().TrimStart() is ['{', ..] && value.TryRead(out var whole) && whole is JsonObject fields)
                calls.Add(Call(name, fields));
            else
                calls.Add(Call(name, Fields(Parameter().Matches(inner), tools[name])));
        }
    }

    // name <arg_key>x</arg_key><arg_value>1</arg_value>, and <name>…</name><arguments>{…}</arguments>
    private static void ReadPairs(string body, IReadOnlyDictionary<string, JsonElement> tools, List<TextCall> calls)
    {
        var named = NameElement().Match(body);
        if (named.Success && Known(named.Groups["name"].Value, tools) is { } tool)
        {
            var value = new LooseValue(named.Groups["arguments"].Value, 0);
            calls.Add(Call(tool, value.TryRead(out var arguments) && arguments is JsonObject fields ? fields : []));
            return;
        }

        var pairs = Pair().Matches(body);
        var end = body.AsSpan().TrimStart().IndexOfAnyExcept(NameSigns);
        if (pairs.Count > 0 && end > 0 && Known(body.TrimStart()[..end], tools) is { } name)
            calls.Add(Call(name, Fields(pairs, tools[name])));
    }

    private static void ReadValues(string body, IReadOnlyDictionary<string, JsonElement> tools, List<TextCall> calls)
    {
        string? before = null;
        for (var at = 0; at < body.Length && calls.Count <= MostCalls;)
        {
            var c = body[at];
            if (c is '{' or '[')
            {
                var value = new LooseValue(body, at);
                if (!value.TryRead(out var read))
                {
                    // Half a value may be long; what stands in it is not tried again.
                    at = c == '[' ? at + 1 : body.Length;
                    continue;
                }

                at = value.At;
                var count = calls.Count;
                Collect(read, tools, calls, 0);
                if (calls.Count == count && before is not null && read is JsonObject fields)
                {
                    calls.Add(Call(before, fields));
                    before = null;
                }
            }
            else if (c is '<' && body.IndexOf('>', at) is > 0 and var close)
            {
                at = close + 1;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                var length = body.AsSpan(at).IndexOfAnyExcept(NameSigns);
                var name = length < 0 ? body[at..] : body.Substring(at, length);
                at += name.Length;
                var known = Known(name, tools);
                if (at < body.Length && body[at] == '(' && known is not null)
                    at = ReadPython(body, at + 1, known, calls);
                else
                    before = known ?? before;
            }
            else
            {
                at++;
            }
        }

        if (calls.Count == 0 && before is not null)
            calls.Add(Call(before, []));
    }

    private static int ReadPython(string body, int at, string name, List<TextCall> calls)
    {
        var fields = new JsonObject();
        var value = new LooseValue(body, at);
        while (!value.Takes(')'))
        {
            if (!value.TryReadName(out var key) || !value.Takes('=') || !value.TryRead(out var argument))
                break;
            fields[key] = argument;
            value.Takes(',');
        }

        calls.Add(Call(name, fields));
        return Math.Max(value.At, at);
    }

    private static void Collect(JsonNode? node, IReadOnlyDictionary<string, JsonElement> tools, List<TextCall> calls, int depth)
    {
        if (depth > 4)
            return;
        if (node is JsonArray list)
        {
            foreach (var item in list)
                Collect(item, tools, calls, depth + 1);
        }
        else if (node is JsonObject call)
        {
            // {"function":{"name":…,"arguments":…}} and {"tool_calls":[…]}
            foreach (var outer in new[] { "function", "tool_calls", "calls" })
                if (call[outer] is JsonObject or JsonArray)
                    Collect(call[outer], tools, calls, depth + 1);
            var name = NameFields.Select(field => Known(Text(call[field]), tools)).FirstOrDefault(known => known is not null);
            if (name is not null)
                calls.Add(Call(name, Arguments(ArgumentFields.Select(field => call[field]).FirstOrDefault(value => value is not null))));
            else if (call.Count == 1 && call.First() is { Value: JsonObject fields } only && Known(only.Key, tools) is { } key)
                calls.Add(Call(key, fields));
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject Arguments(JsonNode? node)
    {
        if (node is JsonObject fields)
            return fields;
        if (Text(node) is not { } text)
            return [];
        var inner = new LooseValue(text, 0);
        return inner.TryRead(out var read) && read is JsonObject within ? within : [];
    }

    private static JsonObject Fields(MatchCollection matches, JsonElement schema)
    {
        var fields = new JsonObject();
        foreach (Match match in matches)
        {
            var (name, text) = (match.Groups["name"].Value, match.Groups["value"].Value.Trim('\n', '\r'));
            var value = new LooseValue(text, 0);
            if (!IsText(schema, name) && value.TryRead(out var read) && value.At == text.TrimEnd().Length)
                fields[name] = read;
            else
                fields[name] = text;
        }

        return fields;
    }

    // An element has no quotes that tell the text "01" from the number.
    private static bool IsText(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(name, out var property) && property.ValueKind == JsonValueKind.Object
        && property.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("string");

    private static TextCall Call(string name, JsonObject fields) =>
        new(name, fields.ToDictionary(f => f.Key, f => (object?)JsonSerializer.SerializeToElement(f.Value), StringComparer.Ordinal));

    [GeneratedRegex(
        """<[^<>\w]*(DSML｜|[\w]+:)?(function|invoke)(=|\s+name\s*=)\s*["']?(?<name>[\w.:\-]+)["']?\s*>""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Element();

    [GeneratedRegex(
        """<[^<>\w]*(DSML｜|[\w]+:)?(parameter|param|arg)(=|\s+name\s*=)\s*["']?(?<name>[\w.\-]+)["']?[^<>]*>(?<value>.*?)</[^<>]*>""",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(
        "<(longcat_)?arg_key>(?<name>.*?)</(longcat_)?arg_key>\\s*<(longcat_)?arg_value>(?<value>.*?)</(longcat_)?arg_value>",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pair();

    [GeneratedRegex(
        @"<(tool_)?name>\s*(?<name>[\w.:\-]+)\s*</(tool_)?name>\s*"
        + "(<(arguments|parameters|input)>(?<arguments>.*?)</(arguments|parameters|input)>)?",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameElement();
}
