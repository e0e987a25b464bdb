using System.CommandLine;
using System.Text;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama avatar</c>: chooses what a channel shows, and says what was chosen.</summary>
internal static class AvatarCommand
{
    public static Command Build()
    {
        var name = new Argument<string?>("name")
        {
            Description = "A drawn character (koto, kitsu, nagi) or a Live2D model. Without it the command says what was chosen",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !AvatarName.IsValid(given))
                result.AddError($"name {AvatarName.Rule}");
        });
        var reset = new Option<bool>("--reset") { Description = "Show the avatar of the character again" };
        var channel = SharedOptions.Channel();
        var command = new Command("avatar", "Choose the avatar that the page shows; the hub keeps the choice.") { name, reset, channel };
        command.Validators.Add(result =>
        {
            if (result.GetResult(name) is { Tokens.Count: > 0 } && result.GetResult(reset) is { Implicit: false })
                result.AddError("--reset takes the choice back, so there is nothing to name");
        });
        var hubs = HubOptions.Add(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Console.OutputEncoding = Encoding.UTF8;
            using var hub = new HubApi(await hubs.FindAsync(parsed, cancellationToken), hubs.Token(parsed));
            var on = parsed.GetRequiredValue(channel);
            try
            {
                return parsed.GetValue(name) is { } chosen ? await ChooseAsync(hub, on, chosen, cancellationToken)
                    : parsed.GetValue(reset) ? await SendAsync(hub, on, null, cancellationToken)
                    : Show(on, await hub.StatusAsync(cancellationToken));
            }
            catch (KotodamaException e)
            {
                Terminal.Error(Terminal.Bad(e.Message));
                return e.Code == KotodamaException.NotConnected ? ExitCode.NoHub : ExitCode.Failed;
            }
        });
        return command;
    }

    /// <summary>The avatars that a hub has.</summary>
    /// <param name="answer">Its answer to <c>GET /api/models</c>.</param>
    internal static IReadOnlyList<string> NamesOf(JsonElement answer) =>
    [
        .. List(answer, "looks").Select(look => look.ValueKind == JsonValueKind.String ? look.GetString() : null).OfType<string>(),
        .. List(answer, "models").Select(Name).OfType<string>(),
    ];

    private static JsonElement[] List(JsonElement answer, string field) =>
        answer.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string? Name(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    private static async Task<int> ChooseAsync(HubApi hub, string channel, string chosen, CancellationToken cancellationToken)
    {
        // A hub without models of its own knows no list, and its pages decide.
        var known = await hub.ModelsAsync(cancellationToken) is { } answer ? NamesOf(answer) : [];
        var name = known.FirstOrDefault(n => n.Equals(chosen, StringComparison.OrdinalIgnoreCase));
        if (name is not null || known.Count == 0)
            return await SendAsync(hub, channel, name ?? chosen, cancellationToken);
        Terminal.Error(Terminal.Bad(Terminal.Plain(
            $"There is no avatar {chosen} at {hub.Address}. There are: {string.Join(", ", known)}. kotodama models add brings a model.")));
        return ExitCode.Failed;
    }

    private static async Task<int> SendAsync(HubApi hub, string channel, string? name, CancellationToken cancellationToken)
    {
        var answer = await hub.PublishAsync(new AvatarMessage { Channel = channel, Name = name }, null, cancellationToken);
        var pages = answer.GetProperty("pages").GetInt32();
        var kept = answer.GetProperty("durable").GetBoolean() ? "" : " The hub has no disk for it, and forgets it when it ends.";
        var count = pages switch { 0 => "no page is open", 1 => "1 page was told", _ => $"{pages} pages were told" };
        Terminal.Line($"{Terminal.Good(Chosen(name))} on channel {channel}; {count}.{kept}");
        return ExitCode.Done;
    }

    private static int Show(string channel, JsonElement status)
    {
        foreach (var known in status.GetProperty("channels").EnumerateArray())
        {
            if (!known.GetProperty("name").ValueEquals(channel))
                continue;
            Terminal.Line(Chosen(known.TryGetProperty("avatar", out var avatar) ? avatar.GetString() : null));
            return ExitCode.Done;
        }

        Terminal.Error(Terminal.Warn($"The channel {channel} is not in use, so there is nothing to say about it yet."));
        return ExitCode.Failed;
    }

    private static string Chosen(string? name) => name is null ? "As the character says" : Terminal.Plain(name);
}
