using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Memory;
using Kotodama.Companion.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <summary>One question to the language model, from the history it is told to the last piece of its answer. Runs by itself.</summary>
internal sealed partial class AnswerRun
{
    /// <summary>After the tags are taken out, more than a reply may have; the machine cuts it exactly.</summary>
    private const int MostText = 65_536;

    /// <summary>What the language model is told when the character speaks unasked and has no prompt for it.</summary>
    private const string Unasked = "(Nobody has said anything for a while. Say one short, friendly sentence of your own accord.)";

    private readonly ConversationCommand.Ask _ask;
    private readonly Character _character;
    private readonly CompanionParts _parts;
    private readonly Func<ConversationEvent, ValueTask> _report;
    private readonly CancellationTokenSource _cancelled;

    /// <param name="ask">The question.</param>
    /// <param name="character">The character that answers.</param>
    /// <param name="memory">What was said before.</param>
    /// <param name="parts">What the companion is made of.</param>
    /// <param name="report">Gets what happens.</param>
    /// <param name="before">The run before, which has to end first.</param>
    /// <param name="ended">Ends everything.</param>
    public AnswerRun(
        ConversationCommand.Ask ask,
        Character character,
        ChannelConversation memory,
        CompanionParts parts,
        Func<ConversationEvent, ValueTask> report,
        Task before,
        CancellationToken ended)
    {
        (_ask, _character, _parts, _report) = (ask, character, parts, report);
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var token = _cancelled.Token;

        // Now, so that what is appended next is no part of it.
        var history = memory.ReadAsync((parts.Rounds * 2) + 1, token);
        Ended = Task.Run(() => RunAsync(history, before, token), CancellationToken.None);
    }

    /// <summary>Ends with the answer; does not fail.</summary>
    public Task Ended { get; }

    /// <summary>The answer is not wanted any more.</summary>
    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    private async Task RunAsync(Task<IReadOnlyList<ConversationEntry>> history, Task before, CancellationToken cancellationToken)
    {
        try
        {
            await before.ConfigureAwait(false);
            var messages = Messages(await history.ConfigureAwait(false));
            if (!await AnswerAsync(messages, cancellationToken).ConfigureAwait(false))
                throw new LlmException(LlmCode.Failed, "The language model answered nothing.");
            await _report(new ConversationEvent.AnswerEnded(_ask.Exchange)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The answer is discarded.
        }
        catch (LlmException e)
        {
            VoiceTelemetry.Failed("llm", e.Code);
            LogFailed(_parts.Logger, e.Code, e.Message);
            await _report(new ConversationEvent.AnswerFailed(_ask.Exchange, e.Code)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any client may be plugged in, and a conversation outlives its failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceTelemetry.Failed("llm", LlmCode.Failed);
            LogBroken(_parts.Logger, e);
            await _report(new ConversationEvent.AnswerFailed(_ask.Exchange, LlmCode.Failed)).ConfigureAwait(false);
        }
        finally
        {
            _cancelled.Dispose();
        }
    }

    private IReadOnlyList<ChatMessage> Messages(IReadOnlyList<ConversationEntry> history)
    {
        var entries = history.Select(EntryOf).ToList();
        var text = _ask.Text ?? _ask.Prompt ?? _character.Idle?.Prompt.Of(_ask.Language) ?? Unasked;
        entries.Add(new ContextEntry(new ChatMessage(ChatRole.User, text)));
        var hint = _ask.Emotion is { } emotion and not "neutral" ? $"(The person sounds {emotion}.)" : null;
        var prompt = CharacterPrompt.PromptOf(_character, _ask.Language);
        return new ContextWindow(_parts.ContextTokens, _parts.Rounds).Build(prompt, entries, hint);
    }

    private static ContextEntry EntryOf(ConversationEntry entry)
    {
        var role = entry.Said.Role == ConversationRole.User ? ChatRole.User : ChatRole.Assistant;
        return new ContextEntry(new ChatMessage(role, entry.Said.Text), entry.Said.Interrupted);
    }

    /// <returns>Whether there was a word in it.</returns>
    private async Task<bool> AnswerAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var tags = new ReplyTags(_character.Emotions);
        var tools = _parts.ToolsOf(_character).ToList<AITool>();
        var options = new ChatOptions
        {
            Temperature = (float?)_character.Temperature,
            Tools = tools.Count > 0 ? tools : null,
            ModelId = _character.Model,
        };
        var length = 0;
        var hasWords = false;
        ChatFinishReason? end = null;
        var updates = _parts.LanguageModel.GetStreamingResponseAsync(messages, options, cancellationToken);
        await foreach (var update in updates.ConfigureAwait(false))
        {
            if (LateReasoning.IsMarked(update))
            {
                (tags, length, hasWords) = (new ReplyTags(_character.Emotions), 0, false);
                await _report(new ConversationEvent.WasReasoning(_ask.Exchange)).ConfigureAwait(false);
            }

            if (update.Role != ChatRole.Tool)
                end = update.FinishReason ?? end;
            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case TextContent { Text: { Length: > 0 } text }:
                        length += text.Length;
                        hasWords |= await SayAsync(tags.Append(text)).ConfigureAwait(false);
                        break;
                    case FunctionCallContent call:
                        await _report(new ConversationEvent.ToolUsed(_ask.Exchange, call.Name)).ConfigureAwait(false);
                        break;
                    case FunctionResultContent or TextReasoningContent:
                        await _report(new ConversationEvent.ToolUsed(_ask.Exchange, null)).ConfigureAwait(false);
                        break;
                }
            }

            if (length > MostText)
                break;
        }

        hasWords |= await SayAsync(tags.End()).ConfigureAwait(false);
        return IsCut(end) ? throw new LlmException(LlmCode.Failed, $"The answer of the language model is not whole ({end}).") : hasWords;
    }

    // The model ran out of tokens, a filter took the rest, or the server ended without a word about it.
    private static bool IsCut(ChatFinishReason? end) =>
        end is not null && end != ChatFinishReason.Stop && end != ChatFinishReason.ToolCalls;

    private async ValueTask<bool> SayAsync(IReadOnlyList<ReplyPart> parts)
    {
        foreach (var part in parts)
            await _report(new ConversationEvent.Answered(_ask.Exchange, part.Text, part.Emotion)).ConfigureAwait(false);
        return parts.Any(part => !string.IsNullOrWhiteSpace(part.Text));
    }

    [LoggerMessage(303, LogLevel.Warning, "The language model gave no whole answer ({Code}): {Reason}")]
    private static partial void LogFailed(ILogger logger, PlainText code, PlainText reason);

    [LoggerMessage(304, LogLevel.Error, "The language model's client failed.")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
