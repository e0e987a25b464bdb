using System.Diagnostics;
using Kotodama.Client;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.EndToEnd.Integration;

/// <summary>
/// F16 of the fault matrix: the real program is killed (SIGKILL) in the middle of spoken answers. What a page had reported as played is in the
/// conversation, a report at most less. KOTODAMA_ANSWER_KILLS does it more often.
/// </summary>
[Collection(nameof(KillTests))]
public sealed class AnswerKillTests : IDisposable
{
    /// <summary>As much as the demo says at once: it is spoken for some fifteen seconds, and an answer whose time is over counts as heard.</summary>
    private static readonly string Answer = string.Join(' ', Enumerable.Range(1, 9).Select(n => $"This is the sentence number {n}."));

    private static readonly string Text = $"echo {Answer}";

    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-answer-").FullName;
    private readonly int _port = Ports.Free();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task F16_killed_in_the_middle_of_an_answer_the_hub_has_what_was_heard_of_it()
    {
        var kills = Volume.Of("KOTODAMA_ANSWER_KILLS", 4);
        for (var kill = 0; kill < kills; kill++)
        {
            var reports = 2 + (kill % 3);
            var heard = await HearAndKillAsync(reports);
            await using var store = ConversationStores.Open(_data, TimeProvider.System, NullLogger.Instance);
            var talk = await store.CurrentAsync(ChannelName.Default, null, Token);
            var entries = await store.ReadAsync(ChannelName.Default, talk!.Id, null, 2, Token);
            Assert.Equal((ConversationRole.User, Text), (entries[0].Said.Role, entries[0].Said.Text));
            Assert.Equal((ConversationRole.Assistant, true), (entries[1].Said.Role, entries[1].Said.Interrupted));
            Assert.StartsWith(entries[1].Said.Text, Answer, StringComparison.Ordinal);
            Assert.Contains(entries[1].Said.Text, heard);
            Assert.InRange(heard.IndexOf(entries[1].Said.Text), heard.Count - 2, heard.Count - 1);
        }
    }

    /// <summary>A page asks, plays clause by clause, and reports; then the hub is killed.</summary>
    /// <returns>What the page had reported, report by report.</returns>
    private async Task<List<string>> HearAndKillAsync(int reports)
    {
        using var server = await StartAsync();
        var heard = new List<string>();
        try
        {
            await using var page = await KotodamaClient.ConnectAsync(new Uri($"ws://127.0.0.1:{_port}/"), Page(), Token);
            await page.SendAsync(new SoundMessage { State = SoundState.On }, Token);
            var (answers, speaks) = (false, false);
            while (!answers || !speaks)
            {
                var message = await page.HearAsync();
                answers = message is CompanionMessage { On: var on } ? on : answers;
                speaks = message is VoiceMessage { On: var speaking } ? speaking : speaks;
            }

            await page.SendAsync(new UserTextMessage { Content = Text }, Token);
            SpeechStartMessage? start = null;
            var (reply, text) = ("", "");
            var ends = Answer.Select((c, i) => (c, i)).Where(it => it.c == '.').Select(it => it.i + 1).Take(reports);
            foreach (var (end, clause) in ends.Select((end, clause) => (end, clause)))
            {
                // A page plays nothing that was not written yet.
                while (start is null || text.Length < end)
                {
                    var message = await page.HearAsync();
                    start = message as SpeechStartMessage ?? start;
                    (reply, text) = message switch
                    {
                        LlmDeltaMessage piece => (piece.Id!, text + piece.Content),
                        LlmResponseMessage whole => (whole.Id!, whole.Content),
                        _ => (reply, text),
                    };
                }

                await page.SendAsync(
                    new PlaybackMessage
                    {
                        Channel = ChannelName.Default,
                        Turn = start.Turn,
                        Clause = clause,
                        Event = PlaybackEvent.Progress,
                        Reply = reply,
                        Chars = end,
                    },
                    Token);
                heard.Add(Answer[..end]);
            }

            await StoredAsync(heard[^2]);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }

        return heard;
    }

    private static KotodamaClientOptions Page()
    {
        var options = new KotodamaClientOptions { Role = PeerRole.Viewer };
        options.Capabilities.Add(HelloMessage.DisplayCapability);
        options.Capabilities.Add(HelloMessage.SpeakCapability);
        return options;
    }

    /// <summary>Waits until the conversation has the report before the last one. The last one may be on its way when the hub is killed.</summary>
    private async Task StoredAsync(string least)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await look.WaitForNextTickAsync(Token).AsTask().InTime("the next look"))
        {
            await using var store = ConversationStores.OpenExisting(Path.Combine(_data, ConversationStores.FileName), mayWrite: false);
            if (await store.CurrentAsync(ChannelName.Default, null, Token) is not { } talk)
                continue;
            var newest = await store.ReadAsync(ChannelName.Default, talk.Id, null, 1, Token);
            if (newest is [{ Said: { Role: ConversationRole.Assistant } said }] && said.Text.Length >= least.Length)
                return;
        }
    }

    private async Task<Process> StartAsync()
    {
        var process = TestProcess.Start(new ProcessStartInfo(
            "dotnet",
            [Repository.Program, "--port", $"{_port}", "--page-port", "0", "--open", "never", "--data", _data, "--llm", "demo", "--voice", "silent", "--asr", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _data,
        });
        while (await process.StandardOutput.ReadLineAsync(Token).AsTask().InTime("the hub to start") is { } line)
            if (line.Contains("Ctrl+C", StringComparison.Ordinal))
                return process;
        throw new InvalidOperationException($"The hub did not start: {await process.StandardError.ReadToEndAsync(Token)}");
    }
}
