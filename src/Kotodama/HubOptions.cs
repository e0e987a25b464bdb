using System.CommandLine;
using Kotodama.Protocol;

namespace Kotodama.Cli;

/// <summary>The options by which a command finds its hub, and gets in: <c>--url</c>, <c>--data</c> and <c>--token</c>.</summary>
internal sealed class HubOptions
{
    private readonly Option<Uri?> _url = Commands.SharedOptions.Url();
    private readonly Option<string?> _token = Commands.SharedOptions.Token();
    private readonly Option<string?> _data = Commands.SharedOptions.Data("Data folder; a hub that runs with it is found by it");

    /// <summary>Gives a command these options.</summary>
    public static HubOptions Add(Command command)
    {
        var options = new HubOptions();
        command.Options.Add(options._url);
        command.Options.Add(options._data);
        command.Options.Add(options._token);
        return options;
    }

    /// <summary>The data folder.</summary>
    public string Folder(ParseResult parsed) => Commands.SharedOptions.DataFolder(parsed.GetValue(_data));

    /// <summary>The data folder that the command line names; null: it names none.</summary>
    public string? NamedFolder(ParseResult parsed) => parsed.GetValue(_data);

    /// <summary>The token for a hub on another machine; null: none.</summary>
    public string? Token(ParseResult parsed) => parsed.GetValue(_token);

    /// <summary>The hub's base address, always http; whether it answers is not known.</summary>
    /// <exception cref="KotodamaException">The user named a data folder, and no hub runs with it.</exception>
    public Uri Find(ParseResult parsed) => Look(parsed).Hub;

    /// <summary>
    /// The base address of a hub that answers. To be asked before a WebSocket is opened: another server there may take one and never say
    /// anything.
    /// </summary>
    /// <exception cref="KotodamaException">What answers there is none, or not that of the data folder, or nothing answers.</exception>
    public async Task<Uri> FindAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (hub, owner) = Look(parsed);
        using var api = new HubApi(hub, Token(parsed));
        var status = await api.StatusAsync(cancellationToken);
        var isAnother = owner is not null && status.TryGetProperty("processId", out var id) && id.GetInt32() != owner;
        return isAnother ? throw NoHub(Folder(parsed), $"; what answers at {hub} is another one") : hub;
    }

    private (Uri Hub, int? Owner) Look(ParseResult parsed)
    {
        var isFolderTyped = parsed.GetResult(_data) is { Implicit: false };
        if (parsed.GetValue(_url) is { } url && (parsed.GetResult(_url) is { Implicit: false } || !isFolderTyped))
            return (Base(url), null);
        var folder = Folder(parsed);
        var isNamed = isFolderTyped || Environment.GetEnvironmentVariable("KOTODAMA_DATA") is { Length: > 0 };
        var running = HubAddress.Read(folder, out var problem);
        if (Uri.TryCreate(running?.Url, UriKind.Absolute, out var address))
            return (Base(address), isNamed ? running!.ProcessId : null);
        return isNamed ? throw NoHub(folder, problem) : (HubAddress.Default, null);
    }

    private static KotodamaException NoHub(string folder, string? why) => new(
        KotodamaException.NotConnected,
        $"no hub runs with the data folder {folder}{why}",
        $"Start one with kotodama --data {folder}, or name a hub's address with --url.");

    /// <summary>What a user copies may be the address of the page or of the WebSocket.</summary>
    private static Uri Base(Uri address)
    {
        var path = address.AbsolutePath;
        foreach (var end in new[] { "/ws", "/demo/demo.html", "/index.html" })
            if (path.EndsWith(end, StringComparison.Ordinal))
                path = path[..^end.Length];
        var scheme = address.Scheme is "wss" or "https" ? "https" : "http";
        return new UriBuilder(address) { Scheme = scheme, Path = path.TrimEnd('/') + "/", Query = "", Fragment = "" }.Uri;
    }
}
