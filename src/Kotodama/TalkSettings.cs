using Kotodama.Companion;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Memory;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli;

/// <summary>
/// Settings of the conversation: sections <c>Kotodama:Llm</c>, <c>Kotodama:Hearing</c> and <c>Kotodama:Conversation</c>; <c>--llm</c>, <c>--model</c>,
/// <c>--asr</c>, <c>--character</c> and their variables in short.
/// </summary>
/// <param name="Llm">Who answers.</param>
/// <param name="Hearing">Who understands speech.</param>
/// <param name="Conversation">How it goes.</param>
/// <param name="Character">Who talks.</param>
internal sealed record TalkSettings(LlmOptions Llm, HearingOptions Hearing, ConversationOptions Conversation, string Character)
{
    private const string CharacterKey = "Kotodama:Character";

    /// <summary>Whether anybody answers.</summary>
    public bool Enabled => !Llm.IsOff;

    /// <summary>One sentence when there is no such character; null when there is.</summary>
    public string? MissingCharacter(CharacterSet characters) =>
        characters.Find(Character) is null ? $"There is no character {Terminal.Plain(Character)}; there are {string.Join(", ", characters.Characters.Select(c => c.Id))}. kotodama characters says more." : null;

    /// <summary>What the command line says, as configuration.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Parse(string? llm, string? model, string? character)
    {
        if (llm is not null)
            yield return new($"{LlmOptions.Section}:{nameof(LlmOptions.Server)}", llm);
        if (model is not null)
            yield return new($"{LlmOptions.Section}:{nameof(LlmOptions.Model)}", model);
        if (character is not null)
            yield return new(CharacterKey, character);
    }

    /// <summary>What the environment says, as configuration.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> FromEnvironment() => Parse(Given("KOTODAMA_LLM"), Given("KOTODAMA_MODEL"), Given("KOTODAMA_CHARACTER"));

    /// <summary>Reads the settings. Null and a sentence when one makes no sense.</summary>
    public static (TalkSettings? Settings, string? Problem) Read(IConfiguration configuration)
    {
        var (llm, llmProblem) = ServeSettings.Read(configuration, LlmOptions.Section, new LlmOptions(), options => options.Validate());
        var (hearing, hearingProblem) = HearingSettings.Read(configuration);
        var (conversation, conversationProblem) = ServeSettings.Read(configuration, ConversationOptions.Section, new ConversationOptions(), options => options.Validate());
        return llm is null || hearing is null || conversation is null
            ? (null, llmProblem ?? hearingProblem ?? conversationProblem)
            : (new TalkSettings(llm, hearing, conversation, configuration[CharacterKey] ?? Companion.Characters.Character.DefaultId), null);
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
