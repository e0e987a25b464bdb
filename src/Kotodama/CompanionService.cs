using Kotodama.Voice;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kotodama.Cli;

/// <summary>Lets the hub of this process answer what people say.</summary>
internal sealed class CompanionService(IServiceProvider services, CompanionHost companion) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var hub = await services.ConnectKotodamaCompanionAsync(stoppingToken);
        await companion.RunAsync(hub, Introduce, stoppingToken);
    }

    private static void Introduce(LlmChoice choice) => Terminal.Line(choice.IsDemo
        ? Terminal.Dim("  No language model was found, so the built-in demo answers. Start Ollama, or say --llm URL; docs/conversation.md shows how.")
        : $"  Answers  {Terminal.Accent(choice.Model ?? "the server's model")} {Terminal.Dim($"of {choice.Server}")}");
}
