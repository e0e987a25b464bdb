using System.CommandLine;
using System.Text;
using Kotodama.Companion;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Hearing;
using Kotodama.Voice;
using Kotodama.Voice.Engines;
using Kotodama.Voice.Synthesis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama voices</c>: which engines would speak here, and with which voices.</summary>
internal static class VoicesCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var engine = new Argument<string?>("engine") { Description = $"List the voices of this engine: {string.Join(", ", VoiceEngine.All)}", Arity = ArgumentArity.ZeroOrOne };
        var voice = SharedOptions.Voice();
        var command = new Command("voices", "Show what can speak and hear here: the engines in their order, and their voices.") { engine, voice };
        command.SetAction((parsed, cancellationToken) => ListAsync(parsed.GetValue(engine), parsed.GetValue(voice), cancellationToken));
        return command;
    }

    private static async Task<int> ListAsync(string? engine, string? voice, CancellationToken cancellationToken)
    {
        Console.OutputEncoding = Encoding.UTF8;
        if (engine is not null && !VoiceEngine.All.Contains(engine, StringComparer.OrdinalIgnoreCase))
        {
            Terminal.Error($"There is no engine {Terminal.Plain(engine)}; there are {string.Join(", ", VoiceEngine.All)}.");
            return ExitCode.Usage;
        }

        var configuration = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] }).Configuration;
        foreach (var (key, value) in ServeSettings.FromEnvironment().Concat(VoiceSettings.Parse(voice ?? engine)))
            configuration[key] = value;
        var (options, problem) = VoiceSettings.Read(configuration);
        var (hearing, hearingProblem) = HearingSettings.Read(configuration);
        if (options is null || hearing is null)
        {
            Terminal.Error(problem ?? hearingProblem!);
            return ExitCode.Usage;
        }

        await using var chain = SpeechChains.Create(options, Environment.GetEnvironmentVariable, TimeProvider.System, NullLogger.Instance);
        if (engine is null)
        {
            await EnginesAsync(options, chain, cancellationToken);
            await RecognizersAsync(hearing, cancellationToken);
            return ExitCode.Done;
        }

        return await VoicesAsync(chain.Engines.First(e => e.Name.Equals(engine, StringComparison.OrdinalIgnoreCase)), cancellationToken);
    }

    private static async Task EnginesAsync(VoiceOptions options, SpeechChain chain, CancellationToken cancellationToken)
    {
        if (!options.Enabled)
            Terminal.Line(Terminal.Warn("The voice is off (--voice or KOTODAMA_VOICE). These would speak:"));
        foreach (var engine in chain.Engines)
        {
            var (voices, problem) = await AskAsync(engine, cancellationToken);
            Terminal.Line($"  {(problem is null ? Terminal.Good(engine.Name.PadRight(8)) : Terminal.Warn(engine.Name.PadRight(8)))} {problem ?? Describe(engine, voices)}");
        }

        Terminal.Line();
        Terminal.Line(Terminal.Dim("Each clause is spoken by the first one that can. kotodama voices espeak lists voices; docs/voice.md tells how to add engines."));
    }

    private static async Task RecognizersAsync(HearingOptions options, CancellationToken cancellationToken)
    {
        Terminal.Line();
        if (RecognizerChains.Problem(options) is { } problem)
        {
            Terminal.Line($"  {Terminal.Warn(problem)}");
            return;
        }

        Terminal.Line("Speech is recognised by:");
        await using var chain = (RecognizerChain)RecognizerChains.Create(options, Environment.GetEnvironmentVariable, TimeProvider.System, NullLogger.Instance)!;
        foreach (var engine in options.Order())
        {
            var missing = RecognizerChains.Missing(options, engine) ?? await AskAsync(chain.Engines.First(e => e.Id == engine), cancellationToken);
            Terminal.Line($"  {(missing is null ? Terminal.Good(engine.PadRight(12)) : Terminal.Warn(engine.PadRight(12)))} {missing ?? Describe(options, engine)}");
        }

        Terminal.Line();
        Terminal.Line(Terminal.Dim("kotodama listen FILE.wav tries it; docs/hearing.md tells how to add engines."));
    }

    private static string Describe(HearingOptions options, string engine) => engine switch
    {
        RecognizerEngine.OpenAi => $"ready: {options.OpenAi.Address}",
        RecognizerEngine.FunAsr => $"{options.FunAsr.Address}",
        RecognizerEngine.Command => options.Command!.Program,
        _ => options.PocketSphinx.Grammar is { } grammar ? $"ready: what {grammar} allows, in English" : "ready: English, with many mistakes",
    };

    private static async Task<string?> AskAsync(ISpeechRecognizer engine, CancellationToken cancellationToken)
    {
        if (engine is not OpenAiRecognizer server)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await server.CheckAsync(limit.Token);
            return null;
        }
        catch (EngineException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"does not answer within {Patience.TotalSeconds:0} s";
        }
    }

    private static string Describe(ISpeechSynthesizer engine, IReadOnlyList<SpeechVoice> voices) => engine.Name switch
    {
        VoiceEngine.Browser => "the browser's own voices, when the page has any",
        VoiceEngine.Silent => "no sound; the mouth moves",
        VoiceEngine.Edge => $"ready: {voices.Count} voices; an undocumented service that gets the text",
        _ => voices.Count == 0 ? "ready" : $"ready: {voices.Count} voices",
    };

    private static async Task<int> VoicesAsync(ISpeechSynthesizer engine, CancellationToken cancellationToken)
    {
        var (voices, problem) = await AskAsync(engine, cancellationToken);
        if (problem is not null)
        {
            Terminal.Error(Terminal.Bad(problem));
            return ExitCode.Failed;
        }

        foreach (var voice in voices.OrderBy(v => v.Language, StringComparer.Ordinal).ThenBy(v => v.Name, StringComparer.Ordinal))
            if (!Terminal.TryLine($"{Terminal.Plain(engine.Name + ":" + voice.Name),-40} {Terminal.Plain(voice.Language ?? ""),-10} {Terminal.Dim(Terminal.Plain(voice.Description ?? ""))}"))
                return ExitCode.Done;
        if (voices.Count == 0)
            Terminal.Error(Terminal.Dim($"{engine.Name} does not tell which voices it has."));
        return ExitCode.Done;
    }

    private static async Task<(IReadOnlyList<SpeechVoice> Voices, string? Problem)> AskAsync(ISpeechSynthesizer engine, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return (await engine.ListVoicesAsync(limit.Token), null);
        }
        catch (EngineException e)
        {
            return ([], e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], $"does not answer within {Patience.TotalSeconds:0} s");
        }
    }
}
