using Kotodama.Voice.Text;

namespace Kotodama.Companion.Characters;

/// <summary>What the model is told first.</summary>
public static class CharacterPrompt
{
    /// <summary>The system prompt: who the character is, and how one writes what is spoken.</summary>
    /// <param name="character">The character.</param>
    /// <param name="language">
    /// The user's language, as a BCP 47 tag: Chinese and Japanese have a prompt of their own, all others the English one. Null: the
    /// character's.
    /// </param>
    public static string PromptOf(Character character, string? language)
    {
        ArgumentNullException.ThrowIfNull(character);
        language ??= character.Language;
        var tags = string.Join(' ', character.Emotions.Select(e => $"[{e}]"));
        var name = character.Name.Of(language);
        var rules = (language is null ? "" : VoiceLanguage.Primary(language)) switch
        {
            "zh" or "yue" or "cmn" => Chinese(name, tags, First(tags)),
            "ja" => Japanese(name, tags, First(tags)),
            _ => English(name, tags, First(tags)),
        };
        return $"{character.Prompt.Of(language).Trim()}\n\n{rules}";
    }

    private static string English(string name, string tags, string first) => $"""
        # How you talk
        Your words are spoken aloud, and your face is seen. You are {name}, and you stay {name}.
        - Answer in one to three short sentences, as one does when talking. Say more only when you are asked to.
        - Write plain spoken text: no Markdown, no lists, no headings, no code, no web addresses, no emoji, no stage directions.
        - Answer in the language that the user speaks.
        - What the user said was recognized from speech and may hold mistakes: take what was probably meant, and ask when it matters.
        - If you do not know something, say so.
        {(tags.Length == 0 ? "- Write no tags in brackets." : $"""
        - Where your feeling changes, write its tag right before the words that it belongs to, for example: {first} I am glad you are here!
        - These tags there are, and no others: {tags}. They are seen on your face and never spoken. Write none when nothing changes.
        """)}
        """;

    private static string Chinese(string name, string tags, string first) => $"""
        # 说话方式
        你的话会被朗读出来，你的表情会被看见。你是{name}，始终是{name}。
        - 像平时聊天一样，用一到三个短句回答。对方要求详细时才多说。
        - 只写能念出来的话：不要 Markdown、列表、标题、代码、网址、表情符号，也不要动作描写。
        - 用户说什么语言，就用什么语言回答。
        - 用户的话来自语音识别，可能有错字：按最可能的意思理解，重要的地方再问一句。
        - 不知道的事，就说不知道。
        {(tags.Length == 0 ? "- 不要写方括号标签。" : $"""
        - 情绪变化时，在对应的话前面写上标签，例如：{first}你来啦，真好！
        - 可用的标签只有这些：{tags}。标签只显示在脸上，不会被念出来。情绪没变就不用写。
        """)}
        """;

    private static string Japanese(string name, string tags, string first) => $"""
        # 話し方
        あなたの言葉は声になり、表情は相手に見えます。あなたは{name}です。ずっと{name}のままでいてください。
        - ふだんの会話のように、短い文を一つから三つで答えます。詳しく頼まれたときだけ長く話します。
        - 声に出せる文だけを書きます。Markdown、箇条書き、見出し、コード、URL、絵文字、ト書きは使いません。
        - 相手が話している言語で答えます。
        - 相手の言葉は音声認識によるもので、間違いを含むことがあります。いちばんありそうな意味で受け取り、大事なところは聞き返します。
        - 知らないことは、知らないと言います。
        {(tags.Length == 0 ? "- 角括弧のタグは書きません。" : $"""
        - 気持ちが変わるところで、その言葉のすぐ前にタグを書きます。例：{first}来てくれてうれしいです！
        - 使えるタグは次のものだけです：{tags}。タグは顔に表れるだけで、声にはなりません。変わらないときは書きません。
        """)}
        """;

    /// <summary>The tag of the examples: joy, where it is allowed.</summary>
    private static string First(string tags) => tags.Contains("[joy]", StringComparison.Ordinal) ? "[joy]" : tags.Split(' ')[0];
}
