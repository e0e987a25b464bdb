using System.Text;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Tests.Fuzz;

/// <summary>
/// Makes inputs that are nearly messages: valid ones whose fields and bytes are changed with the help of a dictionary of names and values
/// that mean something to the codec.
/// </summary>
internal sealed class Mutator(Random random)
{
    /// <summary>Stands in texts and names; an error that holds it has echoed content.</summary>
    public const string Secret = SecretWatch.Words;

    private static readonly byte[][] Examples =
        [.. Directory.EnumerateFiles(Repository.PathOf("docs", "protocol", "examples"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e999", "-1e999", "1e-999", "2147483648", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "\"\"", $"\"{Secret}\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"\\u0000\"", "\"display\"", "\"default\"", "\"r1\"", "{}", "[]", "[null]", $"[\"{Secret}\"]", "[1,2,3]", "[-1,9223372036854775807]",
        $"{{\"{Secret}\":null}}", $"{{\"{Secret}\":\"{Secret}\"}}", $"{{\"{Secret}\":{{}}}}", "{\"default\":{\"epoch\":\"\",\"seq\":0}}", "{\"seq\":1e999}", "NaN", "Infinity", "01", "+1", "\"", "'x'", "//", "undefined",
        "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}", new string('[', 40), new string('[', 14) + new string(']', 14), new string('9', 400), "\"" + new string('x', 20_000) + "\"",
    ];

    private static readonly string[] Names = [.. Examples.SelectMany(e => Fields(e).Select(f => f.Name)).Distinct(StringComparer.Ordinal), Secret, "\\u0074ype", "", "\\ud800"];

    private static readonly byte[][] Tokens =
    [
        .. Values.Where(v => v.Length < 100).Select(Encoding.UTF8.GetBytes),
        .. Names.Select(n => Encoding.UTF8.GetBytes($"\"{n}\":")),
        .. typeof(MessageType).GetFields().Select(f => Encoding.UTF8.GetBytes($"\"type\":\"{f.GetValue(null)}\",")),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0], [0x1F], "\\"u8.ToArray(), "\\u"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), "}"u8.ToArray(), "{"u8.ToArray(), "]"u8.ToArray(),
    ];

    private readonly RandomMessages _messages = new(random);

    /// <summary>A message that is valid or nearly so.</summary>
    public byte[] Next()
    {
        var bytes = random.Next(3) == 0 ? Examples[random.Next(Examples.Length)] : MessageCodec.Write(_messages.Next());
        for (var i = random.Next(4); i > 0; i--)
            bytes = random.Next(3) > 0 ? ChangeField(bytes) : ChangeBytes(bytes);
        return bytes;
    }

    /// <summary>Changes some bytes of anything.</summary>
    public byte[] ChangeBytes(byte[] bytes)
    {
        var (from, to) = (random.Next(bytes.Length + 1), random.Next(bytes.Length + 1));
        if (from > to)
            (from, to) = (to, from);
        var token = Tokens[random.Next(Tokens.Length)];
        return random.Next(8) switch
        {
            0 => bytes[..to],
            1 => [.. bytes[..from], .. bytes[to..]],
            2 => [.. bytes[..to], .. bytes[from..]],
            3 => [.. bytes[..from], .. token, .. bytes[from..]],
            4 => [.. bytes[..from], .. token, .. bytes[Math.Min(bytes.Length, from + token.Length)..]],
            5 => [.. bytes, .. Examples[random.Next(Examples.Length)]],
            6 when from < bytes.Length => [.. bytes[..from], (byte)random.Next(256), .. bytes[(from + 1)..]],
            _ when from < bytes.Length => [.. bytes[..from], (byte)(bytes[from] ^ (1 << random.Next(8))), .. bytes[(from + 1)..]],
            _ => bytes,
        };
    }

    /// <summary>Changes, adds, takes away or repeats a field. What is no JSON object stays as it is.</summary>
    private byte[] ChangeField(byte[] bytes)
    {
        var fields = Fields(bytes);
        var at = random.Next(fields.Count + 1);
        var value = Values[random.Next(Values.Length)];
        var name = Names[random.Next(Names.Length)];
        var what = at == fields.Count ? 0 : random.Next(1, 7);
        if (what == 0)
            fields.Add((name, value));
        else if (what == 1)
            fields[at] = (name, fields[at].Value);
        else if (what == 2)
            fields.RemoveAt(at);
        else if (what == 3)
            fields.Add(fields[at]);
        else
            fields[at] = (fields[at].Name, value);
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', fields.Select(f => $"\"{f.Name}\":{f.Value}"))}}}");
    }

    private static List<(string Name, string Value)> Fields(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object ? [.. json.RootElement.EnumerateObject().Select(p => (JsonEncodedText.Encode(p.Name).ToString(), p.Value.GetRawText()))] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
