// An ASP.NET Core app with a character that speaks, listens and answers: dotnet run samples/csharp/talk.cs
// Open http://localhost:8765/ and talk. A language model on this machine answers, and else the built-in demo.
#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Kotodama.Hosting/Kotodama.Hosting.csproj

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddKotodama().AddVoice(voice => voice.Speed = 1.1).AddCompanion(companion => companion.Character = "koto");
var app = builder.Build();
app.MapKotodama();
app.Run(Environment.GetEnvironmentVariable("KOTODAMA_URL") ?? "http://localhost:8765");
