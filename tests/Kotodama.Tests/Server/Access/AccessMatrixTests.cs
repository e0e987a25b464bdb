using Kotodama.Protocol;
using Kotodama.Server.Access;

namespace Kotodama.Tests.Server.Access;

/// <summary>
/// docs/reference/access.md says what the hub does: each of its cells is tried at a running hub. And no other client gets in with anything.
/// </summary>
public sealed class AccessMatrixTests
{
    private static readonly string Document = Repository.PathOf("docs", "reference", "access.md");

    /// <summary>Who gets in with nothing at all.</summary>
    private static readonly string[] Nobodies = ["foreign page", "null", "wrong token", "expired", "revoked"];

    public static TheoryData<string> Holders => [.. Table().Select(cell => cell.Who).Distinct(StringComparer.Ordinal)];

    public static TheoryData<string> Strangers => [.. Nobodies];

    [Theory]
    [MemberData(nameof(Holders))]
    public async Task Clients_may_do_what_the_table_says_and_nothing_else(string who)
    {
        await using var rig = await AccessRig.StartAsync();
        var wrong = new List<string>();
        foreach (var (_, what, may) in Table().Where(cell => cell.Who == who))
        {
            var refused = await TryAsync(rig, who, what);
            if (refused is null != may)
                wrong.Add($"{what}: {(may ? "may" : "may not")}, but {(refused is null ? "nothing refused it" : $"got {refused.Code}: {refused.Message}")}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Nobody_else_gets_in_with_anything(string who)
    {
        await using var rig = await AccessRig.StartAsync();
        foreach (var what in Table().Select(cell => cell.What).Distinct(StringComparer.Ordinal))
        {
            var refused = await TryAsync(rig, who, what);
            Assert.True(refused is not null, $"{who} may {what}.");
        }

        Assert.Equal(0, rig.Hub.Hub.Published);
    }

    /// <summary>A new message, question or address is a decision: it gets a row.</summary>
    [Fact]
    public void Every_message_and_every_question_has_a_row()
    {
        var rows = Table().Select(cell => cell.What).ToHashSet(StringComparer.Ordinal);
        Assert.True(rows.Count > 60, $"Only {rows.Count} rows were found.");
        string[] byHub =
        [
            MessageType.Welcome, MessageType.Receipt, MessageType.Error, MessageType.Bye, MessageType.Gap, MessageType.Speaker,
            MessageType.Voice, MessageType.Audience, MessageType.Hello, MessageType.Ask,
        ];
        Assert.DoesNotContain(Constants(typeof(MessageType)), type => !byHub.Contains(type) && !rows.Contains(type));
        Assert.DoesNotContain(Constants(typeof(AskName)), name => !rows.Contains($"ask {name}"));
        Assert.DoesNotContain(Enum.GetValues<PeerRole>(), role => !rows.Contains($"hello {role.ToString().ToLowerInvariant()}"));
    }

    private static IEnumerable<string> Constants(Type type) => type.GetFields().Select(field => (string)field.GetRawConstantValue()!);

    /// <summary>Tries one row. Null: it was not refused.</summary>
    private static async Task<ErrorMessage?> TryAsync(AccessRig rig, string who, string what)
    {
        var words = what.Split(' ');
        if (words is [var method, var path] && path.StartsWith('/'))
        {
            path = path.Replace("NAME", "none", StringComparison.Ordinal).Replace("FILE", "a.png", StringComparison.Ordinal).Replace("ID", "m1", StringComparison.Ordinal);
            return await rig.AskAsync(new HttpMethod(method), path, rig.Headers(who));
        }

        object[] messages = words switch
        {
            ["hello", var role] => [Hello(role)],
            ["ask", var name] => [$$"""{"type":"ask","id":"q","name":"{{name}}"}"""],
            ["microphone"] => [Hello("viewer"), Sound(AudioKind.Microphone)],
            ["audio"] => [Hello("publisher"), Sound(AudioKind.Encoded)],
            [var type] => [Example(type)],
            _ => throw new InvalidOperationException($"The row {what} is none."),
        };
        try
        {
            var errors = await rig.SayAsync(who, messages);
            return errors.Find(AccessRig.IsRefusal);
        }
        catch (System.Net.WebSockets.WebSocketException e) when (e.Message.Contains("401", StringComparison.Ordinal) || e.Message.Contains("403", StringComparison.Ordinal))
        {
            // Of many that are turned away some are told by the status alone.
            return new ErrorMessage { Code = ErrorCode.BadToken, Message = e.Message, Hint = "" };
        }
    }

    private static string Hello(string role) => $$"""{"type":"hello","role":"{{role}}","caps":["display"]}""";

    private static byte[] Sound(AudioKind kind) => new AudioMessage { Kind = kind, Stream = 1, Clause = 0, Number = 0, Offset = 0, Data = new byte[64] }.ToBytes();

    /// <summary>The first example of a type, without what would belong to one state of a hub.</summary>
    private static string Example(string type)
    {
        var folder = Repository.PathOf("docs", "protocol", "examples");
        var file = Directory.EnumerateFiles(folder, $"{type}*.json").Order(StringComparer.Ordinal)
            .First(f => Path.GetFileName(f)[type.Length] == '.');
        return File.ReadAllText(file);
    }

    private static List<(string Who, string What, bool May)> Table()
    {
        var cells = new List<(string, string, bool)>();
        string[] who = [];
        foreach (var line in File.ReadLines(Document))
        {
            var row = line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (row is ["What", ..])
                who = row[1..];
            else if (who.Length > 0 && row.Length == who.Length + 1 && row[0].StartsWith('`'))
                cells.AddRange(who.Zip(row[1..], (w, cell) => (w, row[0].Trim('`'), cell == "+")));
            else if (row.Length == 0)
                who = [];
        }

        return cells;
    }
}
