using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Kotodama.Cli.Configuration;

namespace Kotodama.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary>What users call a secret in an address.</summary>
    private static readonly string[] Secrets = ["token", "key", "bearer", "secret", "password"];

    /// <param name="description">What the folder is for the command.</param>
    public static Option<string?> Data(string description = "Folder for what the hub keeps")
    {
        var option = new Option<string?>("--data")
        {
            Description = $"{description} (KOTODAMA_DATA) [default: {HubAddress.DefaultDataFolder}]",
            HelpName = "DIR",
        };
        option.Validators.Add(result => Require(result, text => !string.IsNullOrWhiteSpace(text), "name a folder"));
        return option;
    }

    /// <summary>Also under the name that the voice had for it.</summary>
    public static Option<Uri?> Url() => new("--url", "--hub")
    {
        Description = "The hub's address (KOTODAMA_URL) [default: the running hub's, else http://127.0.0.1:8765/]",
        HelpName = "URL",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var name = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? "--url";
            if (Problem(text, out var uri) is { } problem)
                result.AddError($"{name} {problem}");
            return uri;
        },
        DefaultValueFactory = result =>
        {
            if (Environment.GetEnvironmentVariable("KOTODAMA_URL") is not { Length: > 0 } text)
                return null;
            if (Problem(text, out var uri) is { } problem)
                result.AddError($"KOTODAMA_URL {problem}");
            return uri;
        },
    };

    /// <summary>A token; the variable keeps it out of the list of processes, which others may see.</summary>
    public static Option<string?> Token()
    {
        var option = new Option<string?>("--token")
        {
            Description = "Token for a hub on another machine, see kotodama token; better in the variable, which other users cannot see "
                + "(KOTODAMA_TOKEN)",
            HelpName = "TOKEN",
            DefaultValueFactory = _ => Given("KOTODAMA_TOKEN"),
        };

        // What is wrong with it is said without it: it is a secret.
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !IsToken(token.Value)))
                result.AddError("--token must be a token as kotodama token create prints it");
        });
        return option;
    }

    public static Option<string?> Voice() => Engines(new Option<string?>("--voice")
    {
        Description = "Engines that speak, in the order in which they are tried, e.g. espeak,browser (kotodama voices has the names); "
            + "auto: all that work here; off: nothing is spoken (KOTODAMA_VOICE) [default: auto]",
        HelpName = "ENGINES",
    });

    public static Option<string?> Asr() => Engines(new Option<string?>("--asr")
    {
        Description = "Engines that recognize speech, in the order in which they are tried, e.g. openai,pocketsphinx (kotodama voices "
            + "has the names); auto: all that work here; off: no speech is recognized (KOTODAMA_ASR) [default: auto]",
        HelpName = "ENGINES",
    });

    public static Option<string?> Llm() => new("--llm")
    {
        Description = "What answers the user: the address of an OpenAI-compatible server; auto: such a server that is found on this "
            + "machine, else the demo; demo: a few built-in rules; off: nothing (KOTODAMA_LLM) [default: auto]",
        HelpName = "auto|off|demo|URL",
    };

    public static Option<string?> Model() => new("--model")
    {
        Description = "The language model by its server's name (KOTODAMA_MODEL) [default: one that the server has]",
        HelpName = "NAME",
    };

    public static Option<string?> Character() => new("--character")
    {
        Description = "The character that answers, see kotodama characters (KOTODAMA_CHARACTER) [default: koto]",
        HelpName = "ID",
    };

    public static Option<string[]> Channels() => Named(new Option<string[]>("--channel")
    {
        Description = "The channel, as pages name it in ?channel=NAME; may be repeated",
        HelpName = "NAME",
        DefaultValueFactory = _ => [Protocol.ChannelName.Default],
    });

    /// <summary>A whole number within limits.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is.</param>
    /// <param name="unit">What it is called in the help.</param>
    /// <param name="least">The least.</param>
    /// <param name="most">The most.</param>
    /// <param name="usual">When it is not given; null: nothing.</param>
    public static Option<int?> Number(string name, string description, string unit, int least, int most, int? usual)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            HelpName = unit,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
                if (isNumber && number >= least && number <= most)
                    return number;
                result.AddError($"{name} must be {least} to {most}, got {text}");
                return null;
            },
        };
        if (usual is not null)
            option.DefaultValueFactory = _ => usual;
        return option;
    }

    public static Option<string> Channel() => Named(new Option<string>("--channel")
    {
        Description = "The channel, as pages name it in ?channel=NAME",
        HelpName = "NAME",
        DefaultValueFactory = _ => Protocol.ChannelName.Default,
    });

    /// <summary>What a user says: a text that says something, or nothing, and then each line of standard input.</summary>
    public static Argument<string?> Text(string description)
    {
        var text = new Argument<string?>("text") { Description = description, Arity = ArgumentArity.ZeroOrOne };
        text.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var said }] && string.IsNullOrWhiteSpace(said))
                result.AddError("text must say something; without it each line of standard input is taken");
        });
        return text;
    }

    public static Option<string?> Characters() => new("--characters")
    {
        Description = "Folder of characters, NAME/character.json each (KOTODAMA_CHARACTERS) [default: characters in the data folder]",
        HelpName = "DIR",
    };

    /// <summary>The file of settings that the user names.</summary>
    public static Option<string?> Config()
    {
        var option = new Option<string?>("--config")
        {
            Description = "A file of settings, besides those of your configuration and of the data folder (KOTODAMA_CONFIG)",
            HelpName = "FILE",
        };
        option.Validators.Add(result => Require(result, text => !string.IsNullOrWhiteSpace(text), "name a file"));
        return option;
    }

    /// <summary>
    /// The settings of a command: files, the environment and what the command line says. What of files counts for nothing is said.
    /// </summary>
    /// <param name="given">What the command line says.</param>
    /// <param name="config">What <c>--config</c> says.</param>
    /// <param name="data">The data folder, when it is known already.</param>
    public static Settings Settings(IEnumerable<KeyValuePair<string, string?>> given, string? config, string? data = null)
    {
        var settings = Cli.Configuration.Settings.Read(given, config, data);
        foreach (var sentence in settings.Ignored().Concat(settings.Unread() is { } unread ? [unread] : []))
            Terminal.Error(Terminal.Warn(Terminal.Plain(sentence)));
        return settings;
    }

    /// <summary>The folder for what the hub keeps.</summary>
    public static string DataFolder(string? data) => data ?? Given("KOTODAMA_DATA") ?? HubAddress.DefaultDataFolder;

    /// <summary>The folder of characters.</summary>
    public static string CharactersFolder(string? characters, string? data) =>
        characters ?? Given("KOTODAMA_CHARACTERS") ?? Path.Combine(DataFolder(data), "characters");

    private static void Require(OptionResult result, Func<string, bool> isRight, string what)
    {
        foreach (var token in result.Tokens.Where(token => !isRight(token.Value)))
            result.AddError($"{result.Option.Name} must {what}, got {(token.Value.Length == 0 ? "nothing" : token.Value)}");
    }

    private static T Named<T>(T channel)
        where T : Option
    {
        channel.Validators.Add(result =>
            Require(result, Protocol.ChannelName.IsValid, "be 1 to 64 characters of a-z 0-9 . _ -"));
        return channel;
    }

    private static Option<string?> Engines(Option<string?> engines)
    {
        engines.Validators.Add(result =>
            Require(result, text => text.Split(',').Any(name => !string.IsNullOrWhiteSpace(name)), "name engines, or be auto or off"));
        return engines;
    }

    private static bool IsToken(string text) => text.Length is > 0 and <= 200 && text.All(c => c is > ' ' and < '\x7f' and not ',');

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>
    /// What is wrong with an address, as the end of a sentence; null: nothing. One that may hold a secret is not repeated, and is none: it
    /// would stand in each error, and no hub takes a token from it.
    /// </summary>
    private static string? Problem(string text, out Uri? address)
    {
        address = null;
        if (Parse(text) is not { } parsed)
        {
            var got = text.AsSpan().ContainsAny("@?#") ? "" : $", got {text}";
            return $"must be an address such as http://127.0.0.1:8765/{got}";
        }

        if (parsed.UserInfo.Length > 0
            || parsed.Fragment.Length > 0
            || Array.Exists(Secrets, name => parsed.Query.Contains(name, StringComparison.OrdinalIgnoreCase)))
            return "must hold no user, password or token; a token belongs into --token or KOTODAMA_TOKEN";
        address = parsed;
        return null;
    }

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" or "ws" or "wss"
            ? uri
            : null;
}
