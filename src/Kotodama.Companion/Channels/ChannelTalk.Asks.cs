using System.Text.Json;
using System.Threading.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <content>Answers the questions of pages: characters, models, conversations, engines. See section 11 of the protocol.</content>
internal sealed partial class ChannelTalk
{
    /// <summary>What a page asks first that somebody opened to talk.</summary>
    private const string ConversationQuestion = "conversation";

    /// <summary>What a page asks to get more of a long answer.</summary>
    private const string RestQuestion = "rest";

    /// <summary>The longest a page waits for an answer.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly LongAnswers _answers = new();

    private async Task ReplyAsync(AskMessage ask)
    {
        using var limit = new CancellationTokenSource(AnswerWithin, _parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _token);
        var answer = new AnswerMessage { Page = ask.Page ?? "", Id = ask.Id };
        try
        {
            answer = ask.Name == RestQuestion
                ? _answers.Next(answer, Text(Given(ask), "of")) ?? throw new AskException("not_found", "there is no more of this answer", "Ask the whole question again.")
                : _answers.Begin(answer, await AnswerAsync(ask, either.Token).ConfigureAwait(false));
        }
        catch (AskException e)
        {
            answer = answer with { Error = new AnswerError(e.Code, e.Message, e.Hint) };
        }
        catch (ConversationException e)
        {
            answer = answer with { Error = new AnswerError(e.Code, e.Message, e.Hint) };
        }
        catch (LlmException e)
        {
            answer = answer with { Error = new AnswerError(e.Code, e.Message, "") };
        }
        catch (OperationCanceledException) when (!_token.IsCancellationRequested)
        {
            answer = answer with { Error = new AnswerError("timeout", $"there was no answer within {AnswerWithin.TotalSeconds:0} seconds", "Try again.") };
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            return;
        }
#pragma warning disable CA1031 // Stores, engines and language models of any kind may be plugged in, and a conversation outlives their failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Its message may hold anything, even what was said, or a key.
            LogUnanswered(_parts.Logger, ask.Name, e.GetType().Name);
            answer = answer with { Error = new AnswerError("failed", "what was asked failed where nothing should fail", "The companion's log says what it was. Try again.") };
        }

        try
        {
            await _hub.SendAsync(answer, _token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The conversation ends.
        }
    }

    private async Task<object?> AnswerAsync(AskMessage ask, CancellationToken cancellationToken)
    {
        var value = Given(ask);
        var store = _parts.Store;
        switch (ask.Name)
        {
            case "characters":
                return Characters();
            case "choose_character":
                var character = _parts.Characters.Read().Find(Text(value, "id")) ?? throw new AskException("not_found", "there is no such character", "Choose one of the list.");
                await store.OpenAsync(_channel, character.Id, cancellationToken).ConfigureAwait(false);
                await ChangeAsync(character, greet: true, cancellationToken).ConfigureAwait(false);
                return null;
            case "llm":
                return await LlmAsync(cancellationToken).ConfigureAwait(false);
            case "choose_llm":
                var chosen = await Mind().ChooseAsync(Text(value, "url"), Optional(value, "model"), Optional(value, "key"), cancellationToken).ConfigureAwait(false);
                return chosen;
            case "conversations":
                var current = await store.CurrentAsync(_channel, _character.Id, cancellationToken).ConfigureAwait(false);
                var all = await store.ListAsync(_channel, ConversationLimits.Page, cancellationToken).ConfigureAwait(false);
                return new { current = current?.Id, conversations = all.Select(c => new { c.Id, c.Title, c.Character, c.StartedAt, c.LastAt, c.Messages }) };
            case ConversationQuestion:
                var id = Optional(value, "id") ?? (await store.CurrentAsync(_channel, _character.Id, cancellationToken).ConfigureAwait(false))?.Id;
                var limit = Number(value, "limit", 100);
                IReadOnlyList<ConversationEntry> entries = id is null ? [] : await store.ReadAsync(_channel, id, null, limit, cancellationToken).ConfigureAwait(false);
                return new { id, entries = entries.Select(e => new { e.Number, e.At, role = Role(e.Said.Role), e.Said.Text, e.Said.Interrupted }) };
            case "new_conversation":
                var made = await store.CreateAsync(_channel, _character.Id, cancellationToken).ConfigureAwait(false);
                await ChangeAsync(_character, greet: true, cancellationToken).ConfigureAwait(false);
                return new { made.Id };
            case "choose_conversation":
                var taken = await store.ChooseAsync(_channel, Text(value, "id"), cancellationToken).ConfigureAwait(false);
                await ChangeAsync(_parts.Characters.Read().Find(taken.Character) ?? _character, greet: false, cancellationToken).ConfigureAwait(false);
                return null;
            case "delete_conversation":
                var isCurrent = (await store.CurrentAsync(_channel, _character.Id, cancellationToken).ConfigureAwait(false))?.Id == Text(value, "id");
                await store.DeleteAsync(_channel, Text(value, "id"), cancellationToken).ConfigureAwait(false);
                if (isCurrent)
                    await ChangeAsync(_character, greet: false, cancellationToken, kept: false).ConfigureAwait(false);
                return null;
            case "search":
                var hits = await store.SearchAsync(_channel, Text(value, "text"), 100, cancellationToken).ConfigureAwait(false);
                return new { hits = hits.Select(h => new { h.Conversation, h.Number, h.At, role = Role(h.Role), h.Text }) };
            case "export":
                return await ConversationExport.WriteAsync(store, _channel, Text(value, "id"), Optional(value, "format") ?? ConversationExport.Json, cancellationToken).ConfigureAwait(false);
            case "settings":
                return new { engines = (_parts.Engines?.List() ?? []).Select(e => new { kind = KindName(e.Kind), e.Name, e.Problem }) };
            case "test":
                return await TestAsync(value, cancellationToken).ConfigureAwait(false);
            default:
                throw new AskException("unknown_question", "this question is unknown", "See section 11 of docs/protocol.md.");
        }
    }

    private object Characters()
    {
        var language = Language;
        return new
        {
            current = _character.Id,
            characters = _parts.Characters.Read().Characters.Select(c => new { c.Id, name = c.Name.Of(language), c.Language, description = c.Description?.Of(language) }),
        };
    }

    private async Task<object> LlmAsync(CancellationToken cancellationToken)
    {
        var selector = Mind();
        var found = await selector.DiscoverAsync(cancellationToken).ConfigureAwait(false);
        var current = selector.Current;
        return new
        {
            current.Server,
            url = current.Address?.ToString(),
            current.Model,
            demo = current.IsDemo,
            found = found.Select(f => new { f.Server, url = f.Address.ToString(), f.Models, model = f.DefaultModel }),
        };
    }

    private async Task<object> TestAsync(JsonElement value, CancellationToken cancellationToken)
    {
        var engines = _parts.Engines ?? throw new AskException("not_found", "this companion tells nothing of its engines", "Use kotodama voices.");
        var name = Text(value, "kind");
        foreach (var kind in Enum.GetValues<EngineKind>())
            if (KindName(kind) == name)
            {
                var trial = await engines.TryAsync(kind, Text(value, "engine"), cancellationToken).ConfigureAwait(false);
                return new { ok = trial.Works, ms = trial.Milliseconds, trial.Detail };
            }

        throw new AskException(ErrorCode.BadValue, "kind must be llm, asr or tts", "See section 11 of docs/protocol.md.");
    }

    private LlmSelector Mind() => Selector ?? throw new AskException("not_found", "the language model of this companion cannot be changed", "It was chosen by the program.");

    /// <summary>Another character, or another conversation, from now on.</summary>
    private ValueTask ChangeAsync(Character character, bool greet, CancellationToken cancellationToken, bool kept = true) =>
        _events.WriteAsync(new CompanionEvent.Settled(_channel, character, greet, kept), cancellationToken);

    private static string KindName(EngineKind kind) => kind.ToString().ToLowerInvariant();

    private static string Role(ConversationRole role) => role == ConversationRole.User ? "user" : "assistant";

    private static JsonElement Given(AskMessage ask) => ask.Value is { ValueKind: JsonValueKind.Object } given ? given : default;

    private static string Text(JsonElement value, string field) =>
        Optional(value, field) ?? throw new AskException(ErrorCode.MissingField, $"value.{field} is missing", "See section 11 of docs/protocol.md.");

    private static string? Optional(JsonElement value, string field) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static int Number(JsonElement value, string field, int absent)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(field, out var number))
            return absent;
        return number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var n) && n is >= 1 and <= ConversationLimits.Page
            ? n
            : throw new AskException(ErrorCode.OutOfRange, $"value.{field} must be 1 to {ConversationLimits.Page}", "Leave it out for the default.");
    }

    [LoggerMessage(306, LogLevel.Error, "The question {Question} of a page failed with {Exception}, which nothing should throw.")]
    private static partial void LogUnanswered(ILogger logger, string question, string exception);

    /// <summary>A question has no answer.</summary>
    private sealed class AskException(string code, string message, string hint) : Exception(message)
    {
        public string Code { get; } = code;

        public string Hint { get; } = hint;
    }
}
