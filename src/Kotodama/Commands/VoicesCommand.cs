using System.CommandLine;
using System.Text;
using Kotodama.Companion;
using Kotodama.Companion.Hearing;
using Kotodama.Hosting;
using Kotodama.Voice;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama voices</c>: which engines would speak here, and with which voices.</summary>
internal static class VoicesCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string Names = string.Join(", ", SpeechEngines.BuiltIn.Names);

    public static Command Build()
    {
        var engine = new Argument<string?>("engine")
        {
            Description = $"List the voices of this engine: {Names}",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (voice, config) = (SharedOptions.Voice(), SharedOptions.Config());
        var command = new Command(
            "voices", "Show the engines that speak and recognize speech here, in the order in which they are tried, and what is missing.")
        {
            engine, voice, config,
        };
        command.SetAction((parsed, cancellationToken) => ListAsync(
            parsed.GetValue(engine), parsed.GetValue(voice), parsed.GetValue(config), cancellationToken));
        return command;
    }

    private static async Task<int> ListAsync(string? engine, string? voice, string? config, CancellationToken cancellationToken)
    {
        Console.OutputEncoding = Encoding.UTF8;
        if (engine is not null && !SpeechEngines.BuiltIn.Names.Contains(engine, StringComparer.OrdinalIgnoreCase))
        {
            Terminal.Error($"There is no engine {Terminal.Plain(engine)}; there are {Names}.");
            return ExitCode.Usage;
        }

        var configuration = SharedOptions.Settings(ShortSettings.Voice(voice ?? engine), config).Configuration;
        try
        {
            var options = KotodamaSettings.ReadVoice(configuration);
            var hearing = KotodamaSettings.ReadCompanion(configuration).Hearing;
            await using var chain = SpeechEngines.BuiltIn.Create(options);
            if (engine is not null)
            {
                var asked = chain.Engines.First(e => e.Name.Equals(engine, StringComparison.OrdinalIgnoreCase));
                return await VoicesAsync(asked, cancellationToken);
            }

            await EnginesAsync(options, chain, cancellationToken);
            await RecognizersAsync(hearing, cancellationToken);
            return ExitCode.Done;
        }
        catch (OptionsValidationException e)
        {
            return SettingNames.Refuse(e, configuration);
        }
    }

    private static async Task EnginesAsync(VoiceOptions options, SpeechChain chain, CancellationToken cancellationToken)
    {
        if (!options.Enabled)
            Terminal.Line(Terminal.Warn("The voice is off (--voice or KOTODAMA_VOICE). These would speak:"));
        foreach (var engine in chain.Engines)
        {
            var (works, problem) = await AskAsync(engine.ProbeAsync, cancellationToken);
            Tell(engine.Name.PadRight(8), works, problem);
        }

        Terminal.Line();
        Terminal.Line(Terminal.Dim(
            "Each clause is spoken by the first one that can. kotodama voices espeak lists voices; "
            + "docs/voice.md tells how to add engines."));
    }

    private static async Task RecognizersAsync(HearingOptions options, CancellationToken cancellationToken)
    {
        var engines = RecognizerEngines.BuiltIn;
        Terminal.Line();
        if (engines.Problem(options) is { } missing)
        {
            Terminal.Line($"  {Terminal.Warn(missing)}");
            return;
        }

        Terminal.Line("Speech is recognized by:");
        await using var chain = engines.Create(options, Environment.GetEnvironmentVariable, TimeProvider.System, NullLogger.Instance)!;
        foreach (var name in engines.Order(options))
        {
            var (works, problem) = engines.Missing(options, name) is { } absent
                ? (null, absent)
                : await AskAsync(chain.Engines.First(engine => engine.Id == name).ProbeAsync, cancellationToken);
            Tell(name.PadRight(12), works, problem);
        }

        Terminal.Line();
        Terminal.Line(Terminal.Dim("kotodama listen FILE.wav tries it; docs/hearing.md tells how to add engines."));
    }

    private static void Tell(string name, string? works, string? problem) =>
        Terminal.Line(problem is null ? $"  {Terminal.Good(name)} {works}" : $"  {Terminal.Warn(name)} {problem}");

    private static async Task<int> VoicesAsync(ISpeechSynthesizer engine, CancellationToken cancellationToken)
    {
        var (voices, problem) = await AskAsync(engine.ListVoicesAsync, cancellationToken);
        if (voices is null)
        {
            Terminal.Error(Terminal.Bad(problem!));
            return ExitCode.Failed;
        }

        foreach (var voice in voices.OrderBy(v => v.Language, StringComparer.Ordinal).ThenBy(v => v.Name, StringComparer.Ordinal))
        {
            var name = Terminal.Plain(engine.Name + ":" + voice.Name);
            var language = Terminal.Plain(voice.Language ?? "");
            var description = Terminal.Dim(Terminal.Plain(voice.Description ?? ""));
            if (!Terminal.TryLine($"{name,-40} {language,-10} {description}"))
                return ExitCode.Done;
        }

        if (voices.Count == 0)
            Terminal.Error(Terminal.Dim($"{engine.Name} does not tell which voices it has."));
        return ExitCode.Done;
    }

    /// <summary>Asks an engine; null and why when it does not answer, or says that it cannot be used.</summary>
    private static async Task<(
        T? Answer,
        string? Problem)> AskAsync<T>(Func<CancellationToken, Task<T>> question, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return (await question(limit.Token), null);
        }
        catch (Exception e) when (e is EngineException or RecognitionException)
        {
            return (null, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"does not answer within {Patience.TotalSeconds:0} s");
        }
    }
}
