using System.CommandLine;
using System.Net;
using System.Text;
using Kotodama.Cli.Configuration;
using Kotodama.Cli.Lan;
using Kotodama.Cli.Tls;
using Kotodama.Companion;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Memory;
using Kotodama.Hosting;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Log;
using Kotodama.Voice;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama</c>: runs the hub and serves the page.</summary>
internal static class ServeCommand
{
    /// <summary>Connections besides the WebSockets: pages being loaded, the HTTP API, and those that are about to be refused.</summary>
    private const long OtherConnections = 1_000;

    private static readonly TimeSpan WaitForPage = TimeSpan.FromSeconds(2);

    /// <summary>Makes a command run the hub: the root command, and its name in full.</summary>
    public static T Configure<T>(T command)
        where T : Command
    {
        var port = SharedOptions.Number(
            "--port", "Port of WebSocket, page and HTTP API; 0: any free one (KOTODAMA_PORT) [default: 8765]", "N", 0, 65_535, null);
        var pagePort = SharedOptions.Number(
            "--page-port",
            "Second port for the page, at /demo/demo.html; 0: none (KOTODAMA_PAGE_PORT) [default: 8000]",
            "N",
            0,
            65_535,
            null);
        var bind = new Option<string?>("--bind")
        {
            Description = "Address to listen on; one that other machines reach takes a token and TLS (KOTODAMA_BIND) [default: localhost]",
            HelpName = "ADDRESS",
        };
        var behindProxy = new Option<string[]>("--behind-proxy")
        {
            Description = "Address, or network, of a proxy in front of the hub: what it says of its clients counts; may be repeated",
            HelpName = "ADDRESS[/N]",
        };
        var insecure = new Option<string?>("--insecure")
        {
            Description = "Let other machines in without TLS, or without a token where there is none, and say why that is safe here",
            HelpName = "REASON",
        };
        var data = SharedOptions.Data();
        var config = SharedOptions.Config();
        var open = new Option<string?>("--open")
        {
            Description = "auto opens a browser when no page comes by itself (KOTODAMA_OPEN) [default: auto]",
            HelpName = "auto|never",
        };
        var voice = SharedOptions.Voice();
        var (llm, model) = (SharedOptions.Llm(), SharedOptions.Model());
        var (character, characters) = (SharedOptions.Character(), SharedOptions.Characters());
        var asr = SharedOptions.Asr();
        var allowOrigin = new Option<string[]>("--allow-origin")
        {
            Description = "Let pages of this origin connect, e.g. http://192.168.1.5:8000; may be repeated",
            HelpName = "ORIGIN",
        };
        var allowHost = new Option<string[]>("--allow-host")
        {
            Description = "Answer to this host name besides localhost; may be repeated",
            HelpName = "NAME",
        };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Log what the hub does; never what is said (KOTODAMA_VERBOSE)" };
        Option[] options =
        [
            port, pagePort, bind, data, config, open, llm, model, asr, voice, character, characters, allowOrigin, allowHost, behindProxy,
            insecure, verbose,
        ];
        foreach (var option in options)
            command.Options.Add(option);
        var lan = LanOptions.AddTo(command);
        var founding = FoundingOption.AddTo(command, voice, llm, model, asr, character, characters);
        command.SetAction((parsed, cancellationToken) =>
        {
            var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            Set(nameof(ServeSettings.Port), parsed.GetValue(port)?.ToString());
            Set(nameof(ServeSettings.PagePort), parsed.GetValue(pagePort)?.ToString());
            Set(nameof(ServeSettings.Bind), parsed.GetValue(bind));
            Set(nameof(ServeSettings.Insecure), parsed.GetValue(insecure));
            Set(nameof(ServeSettings.Data), parsed.GetValue(data));
            Set(nameof(ServeSettings.Open), parsed.GetValue(open));
            Set(nameof(ServeSettings.Verbose), parsed.GetValue(verbose) ? "true" : null);
            var voices = ShortSettings.Voice(parsed.GetValue(voice)).Concat(ShortSettings.Asr(parsed.GetValue(asr)));
            var talk = ShortSettings.Talk(parsed.GetValue(llm), parsed.GetValue(model), parsed.GetValue(character));
            var origins = ShortSettings.More(nameof(KotodamaServerOptions.AllowedOrigins), parsed.GetValue(allowOrigin) ?? []);
            var hosts = ShortSettings.More(nameof(KotodamaServerOptions.AllowedHosts), parsed.GetValue(allowHost) ?? []);
            var proxies = ShortSettings.More(nameof(KotodamaServerOptions.TrustedProxies), parsed.GetValue(behindProxy) ?? []);
            var founded = parsed.GetValue(founding) ? FoundingOption.Settings : [];
            foreach (var (key, value) in
                voices.Concat(talk).Concat(founded).Concat(origins).Concat(hosts).Concat(proxies).Concat(lan.Settings(parsed)))
                given[key] = value;
            return ServeAsync(SharedOptions.Settings(given, parsed.GetValue(config)), parsed.GetValue(characters), cancellationToken);

            void Set(string key, string? value)
            {
                if (value is not null)
                    given[$"Kotodama:{key}"] = value;
            }
        });
        return command;
    }

    private static async Task<int> ServeAsync(Settings read, string? characters, CancellationToken cancellationToken)
    {
        Console.OutputEncoding = Encoding.UTF8;
        try
        {
            return await ServeAsync(HubBuilder.Create(read), read, ServeSettings.Read(read.Configuration), characters, cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            return SettingNames.Refuse(e, read.Configuration);
        }
        catch (CertificateException e)
        {
            Terminal.Error(Terminal.Sentences($"Cannot start: {e.Message}", e.Hint));
            return ExitCode.Usage;
        }
    }

    private static async Task<int> ServeAsync(
        WebApplicationBuilder builder,
        Settings read,
        ServeSettings settings,
        string? characters,
        CancellationToken cancellationToken)
    {
        if (Exposure.Problem(builder.Configuration, settings) is { } exposed)
            return Terminal.Refuse([exposed]);
        if (settings.Port != 0 && !PortOwner.IsFree(settings.Addresses, settings.Port))
            return await PortTakenAsync(settings, cancellationToken);
        var pagePort = settings.PagePort;
        if (pagePort != 0 && !PortOwner.IsFree(settings.Addresses, pagePort))
        {
            var owner = await PortOwner.DescribeAsync(pagePort, cancellationToken);
            Terminal.Error(Terminal.Warn(
                $"Port {pagePort} is taken by {owner}, so the page is not at http://localhost:{pagePort}/demo/demo.html too. "
                + "Everything else works; --page-port chooses another."));
            pagePort = 0;
        }

        if (await LanStart.ProblemAsync(settings, cancellationToken) is { } problem)
        {
            Terminal.Error(problem);
            return ExitCode.PortTaken;
        }

        Configure(builder, settings, pagePort)
            .AddVoice()
            .AddCompanion(companion => companion.CharactersFolder = SharedOptions.CharactersFolder(characters, settings.Data));
        await using var app = builder.Build();
        try
        {
            app.MapKotodama();
            Prepare(app.Services);
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            return await PortTakenAsync(settings, cancellationToken);
        }
        catch (ConversationException e)
        {
            Terminal.Error(Terminal.Sentences($"Cannot start: {e.Message}", e.Hint, "--llm off starts without conversations"));
            return ExitCode.Usage;
        }
        catch (LogFailedException e)
        {
            Terminal.Error(Terminal.Sentences($"Cannot start: {e.Message}", "Choose another folder with --data"));
            return ExitCode.Usage;
        }

        var port = Port(app, pagePort);
        var url = $"http://{settings.Host}:{port}/";
        try
        {
            HubAddress.Write(settings.Data, new HubAddress(url, Environment.ProcessId, LanStart.Open(app.Services)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log could be opened, so the folder is there and the disk is full. The hub can do without.
            Terminal.Error(Terminal.Warn($"The other commands do not find this hub by themselves; give them --url {url}. ({e.Message})"));
        }

        try
        {
            var talk = app.Services.GetRequiredService<IOptions<CompanionOptions>>().Value;
            Banner(settings, read.Files, app.Services, talk, port, pagePort);
            LanStart.Invite(app.Services, settings, port);
            await Task.WhenAll(
                app.WaitForShutdownAsync(cancellationToken),
                InvitePageAsync(app, settings, url),
                talk.Llm.IsOff
                    ? Task.CompletedTask
                    : IntroduceAsync(app.Services.GetRequiredService<CompanionHost>(), talk.Llm, app.Lifetime.ApplicationStopping));
        }
        finally
        {
            HubAddress.Remove(settings.Data);
        }

        Terminal.Line("Stopped.");
        return ExitCode.Done;
    }

    /// <summary>Makes what may refuse to be made. When the host meets the same while it starts, it logs it with a stack.</summary>
    private static void Prepare(IServiceProvider services)
    {
        _ = services.GetService<ICertificateSource>();
        _ = services.GetRequiredService<IOptions<VoiceOptions>>().Value;
        if (!services.GetRequiredService<IOptions<CompanionOptions>>().Value.Llm.IsOff)
            _ = services.GetRequiredService<CompanionHost>();
    }

    /// <summary>Prints which language model answers, as soon as that is known.</summary>
    /// <param name="companion">The companion.</param>
    /// <param name="wanted">What the settings ask for.</param>
    /// <param name="cancellationToken">Ends the wait; no exception follows.</param>
    internal static async Task IntroduceAsync(CompanionHost companion, LlmOptions wanted, CancellationToken cancellationToken)
    {
        await ((Task)companion.Answering).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (companion.Answering is { IsCompletedSuccessfully: true, Result: var choice })
            Terminal.Line(Introduction(choice, wanted.IsAuto));
    }

    internal static KotodamaBuilder Configure(
        WebApplicationBuilder builder,
        ServeSettings settings,
        int pagePort)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
        CleanFormatter.Wrap(builder.Services);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Kotodama", settings.Verbose ? LogLevel.Debug : LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);

            // Above the hub's own limit, so that the hub can still say why it takes no more.
            kestrel.Limits.MaxConcurrentConnections = Math.Max(0, settings.MaxConnections) + OtherConnections;
            foreach (var address in settings.Addresses)
            {
                kestrel.ListenOn(address, settings.Port, settings);
                if (pagePort != 0)
                    kestrel.ListenOn(address, pagePort, settings);
            }

            if (settings.Lan)
                kestrel.ListenOnLan(settings.LanPort);
        });
        builder.Services.AddLan(settings);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        return builder.Services.AddKotodama(options =>
        {
            options.DataFolder = settings.Data;
            foreach (var host in settings.Hosts)
                options.AllowedHosts.Add(host);

            // Where there are tokens, they are needed; the reason stands for the missing TLS then.
            options.AllowRemoteClients |= settings.Insecure is not null && settings.IsOpen && !Exposure.HasToken(settings);
        });
    }

    private static int Port(WebApplication app, int pagePort) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address).Port).First(port => port != pagePort);

    internal static string Introduction(LlmChoice choice, bool isSought) => choice switch
    {
        { IsDemo: true } when isSought => Terminal.Dim(
            "  Answers  the built-in demo: no language model was found. Start Ollama, or say --llm URL; docs/conversation.md shows how."),
        { IsDemo: true } => Terminal.Dim("  Answers  the built-in demo"),
        _ => $"  Answers  {Terminal.Accent(choice.Model ?? "the server's model")} "
            + Terminal.Dim($"of {choice.Server} at {choice.Address}"),
    };

    private static void Banner(
        ServeSettings settings,
        IReadOnlyList<SettingsFile> files,
        IServiceProvider services,
        CompanionOptions talk,
        int port,
        int pagePort)
    {
        const string OtherEars = "what is typed, or what the browser understands; docs/hearing.md has more";
        var voice = services.GetRequiredService<IOptions<VoiceOptions>>().Value;
        var speaks = string.Join(", then ", services.GetRequiredService<SpeechEngines>().Ready(voice));
        var hears = talk.Hearing.Enabled
            ? string.Join(", then ", services.GetRequiredService<RecognizerEngines>().Ready(talk.Hearing))
            : "";
        Terminal.Line();
        Terminal.Line($"  {Terminal.Bold("言霊 Kotodama")} {Terminal.Dim(KotodamaVersion.Text)}");
        Terminal.Line();
        Terminal.Line($"  Page     {Terminal.Accent($"http://{settings.Host}:{port}/")}");
        if (pagePort != 0)
            Terminal.Line($"           {Terminal.Dim($"also http://{settings.Host}:{pagePort}/demo/demo.html")}");
        Terminal.Line($"  Socket   {Terminal.Accent($"ws://{settings.Host}:{port}/")}");
        if (settings.IsOpen)
            Terminal.Line(Exposure.Describe(settings, services.GetRequiredService<IOptions<KotodamaServerOptions>>().Value));
        Terminal.Line($"  Voice    {Terminal.Dim(voice.Enabled ? $"{speaks}; kotodama voices says more" : "off")}");
        if (services.GetRequiredService<IOptions<KotodamaServerOptions>>().Value.ReplyMode == ReplyMode.Interrupt)
            Terminal.Line($"  Replies  {Terminal.Dim("replace each other at once")}");
        if (!talk.Llm.IsOff)
            Terminal.Line($"  Hears    {Terminal.Dim(hears.Length > 0 ? hears : OtherEars)}");
        foreach (var (i, file) in files.Index())
            Terminal.Line($"  {(i == 0 ? "Settings" : ""),-8} {Terminal.Dim(Terminal.Plain(file.Path))}");
        Terminal.Line(
            $"""  Try it   curl http://{settings.Host}:{port}/api/messages -H "Content-Type: application/json" """
            + """-d '{"type":"llm_response","content":"你好！","duration":8000}'""");
        Terminal.Line();
        Terminal.Line(Terminal.Dim("  Ctrl+C stops. --help lists the options."));
        Terminal.Line();
    }

    internal static async Task<int> PortTakenAsync(ServeSettings settings, CancellationToken cancellationToken)
    {
        var owner = await PortOwner.DescribeAsync(settings.Port, cancellationToken);
        Terminal.Error(
            $"Port {settings.Port} is taken by {owner}: stop that, or choose another port with --port "
            + $"(for example --port {settings.Port + 1}).");
        return ExitCode.PortTaken;
    }

    /// <summary>Open tabs come back within moments and are used again; only when none does, a new one is to be opened.</summary>
    internal static async Task<bool> IsPageMissingAsync(Task firstPage, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await firstPage.WaitAsync(WaitForPage, time, cancellationToken);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            // Stopped before it mattered.
            return false;
        }
    }

    /// <summary>Ends with the host, whatever stops it: a signal may come to the host before it comes here.</summary>
    private static async Task InvitePageAsync(WebApplication app, ServeSettings settings, string url)
    {
        if (settings.Open == "never")
            return;
        var stopping = app.Lifetime.ApplicationStopping;
        if (!await IsPageMissingAsync(app.Services.WaitForKotodamaPageAsync(stopping), TimeProvider.System, stopping))
            return;
        var opens = Browser.IsLikely && Browser.TryOpen(url);
        Terminal.Line(opens ? $"  Opening {url} in your browser." : $"  No page is open yet: open {url} in a browser.");
    }
}
