using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;

namespace Kotodama.Companion;

/// <summary>
/// Settings of the companion; configuration sections <c>Kotodama:Llm</c>, <c>Kotodama:Hearing</c> and <c>Kotodama:Conversation</c>, and the
/// key <c>Kotodama:Character</c>. Every one has a default that works without any server.
/// </summary>
public sealed class CompanionOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama";

    /// <summary>The language model that answers.</summary>
    public LlmOptions Llm { get; set; } = new();

    /// <summary>The engines that recognize speech.</summary>
    public HearingOptions Hearing { get; set; } = new();

    /// <summary>How a conversation goes.</summary>
    public ConversationOptions Conversation { get; set; } = new();

    /// <summary>The character of channels that have not chosen one.</summary>
    public string Character { get; set; } = Characters.Character.DefaultId;

    /// <summary>
    /// The folder for conversations and for the language model that a user chose. Null: the hub's; where it has none either, they are kept
    /// in memory.
    /// </summary>
    public string? DataFolder { get; set; }

    /// <summary>The folder of characters. Null: <c>characters</c> in the data folder, besides the built-in ones.</summary>
    public string? CharactersFolder { get; set; }

    /// <summary>One sentence about the first setting that makes no sense; null when all do.</summary>
    /// <param name="recognizers">The engines that there are.</param>
    public string? Validate(RecognizerEngines recognizers)
    {
        ArgumentNullException.ThrowIfNull(recognizers);
        return Llm.Validate() ?? recognizers.Validate(Hearing) ?? Conversation.Validate();
    }
}
