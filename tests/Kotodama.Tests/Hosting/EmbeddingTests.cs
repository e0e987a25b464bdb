using Kotodama.Client;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Hosting;

/// <summary>An app of another author has the whole product in it.</summary>
public sealed class EmbeddingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_that_adds_a_voice_and_a_companion_answers_and_speaks()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKotodama()
            .AddVoice(voice => voice.Engines.Add("browser"))
            .AddCompanion(companion =>
            {
                companion.Llm.Server = "demo";
                companion.Conversation.Greet = false;
            });
        await using var app = builder.Build();
        app.MapKotodama();
        await app.StartAsync(Token);

        var options = new KotodamaClientOptions { Role = PeerRole.Viewer };
        options.Capabilities.Add(HelloMessage.DisplayCapability);
        options.Capabilities.Add(HelloMessage.SpeakCapability);
        await using var page = await KotodamaClient.ConnectAsync(new Uri(app.Urls.First()), options, Token);
        await app.Services.WaitForKotodamaPageAsync(Token);
        await page.SendAsync(new UserTextMessage { Content = "what is your name", Lang = "en" }, Token);
        var (answer, isSpoken, isAnnounced) = ("", false, false);
        while (answer.Length == 0 || !isSpoken)
        {
            var message = await page.Incoming.ReadAsync(Token).AsTask().InTime("the answer and its speech");
            answer = message is LlmResponseMessage reply ? reply.Content : answer;
            isSpoken |= message is SpeechStartMessage;
            isAnnounced |= message is CompanionMessage { On: true };
        }

        Assert.True(isAnnounced);
        Assert.Contains("demo companion", answer, StringComparison.Ordinal);
        await app.StopAsync(Token);
    }

    [Fact]
    public async Task What_is_switched_off_by_settings_does_nothing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKotodama().AddVoice(voice => voice.Enabled = false).AddCompanion(companion => companion.Llm.Server = "off");
        await using var app = builder.Build();
        app.MapKotodama();
        await app.StartAsync(Token);
        var options = new KotodamaClientOptions { Role = PeerRole.Viewer };
        options.Capabilities.Add(HelloMessage.DisplayCapability);
        options.Capabilities.Add(HelloMessage.SpeakCapability);
        await using var page = await KotodamaClient.ConnectAsync(new Uri(app.Urls.First()), options, Token);
        await app.Services.GetRequiredService<Stage>().SendLlmResponseAsync("Silent.", cancellationToken: Token);
        var seen = new List<Message>();
        while (seen is not [.., LlmResponseMessage])
            seen.Add(await page.Incoming.ReadAsync(Token).AsTask().InTime("the reply"));
        Assert.DoesNotContain(seen, message => message is VoiceMessage { On: true } or CompanionMessage { On: true });
        await app.StopAsync(Token);
    }
}
