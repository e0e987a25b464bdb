using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Companion.Channels;

/// <summary>
/// What a <see cref="CompanionPeer"/> is made of. The program that makes the parts disposes them, after the companion has ended.
/// </summary>
public sealed record CompanionParts
{
    /// <summary>Who answers: an <see cref="LlmSelector"/>, which people may switch from the page, or any other client.</summary>
    public required IChatClient LanguageModel { get; init; }

    /// <summary>Who recognizes what is spoken into a microphone; null: only what is typed is understood.</summary>
    public ISpeechRecognizer? Hearing { get; init; }

    /// <summary>The characters.</summary>
    public CharacterFolder Characters { get; init; } = new(null);

    /// <summary>The character of channels that have not chosen one.</summary>
    public string Character { get; init; } = Kotodama.Companion.Characters.Character.DefaultId;

    /// <summary>Where conversations are kept.</summary>
    public required IConversationStore Store { get; init; }

    /// <summary>How a conversation goes.</summary>
    public ConversationOptions Conversation { get; init; } = new();

    /// <summary>How many tokens the model can hold, its answer included.</summary>
    public int ContextTokens { get; init; } = new LlmOptions().ContextTokens;

    /// <summary>How many rounds of the conversation the model is told.</summary>
    public int Rounds { get; init; } = new LlmOptions().Rounds;

    /// <summary>Tools that every character may use, besides those that it names.</summary>
    public IReadOnlyList<AIFunction> Tools { get; init; } = [];

    /// <summary>Tells pages which engines there are, and tries them; null: they are not told.</summary>
    public IEngineDesk? Engines { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The log; never gets what is said.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The tools that a character may use.</summary>
    internal IEnumerable<AIFunction> ToolsOf(Character character) =>
        Tools.Concat((character.Tools ?? []).Select(name => BuiltInTools.Find(name, Time)).OfType<AIFunction>());
}
