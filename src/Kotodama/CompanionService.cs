using Kotodama.Companion.Chat;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kotodama.Cli;

/// <summary>Lets the hub of this process answer what people say.</summary>
internal sealed class CompanionService(IServiceProvider services, CompanionHost companion) : BackgroundService
{
    private readonly TaskCompletionSource<LlmChoice> _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says who answers as soon as that is known.</summary>
    /// <param name="wanted">Who was asked for.</param>
    /// <param name="cancellationToken">Ends the wait; no exception follows.</param>
    public async Task IntroduceAsync(LlmOptions wanted, CancellationToken cancellationToken)
    {
        await ((Task)_known.Task).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_known.Task is { IsCompletedSuccessfully: true, Result: var choice })
            Terminal.Line(Introduction(choice, wanted.IsAuto));
    }

    internal static string Introduction(LlmChoice choice, bool isSought) => choice switch
    {
        { IsDemo: true } when isSought => Terminal.Dim("  Answers  the built-in demo: no language model was found. Start Ollama, or say --llm URL; docs/conversation.md shows how."),
        { IsDemo: true } => Terminal.Dim("  Answers  the built-in demo"),
        _ => $"  Answers  {Terminal.Accent(choice.Model ?? "the server's model")} {Terminal.Dim($"of {choice.Server} at {choice.Address}")}",
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var hub = await services.ConnectKotodamaCompanionAsync(stoppingToken);
        await companion.RunAsync(hub, choice => _known.TrySetResult(choice), stoppingToken);
    }
}
