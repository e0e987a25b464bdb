// An ASP.NET Core app with a character inside who speaks: dotnet run samples/csharp/embed.cs
// The page is at http://localhost:8765/. To let the character greet Ada: curl -X POST http://localhost:8765/greet/Ada
#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Kotodama.Server/Kotodama.Server.csproj
#:project ../../src/Kotodama.Voice/Kotodama.Voice.csproj

using Kotodama.Protocol;
using Kotodama.Voice;
using Kotodama.Voice.Speaking;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddKotodama(hub => hub.MaxConnections = 100);
builder.WebHost.UseUrls(Environment.GetEnvironmentVariable("KOTODAMA_URL") ?? "http://localhost:8765");

var app = builder.Build();
app.MapKotodama();
app.MapPost("/greet/{name}", async (string name, Stage stage) =>
{
    var receipt = await stage.SendLlmResponseAsync($"Hello, {name}!", emotion: "joy", motion: "wave");
    return receipt.Pages > 0 ? $"{receipt.Pages} page(s) show it." : "No page is open yet: open http://localhost:8765/ in a browser.";
});
await app.StartAsync();

// Without these lines the character is silent and moves her mouth to the text.
await using var speech = SpeechChains.Create(new VoiceOptions());
await using var voice = await app.Services.ConnectKotodamaVoiceAsync();
await Task.WhenAll(new Speaker(voice, speech).RunAsync(app.Lifetime.ApplicationStopping), app.WaitForShutdownAsync());
