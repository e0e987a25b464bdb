using System.Text.Json;
using System.Threading.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Protocol.Questions;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <summary>
/// Answers the questions of pages on one channel: characters, models, conversations, engines. See section 11 of the protocol. An answer
/// runs beside the companion's loop, so whatever it changes goes through the loop as an event.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="hub">The hub's end.</param>
/// <param name="parts">What the companion is made of.</param>
/// <param name="events">The companion's loop.</param>
/// <param name="currentCharacter">The character that answers on the channel now.</param>
/// <param name="currentLanguage">The language of the page that wrote, spoke or asked last; null: unknown.</param>
/// <param name="inProgress">The entry of an answer of which more is to come; null: there is none.</param>
/// <param name="ended">Cancelled at the end of the conversation.</param>
internal sealed partial class PageQuestions(
    string channel,
    IPeer hub,
    CompanionParts parts,
    ChannelWriter<CompanionEvent> events,
    Func<Character> currentCharacter,
    Func<string?> currentLanguage,
    Func<(string Conversation, int Number)?> inProgress,
    CancellationToken ended)
{
    /// <summary>The longest a page waits for an answer.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly LongAnswers _answers = new();

    /// <summary>Answers one question. Does not fail.</summary>
    public async Task AnswerAsync(AskMessage ask)
    {
        using var limit = new CancellationTokenSource(AnswerWithin, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
        var answer = new AnswerMessage { Page = ask.Page ?? "", Id = ask.Id };
        try
        {
            answer = ask.Name == AskName.Rest
                ? _answers.Next(answer, Text(Given(ask), "of")) ?? throw new AskException(
                    AnswerCode.NotFound,
                    "there is no more of this answer",
                    "Ask the whole question again.")
                : _answers.Begin(answer, (await ValueAsync(ask, either.Token).ConfigureAwait(false))?.ToJson());
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
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            var late = $"there was no answer within {AnswerWithin.TotalSeconds:0} seconds";
            answer = answer with { Error = new AnswerError(AnswerCode.Timeout, late, "Try again.") };
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            return;
        }
#pragma warning disable CA1031 // Any store, engine or language model may be plugged in, and a conversation outlives their failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Its message may hold anything, even what was said, or a key.
            LogUnanswered(parts.Logger, ask.Name, e.GetType().Name);
            const string Failed = "what was asked failed where nothing should fail";
            answer = answer with { Error = new AnswerError(AnswerCode.Failed, Failed, "The companion's log says what it was. Try again.") };
        }

        try
        {
            await hub.SendAsync(answer, ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The conversation ends.
        }
    }

    private async Task<AnswerValue?> ValueAsync(AskMessage ask, CancellationToken cancellationToken)
    {
        var value = Given(ask);
        switch (ask.Name)
        {
            case AskName.Characters:
                return Characters();
            case AskName.ChooseCharacter:
                await ChooseCharacterAsync(Text(value, "id"), cancellationToken).ConfigureAwait(false);
                return null;
            case AskName.Llm:
                return await LlmAsync(cancellationToken).ConfigureAwait(false);
            case AskName.ChooseLlm:
                return await ChooseLlmAsync(value, cancellationToken).ConfigureAwait(false);
            case AskName.Conversations:
                return await ConversationsAsync(cancellationToken).ConfigureAwait(false);
            case AskName.Conversation:
                return await ConversationAsync(value, cancellationToken).ConfigureAwait(false);
            case AskName.NewConversation:
                return await NewConversationAsync(cancellationToken).ConfigureAwait(false);
            case AskName.ChooseConversation:
                await ChooseConversationAsync(Text(value, "id"), cancellationToken).ConfigureAwait(false);
                return null;
            case AskName.DeleteConversation:
                await DeleteConversationAsync(Text(value, "id"), cancellationToken).ConfigureAwait(false);
                return null;
            case AskName.Search:
                return await SearchAsync(Text(value, "text"), cancellationToken).ConfigureAwait(false);
            case AskName.Export:
                return await ExportAsync(value, cancellationToken).ConfigureAwait(false);
            case AskName.Settings:
                return Engines();
            case AskName.Test:
                return await TestAsync(value, cancellationToken).ConfigureAwait(false);
            default:
                throw new AskException(
                    AnswerCode.UnknownQuestion,
                    $"the question \"{ask.Name}\" is unknown",
                    "See section 11 of docs/protocol.md.");
        }
    }

    private SettingsAnswer Engines()
    {
        var engines = parts.Engines?.List() ?? [];
        return new SettingsAnswer([.. engines.Select(e => new EngineSummary(KindName(e.Kind), e.Name, e.Problem))]);
    }

    private CharactersAnswer Characters()
    {
        var language = currentLanguage();
        var all = parts.Characters.Read().Characters;
        return new CharactersAnswer(
            currentCharacter().Id,
            [.. all.Select(c => new CharacterSummary(c.Id, c.Name.Of(language), c.Language, c.Description?.Of(language)))]);
    }

    private async Task ChooseCharacterAsync(string id, CancellationToken cancellationToken)
    {
        var character = parts.Characters.Read().Find(id)
            ?? throw new AskException(AnswerCode.NotFound, "there is no such character", "Choose one of the list.");
        await parts.Store.OpenAsync(channel, character.Id, cancellationToken).ConfigureAwait(false);
        await ChangeAsync(character, greet: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task<LlmAnswer> LlmAsync(CancellationToken cancellationToken)
    {
        var selector = Selector();
        var found = await selector.DiscoverAsync(cancellationToken).ConfigureAwait(false);
        var current = selector.Current;
        return new LlmAnswer(
            current.Server,
            current.Address?.ToString(),
            current.Model,
            current.IsDemo,
            [.. found.Select(f => new LlmServerSummary(f.Server, f.Address.ToString(), f.Models, f.DefaultModel))]);
    }

    private async Task<ChooseLlmAnswer> ChooseLlmAsync(JsonElement value, CancellationToken cancellationToken)
    {
        var url = Text(value, "url");
        var isConfirmed = value.TryGetProperty("confirmed", out var confirmed) && confirmed.ValueKind == JsonValueKind.True;
        if (!isConfirmed && LlmAddress.Parse(url) is { } address && !LlmAddress.IsLocal(address))
        {
            throw new AskException(
                AnswerCode.ConfirmationNeeded,
                $"{address.Host} is another machine, and all that is said would be sent there",
                "Ask the user, and then again with \"confirmed\":true.");
        }

        var chosen = await Selector().ChooseAsync(
            url,
            Optional(value, "model"),
            Optional(value, "key"),
            cancellationToken).ConfigureAwait(false);
        return new ChooseLlmAnswer(chosen.Server, chosen.Address, chosen.Model, chosen.IsDemo);
    }

    private ValueTask<Conversation?> CurrentAsync(CancellationToken cancellationToken) =>
        parts.Store.CurrentAsync(channel, currentCharacter().Id, cancellationToken);

    private async Task<ConversationsAnswer> ConversationsAsync(CancellationToken cancellationToken)
    {
        var current = await CurrentAsync(cancellationToken).ConfigureAwait(false);
        var all = await parts.Store.ListAsync(channel, ConversationLimits.Page, cancellationToken).ConfigureAwait(false);
        return new ConversationsAnswer(
            current?.Id,
            [.. all.Select(c => new ConversationSummary(c.Id, c.Title, c.Character, c.StartedAt, c.LastAt, c.Messages))]);
    }

    private async Task<ConversationAnswer> ConversationAsync(JsonElement value, CancellationToken cancellationToken)
    {
        var id = Optional(value, "id") ?? (await CurrentAsync(cancellationToken).ConfigureAwait(false))?.Id;
        var limit = Number(value, "limit", 100);
        IReadOnlyList<ConversationEntry> entries =
            id is null ? [] : await parts.Store.ReadAsync(channel, id, null, limit, cancellationToken).ConfigureAwait(false);

        // Pages show it as it comes.
        var shown = inProgress() is var (current, number) && current == id ? entries.Where(e => e.Number != number) : entries;
        return new ConversationAnswer(
            id,
            [.. shown.Select(e => new ConversationLine(e.Number, e.At, Role(e.Said.Role), e.Said.Text, e.Said.Interrupted))]);
    }

    private async Task<NewConversationAnswer> NewConversationAsync(CancellationToken cancellationToken)
    {
        var made = await parts.Store.CreateAsync(channel, currentCharacter().Id, cancellationToken).ConfigureAwait(false);
        await ChangeAsync(currentCharacter(), greet: true, cancellationToken).ConfigureAwait(false);
        return new NewConversationAnswer(made.Id);
    }

    private async Task ChooseConversationAsync(string id, CancellationToken cancellationToken)
    {
        var chosen = await parts.Store.ChooseAsync(channel, id, cancellationToken).ConfigureAwait(false);
        var character = parts.Characters.Read().Find(chosen.Character) ?? currentCharacter();
        await ChangeAsync(character, greet: false, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteConversationAsync(string id, CancellationToken cancellationToken)
    {
        var isCurrent = (await CurrentAsync(cancellationToken).ConfigureAwait(false))?.Id == id;
        await parts.Store.DeleteAsync(channel, id, cancellationToken).ConfigureAwait(false);
        if (isCurrent)
            await ChangeAsync(currentCharacter(), greet: false, cancellationToken, remember: false).ConfigureAwait(false);
    }

    private async Task<SearchAnswer> SearchAsync(string text, CancellationToken cancellationToken)
    {
        var hits = await parts.Store.SearchAsync(channel, text, 100, cancellationToken).ConfigureAwait(false);
        return new SearchAnswer([.. hits.Select(h => new SearchHit(h.Conversation, h.Number, h.At, Role(h.Role), h.Text))]);
    }

    private async Task<ExportAnswer> ExportAsync(JsonElement value, CancellationToken cancellationToken)
    {
        var format = Optional(value, "format") ?? ConversationExport.Json;
        var file = await ConversationExport.WriteAsync(
            parts.Store,
            channel,
            Text(value, "id"),
            format,
            cancellationToken).ConfigureAwait(false);
        return new ExportAnswer(file.Name, file.Text);
    }

    private async Task<TestAnswer> TestAsync(JsonElement value, CancellationToken cancellationToken)
    {
        var engines = parts.Engines
            ?? throw new AskException(AnswerCode.NotFound, "this companion tells nothing of its engines", "Use kotodama voices.");
        var name = Text(value, "kind");
        foreach (var kind in Enum.GetValues<EngineKind>())
        {
            if (KindName(kind) != name)
                continue;
            var trial = await engines.TryAsync(kind, Text(value, "engine"), cancellationToken).ConfigureAwait(false);
            return new TestAnswer(trial.Works, trial.Milliseconds, trial.Detail);
        }

        throw new AskException(AnswerCode.BadValue, "kind must be llm, asr or tts", "See section 11 of docs/protocol.md.");
    }

    private LlmSelector Selector() =>
        parts.LanguageModel.GetService(typeof(LlmSelector), null) as LlmSelector ?? throw new AskException(
            AnswerCode.NotFound,
            "the language model of this companion cannot be changed",
            "It was chosen by the program.");

    /// <summary>Another character, or another conversation, from now on.</summary>
    private ValueTask ChangeAsync(Character character, bool greet, CancellationToken cancellationToken, bool remember = true) =>
        events.WriteAsync(new CompanionEvent.Changed(channel, character, greet, remember), cancellationToken);

    private static string KindName(EngineKind kind) => kind.ToString().ToLowerInvariant();

    private static string Role(ConversationRole role) => role == ConversationRole.User ? ConversationLine.User : ConversationLine.Assistant;

    private static JsonElement Given(AskMessage ask) => ask.Value is { ValueKind: JsonValueKind.Object } given ? given : default;

    private static string Text(JsonElement value, string field) =>
        Optional(value, field) ?? throw new AskException(
            AnswerCode.MissingField,
            $"value.{field} is missing",
            "See section 11 of docs/protocol.md.");

    private static string? Optional(JsonElement value, string field) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static int Number(JsonElement value, string field, int absent)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(field, out var number))
            return absent;
        return number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var n) && n is >= 1 and <= ConversationLimits.Page
            ? n
            : throw new AskException(
                AnswerCode.OutOfRange,
                $"value.{field} must be 1 to {ConversationLimits.Page}",
                "Leave it out for the default.");
    }

    [LoggerMessage(306, LogLevel.Error, "The question {Question} of a page failed with {Exception}, which nothing should throw.")]
    private static partial void LogUnanswered(ILogger logger, PlainText question, PlainText exception);

    /// <summary>A question has no answer.</summary>
    private sealed class AskException(string code, string message, string hint) : Exception(message)
    {
        public string Code { get; } = code;

        public string Hint { get; } = hint;
    }
}
