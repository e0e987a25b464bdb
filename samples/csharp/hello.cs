// Lets the character greet and then tell something word by word: dotnet run samples/csharp/hello.cs
#:project ../../src/Kotodama.Client/Kotodama.Client.csproj

using Kotodama.Client;
using Kotodama.Protocol;

var hub = new Uri(args.FirstOrDefault() ?? Environment.GetEnvironmentVariable("KOTODAMA_URL") ?? "ws://localhost:8765");
try
{
    await using var character = await KotodamaClient.ConnectAsync(hub, new KotodamaClientOptions { Name = "hello.cs" });
    character.ConnectionChanged += (_, change) =>
    {
        if (change.State == ConnectionState.Reconnecting)
            Console.WriteLine($"Connection lost, trying again: {change.Reason}");
    };

    var receipt = await character.SendLlmResponseAsync("你好！Hello!", TimeSpan.FromSeconds(8), emotion: "joy", motion: "wave");
    Console.WriteLine(receipt.Pages > 0
        ? $"Sent to {receipt.Pages} page(s)."
        : $"No page shows it yet: open http://{hub.Authority}/ in a browser within a minute.");
    await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);

    // Any source of pieces will do; usually it is a language model.
    await character.SendStatusAsync("Telling a story …");
    await character.SayAsync(Words("Once upon a time there was a program that nobody looked at. Then it got a face."), emotion: "fun");
    await character.MoveAsync("nod");
    await character.SendStatusAsync("");
}
catch (KotodamaException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

return 0;

static async IAsyncEnumerable<string> Words(string text)
{
    foreach (var word in text.Split(' '))
    {
        yield return word + " ";
        await Task.Delay(TimeSpan.FromMilliseconds(120), TimeProvider.System);
    }
}
