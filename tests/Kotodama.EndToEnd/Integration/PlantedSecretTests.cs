using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kotodama.EndToEnd.Integration;

/// <summary>
/// The real program, which says all that it ever says, with keys in its environment and its settings, words of a user, and servers that
/// repeat both in their errors: neither is printed.
/// </summary>
public sealed class PlantedSecretTests : IDisposable
{
    private const string Words = SecretWatch.PlantedWords + "of-the-user";

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-secrets-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_hub_prints_neither_its_keys_nor_what_is_said_even_when_its_servers_repeat_them()
    {
        await using var servers = await FakeSpeechServer.StartAsync(async (context, body) =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = $"Bearer error=\"{context.Request.Headers.Authorization}\"";
            await context.Response.WriteAsJsonAsync(new { error = new { message = $"Incorrect API key provided: {context.Request.Headers.Authorization}. You sent {body}", code = "invalid_api_key" } });
        });
        var address = new Uri(servers.Url, "v1");
        var settings = Path.Combine(_folder, "settings.json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new
        {
            Kotodama = new
            {
                Llm = new { Server = address, Model = "m", Key = Key("llm") },
                Voice = new { Engines = new[] { "openai" }, OpenAi = new { Address = address } },
                Hearing = new { Engines = new[] { "openai" }, OpenAi = new { Address = address } },
            },
        }), Token);
        using var hub = Start(
            ["--verbose", "--config", settings, "--port", "0", "--page-port", "0", "--open", "never", "--data", Path.Combine(_folder, "data")],
            ("KOTODAMA_TTS_KEY", Key("tts")), ("KOTODAMA_ASR_KEY", Key("asr")), ("OPENAI_API_KEY", Key("openai")), ("KOTODAMA_TOKEN", Key("token")));
        var printed = "";
        while (!printed.Contains("Ctrl+C", StringComparison.Ordinal))
            printed += await hub.StandardOutput.ReadLineAsync(Token).AsTask().InTime("the hub to start") + "\n";
        var rest = hub.StandardOutput.ReadToEndAsync(Token);
        var url = new Uri(printed.Split('\n').Single(l => l.Contains("Page ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].Replace("localhost", "127.0.0.1", StringComparison.Ordinal));

        using (var page = await TestSocket.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri))
        {
            await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability], Client = "a page" });
            await page.WelcomeAsync();
            await page.SendAsync(new UserTextMessage { Content = Words });
            await page.SendAsync(new AskMessage { Id = "1", Name = "choose_llm", Value = JsonSerializer.SerializeToElement(new { url = address, model = "m", key = Key("chosen") }) });
            await page.SendAsync(new AskMessage { Id = "2", Name = "test", Value = JsonSerializer.SerializeToElement(new { kind = "tts", engine = "openai" }) });
            await page.SendAsync(new AskMessage { Id = "3", Name = "search", Value = JsonSerializer.SerializeToElement(new { text = Words }) });
            var answered = 0;
            while (answered < 4)
                answered += await page.ReceiveAsync() is AnswerMessage or TurnMessage { State: TurnState.Idle, Reason: not null } ? 1 : 0;
        }

        using (var http = new HttpClient())
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", Key("cookie"));
            using var posted = await http.PostAsJsonAsync(new Uri(url, "api/messages?wait=stored"), new { type = "llm_response", content = Words }, Token);
            using var wrong = await http.PostAsJsonAsync(new Uri(url, "api/messages"), new { type = $"{Words} and more", content = Words }, Token);
            using var token = await http.GetAsync(new Uri(url, $"api/history?token={Key("address")}"), Token);
        }

        await Limits.UntilAsync(() => servers.Requests.Any(r => r.Target.Contains("/audio/speech", StringComparison.Ordinal)), "the words to be spoken");
        await TestProcess.SignalAsync(hub.Id, "INT");
        await hub.WaitForExitAsync(Token).InTime("the hub to end");
        printed += await rest + await hub.StandardError.ReadToEndAsync(Token);

        Assert.Contains("info:", printed, StringComparison.Ordinal);
        Assert.Contains("warn:", printed, StringComparison.Ordinal);
        Assert.Contains(servers.Requests, r => r.Headers.Authorization.ToString().Contains(SecretWatch.PlantedKey, StringComparison.Ordinal));
        Assert.DoesNotContain(SecretWatch.PlantedKey, printed, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(SecretWatch.PlantedWords, printed, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Where a command cannot take a key, it says so without it.</summary>
    [Fact]
    public async Task No_command_repeats_a_key_that_it_cannot_use()
    {
        var hub = $"http://127.0.0.1:{Ports.Free()}";
        foreach (var (arguments, i) in new[]
        {
            ["--llm", $"http://user:{Key("a")}@127.0.0.1/v1"], ["--llm", $"http://127.0.0.1/v1?key={Key("b")}"], ["say", "x", "--token", Key("c")], ["say", "x", "--url", $"http://user:{Key("d")}@127.0.0.1:1"],
            ["status", "--url", $"{hub}/?token={Key("e")}"], ["watch", "--url", $"{hub}/#token={Key("f")}"], ["say", "x", "--url", hub, "--key", Key("g")], new[] { "voice", "--hub", $"ws://user:{Key("h")}@127.0.0.1:1", "--llm", "demo" },
        }.Select((arguments, i) => (arguments, i)))
        {
            using var process = Start([.. arguments, "--data", Path.Combine(_folder, $"{i}")]);
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
            await process.WaitForExitAsync(Token).InTime("the command to end");
            var printed = await output + await error;
            Assert.True(process.ExitCode != 0 && printed.Length > 0, $"{string.Join(' ', arguments)} ends with {process.ExitCode}: {printed}");
            Assert.False(printed.Contains(SecretWatch.PlantedKey, StringComparison.OrdinalIgnoreCase), printed);
        }
    }

    [Fact]
    public async Task What_a_program_prints_is_read_by_the_watch_also_when_no_test_reads_it()
    {
        var before = SecretWatch.OfThisRun.Lines;
        using (var program = TestProcess.Start(new ProcessStartInfo("sh", ["-c", "echo one; echo two >&2"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false }))
            await program.WaitForExitAsync(Token).InTime("the shell to end");
        Assert.True(SecretWatch.OfThisRun.Lines >= before + 2, string.Create(CultureInfo.InvariantCulture, $"{before} lines became {SecretWatch.OfThisRun.Lines}"));
    }

    private static string Key(string of) => SecretWatch.PlantedKey + of;

    private static TestProcess Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return TestProcess.Start(start);
    }
}
