// An ASP.NET Core app with a character inside that speaks: dotnet run samples/csharp/embed.cs
// The page is at http://localhost:8765/. To let the character greet Ada: curl -X POST http://localhost:8765/greet/Ada
#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Kotodama.Hosting/Kotodama.Hosting.csproj

using Kotodama.Protocol;

var builder = WebApplication.CreateBuilder(args);

// Without AddVoice the character is silent and moves the mouth to the text; samples/csharp/talk.cs adds a conversation.
builder.Services.AddKotodama(hub => hub.MaxConnections = 100).AddVoice();
builder.WebHost.UseUrls(Environment.GetEnvironmentVariable("KOTODAMA_URL") ?? "http://localhost:8765");

var app = builder.Build();
app.MapKotodama();
app.MapPost("/greet/{name}", async (string name, Stage stage) =>
{
    var receipt = await stage.SendLlmResponseAsync($"Hello, {name}!", emotion: "joy", motion: "wave");
    return receipt.Pages > 0 ? $"{receipt.Pages} page(s) show it." : "No page is open yet: open http://localhost:8765/ in a browser.";
});
await app.RunAsync();
