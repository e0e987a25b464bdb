namespace Kotodama.Protocol;

/// <summary>
/// The questions that pages ask a companion, as <see cref="AskMessage.Name"/>; section 11 of <c>docs/protocol.md</c> says what belongs to
/// each. A companion refuses a name that it does not know with <see cref="AnswerCode.UnknownQuestion"/>.
/// </summary>
public static class AskName
{
    /// <summary>Which characters there are: <see cref="Questions.CharactersAnswer"/>.</summary>
    public const string Characters = "characters";

    /// <summary>Lets another character talk from now on. No value.</summary>
    public const string ChooseCharacter = "choose_character";

    /// <summary>Which language model answers, and which there are: <see cref="Questions.LlmAnswer"/>.</summary>
    public const string Llm = "llm";

    /// <summary>Lets another language model answer from now on: <see cref="Questions.ChooseLlmAnswer"/>.</summary>
    public const string ChooseLlm = "choose_llm";

    /// <summary>Which conversations are stored: <see cref="Questions.ConversationsAnswer"/>.</summary>
    public const string Conversations = "conversations";

    /// <summary>What was said in one conversation: <see cref="Questions.ConversationAnswer"/>.</summary>
    public const string Conversation = "conversation";

    /// <summary>Begins a conversation: <see cref="Questions.NewConversationAnswer"/>.</summary>
    public const string NewConversation = "new_conversation";

    /// <summary>Goes on with a stored conversation. No value.</summary>
    public const string ChooseConversation = "choose_conversation";

    /// <summary>Deletes a conversation. No value.</summary>
    public const string DeleteConversation = "delete_conversation";

    /// <summary>Looks for words in the conversations: <see cref="Questions.SearchAnswer"/>.</summary>
    public const string Search = "search";

    /// <summary>Gives a conversation as a file: <see cref="Questions.ExportAnswer"/>.</summary>
    public const string Export = "export";

    /// <summary>Which engines there are: <see cref="Questions.SettingsAnswer"/>.</summary>
    public const string Settings = "settings";

    /// <summary>Tries an engine: <see cref="Questions.TestAnswer"/>.</summary>
    public const string Test = "test";

    /// <summary>The next piece of an answer that one message could not carry: a text, see <see cref="AnswerMessage.Rest"/>.</summary>
    public const string Rest = "rest";
}
