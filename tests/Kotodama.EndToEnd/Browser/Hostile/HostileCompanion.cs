using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Browser.Hostile;

/// <summary>A companion of the real hub that answers every question of a page with hostile texts, in every field that there is.</summary>
internal sealed class HostileCompanion(IPeer peer) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ends = new();
    private Task _answering = Task.CompletedTask;

    /// <summary>The texts of the next answers.</summary>
    public IReadOnlyList<string> Texts { get; set; } = [];

    public void Start() => _answering = AnswerAsync();

    public Task SayAsync(Message message) => peer.SendAsync(message, TestContext.Current.CancellationToken).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _answering;
        _ends.Dispose();
        await peer.DisposeAsync();
    }

    private async Task AnswerAsync()
    {
        try
        {
            await foreach (var message in peer.Incoming.ReadAllAsync(_ends.Token))
            {
                if (message is not AskMessage ask)
                    continue;
                var value = ValueOf(ask.Name);
                await peer.SendAsync(
                    new AnswerMessage
                    {
                        Page = ask.Page!,
                        Id = ask.Id,
                        Value = value is null ? null : JsonSerializer.SerializeToElement(value),
                        Error = value is null ? new AnswerError(Text(0), Text(1), Text(2)) : null,
                    },
                    _ends.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>Null: an error, whose words are hostile too.</summary>
    private object? ValueOf(string question) => question switch
    {
        "llm" => new { server = Text(0), url = Text(1), model = Text(2), demo = false, found = Texts.Select((text, i) => new { server = text, url = Text(i + 1), models = new[] { text, Text(i + 3) }, model = text }) },
        "characters" => new { current = Text(0), characters = Texts.Select((text, i) => new { id = text, name = Text(i + 1), language = Text(i + 2), description = text }) },
        "conversations" => new { current = "c0", conversations = Texts.Select((text, i) => new { id = $"c{i}", title = text, character = Text(i + 1), startedAt = 1, lastAt = 2, messages = 2 }) },
        "conversation" => new { id = "c0", entries = Texts.Select((text, i) => new { at = i + 1, role = i % 2 == 0 ? "user" : "assistant", text, interrupted = i % 3 == 0 }) },
        "settings" => new { engines = Texts.Select((text, i) => new { kind = i % 3 == 0 ? "tts" : i % 3 == 1 ? "asr" : "llm", name = text, problem = Text(i + 1) }) },
        "search" => new { hits = Texts.Select((text, i) => new { conversation = text, role = Text(i + 1), at = 1, text }) },
        "test" => new { ok = false, ms = Text(0), detail = Text(1) },
        _ => null,
    };

    private string Text(int i) => Texts.Count == 0 ? "none" : Texts[i % Texts.Count];
}
