using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama token</c>: the tokens of the data folder, whether a hub runs or not.</summary>
internal static class TokenCommand
{
    private const int LongestDays = 3_650;

    private static readonly string[] Roles = [.. Enum.GetNames<AccessRole>().Select(name => name.ToLowerInvariant())];

    public static Command Build()
    {
        var command = new Command("token", "Make, show and revoke tokens, which let other machines in; a hub may run meanwhile.");
        ConfigureList(command);
        command.Subcommands.Add(Create());
        command.Subcommands.Add(ConfigureList(new Command("list", "Show the tokens there are, without their secrets: the default.")));
        command.Subcommands.Add(Revoke());
        return command;
    }

    /// <summary>When a token shall expire, as a user writes it: days, hours or minutes from now, or a date.</summary>
    /// <param name="text">For example <c>30d</c>, <c>12h</c>, <c>90m</c>, <c>2027-01-01</c> or <c>2027-01-01T08:00</c>, in UTC.</param>
    /// <param name="now">The present.</param>
    /// <returns>Null: it is none of these, or lies in the past, or is further away than ten years.</returns>
    internal static DateTimeOffset? ReadExpiry(string text, DateTimeOffset now)
    {
        var last = now.AddDays(LongestDays);
        var digits = text.AsSpan(0, Math.Max(0, text.Length - 1));
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            var unit = text[^1] switch
            {
                'd' => TimeSpan.FromDays(1),
                'h' => TimeSpan.FromHours(1),
                'm' => TimeSpan.FromMinutes(1),
                _ => TimeSpan.Zero,
            };
            return count > 0 && unit > TimeSpan.Zero && count <= (last - now) / unit ? now + (count * unit) : null;
        }

        string[] forms =
            ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, utc, out var day) && day > now && day <= last
            ? day
            : null;
    }

    private static Command Create()
    {
        var role = new Option<string>("--role")
        {
            Description = "What its holder may do, each role also what those before it may: viewer sees and hears, talker talks with the "
                + "character, publisher makes it speak, voice, companion, admin does everything",
            HelpName = string.Join('|', Roles),
            Required = true,
        };
        role.Validators.Add(result => Require(
            result, text => Roles.Contains(text, StringComparer.Ordinal), $"be one of {string.Join(", ", Roles)}"));
        var name = new Option<string?>("--name") { Description = "What it is for, to tell it from others", HelpName = "NAME" };
        name.Validators.Add(result => Require(
            result,
            text => text.Length is > 0 and <= TokenStore.LongestName && !text.Any(char.IsControl),
            $"have 1 to {TokenStore.LongestName} characters on one line"));
        var channels = new Option<string[]>("--channel")
        {
            Description = "The only channel on which it counts; may be repeated [default: all channels]",
            HelpName = "NAME",
        };
        channels.Validators.Add(result => Require(result, ChannelName.IsValid, "be 1 to 64 characters of a-z 0-9 . _ -"));
        var expires = new Option<string?>("--expires")
        {
            Description = "From when on it counts no more, e.g. 30d, 12h, or 2027-01-01 [default: never]",
            HelpName = "WHEN",
        };
        expires.Validators.Add(result => Require(
            result,
            text => ReadExpiry(text, TimeProvider.System.GetUtcNow()) is not null,
            "be a time to come, within ten years, such as 30d, 12h, 90m or 2027-01-01"));
        var command = new Command("create", "Make a token. It is shown once, and stored only as a hash.") { role, name, channels, expires };
        SetAction(command, (parsed, tokens) =>
        {
            var until = parsed.GetValue(expires) is { } when ? ReadExpiry(when, TimeProvider.System.GetUtcNow()) : null;
            var only = parsed.GetValue(channels) is { Length: > 0 } named ? named.Distinct(StringComparer.Ordinal).ToArray() : null;
            var what = Enum.Parse<AccessRole>(parsed.GetValue(role)!, ignoreCase: true);
            var token = tokens.Create(what, parsed.GetValue(name), only, until);

            // A program that reads the output gets the token and nothing else.
            Terminal.Error(Terminal.Dim("It is shown this once. Who has it may do this; kotodama token revoke ends it."));
            Terminal.Line(token);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command ConfigureList(Command command)
    {
        SetAction(command, (_, tokens) =>
        {
            var all = tokens.List();
            var now = TimeProvider.System.GetUtcNow();
            foreach (var token in all)
            {
                var ends = token.Expires switch
                {
                    null => "never expires",
                    { } end when end <= now => Terminal.Warn($"expired {Day(end)}"),
                    { } end => $"expires {Day(end)}",
                };
                var where = token.Channels is { } channels ? $"on {string.Join(", ", channels)}" : "on all channels";
                var about = Terminal.Dim($"{where}, made {Day(token.Created)},");
                Terminal.Line($"{Terminal.Good(token.Id)}  {token.Role.ToString().ToLowerInvariant(),-9} "
                    + $"{Terminal.Plain(token.Name ?? "(no name)"),-16} {about} {ends}");
            }

            if (all.Count == 0)
                Terminal.Error(Terminal.Dim("There are no tokens. kotodama token create --role talker makes one."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The token, as the list shows it" };
        var command = new Command("revoke", "End a token, and whatever is connected with it.") { id };
        SetAction(command, (parsed, tokens) =>
        {
            if (!tokens.Revoke(parsed.GetValue(id)!))
                throw new KotodamaException(ErrorCode.NotFound, "there is no token of this id", "kotodama token list shows them.");
            Terminal.Line("Revoked. What was connected with it ends within a second.");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Day(DateTimeOffset when) => when.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static void Require(OptionResult result, Func<string, bool> isRight, string what)
    {
        foreach (var token in result.Tokens.Where(token => !isRight(token.Value)))
            result.AddError($"{result.Option.Name} must {what}, got {(token.Value.Length == 0 ? "nothing" : token.Value)}");
    }

    private static void SetAction(Command command, Func<ParseResult, TokenStore, int> action)
    {
        var data = SharedOptions.Data();
        command.Options.Add(data);
        command.SetAction(parsed =>
        {
            Console.OutputEncoding = Encoding.UTF8;
            using var tokens = new TokenStore(SharedOptions.DataFolder(parsed.GetValue(data)), TimeProvider.System);
            return action(parsed, tokens);
        });
    }
}
