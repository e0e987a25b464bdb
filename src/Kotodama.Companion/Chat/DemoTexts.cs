using System.Text.RegularExpressions;

namespace Kotodama.Companion.Chat;

/// <summary>What the person wants of the built-in demo.</summary>
internal enum DemoIntent
{
    Unknown,
    Greeting,
    HowAreYou,
    YourName,
    MyName,
    Time,
    Date,
    Thanks,
    Help,
    Repeat,
    Story,
    Goodbye,
    Connect,
    WhatIsThis,
}

/// <summary>The words of the built-in demo in one language. <c>{0}</c> is what the rule found out.</summary>
internal sealed partial record DemoTexts(
    string Time,
    string Date,
    string NiceToMeet,
    string YouAre,
    string UnknownName,
    string NothingToRepeat,
    IReadOnlyDictionary<DemoIntent, string[]> Answers)
{
    // The first that fits counts. English words are whole words.
    private static readonly (DemoIntent Intent, string[] Signs)[] Rules =
    [
        (DemoIntent.Repeat,
        [
            "say that again", "say it again", "repeat that", "repeat", "pardon", "come again",
            "再说一遍", "再说一次", "重复",
            "もう一度", "もう一回", "繰り返",
        ]),
        (DemoIntent.Connect,
        [
            "connect", "real model", "language model", "ollama", "lm studio", "openai", "api key", "llm",
            "连接", "接入", "大模型", "真正的模型", "真的模型", "怎么配置",
            "接続", "つな", "繋", "本物のモデル", "モデル",
        ]),
        (DemoIntent.Story, ["story", "tale", "故事", "物語", "お話", "おはなし", "昔話"]),
        (DemoIntent.MyName,
        [
            "what is my name", "whats my name", "who am i",
            "我叫什么", "我的名字", "我是谁",
            "私の名前", "僕の名前",
        ]),
        (DemoIntent.WhatIsThis,
        [
            "kotodama", "what are you", "what is this", "are you real", "are you human", "are you an ai", "are you a bot",
            "言灵", "你是什么", "这是什么", "你是人", "你是机器",
            "言霊", "これは何", "あなたは何", "人間", "ロボット",
        ]),
        (DemoIntent.YourName,
        [
            "your name", "who are you",
            "你叫什么", "你的名字", "你是谁",
            "あなたの名前", "お名前", "君の名は", "誰ですか", "あなたは誰",
        ]),
        (DemoIntent.HowAreYou,
        [
            "how are you", "how do you do", "how is it going", "hows it going",
            "你好吗", "还好吗", "你怎么样", "最近怎么样",
            "元気", "調子",
        ]),
        (DemoIntent.Date,
        [
            "the date", "todays date", "what date", "what day", "which day", "what is today",
            "几号", "几月", "星期几", "日期",
            "何日", "何曜日", "日付",
        ]),
        (DemoIntent.Time,
        [
            "what time", "the time", "time is it", "time now", "clock",
            "几点", "什么时间", "现在时间",
            "何時", "今の時間", "時刻",
        ]),
        (DemoIntent.Thanks, ["thanks", "thank you", "thx", "谢谢", "多谢", "感谢", "ありがと", "感謝"]),
        (DemoIntent.Goodbye,
        [
            "bye", "goodbye", "good night", "see you", "farewell",
            "再见", "拜拜", "晚安",
            "さようなら", "さよなら", "またね", "おやすみ", "バイバイ",
        ]),
        (DemoIntent.Help,
        [
            "help", "what can you do", "commands",
            "帮助", "你会什么", "能做什么", "可以做什么", "帮我",
            "助けて", "ヘルプ", "何ができ", "使い方",
        ]),
        (DemoIntent.Greeting,
        [
            "hello", "hi", "hey", "good morning", "good evening", "good afternoon", "greetings",
            "你好", "您好", "嗨", "早上好", "晚上好", "哈喽",
            "こんにちは", "こんばんは", "おはよう", "やあ", "もしもし", "はじめまして",
        ]),
    ];

    private static readonly DemoTexts English = new(
        "[joy] It is {0} now.",
        "[neutral] Today is {0}.",
        "[joy] Nice to meet you, {0}! I will remember your name while we talk.",
        "[joy] You are {0}. You told me yourself.",
        "[shy] You have not told me your name yet. Say: my name is, and then your name.",
        "[neutral] I have not said anything yet that I could repeat.",
        new Dictionary<DemoIntent, string[]>
        {
            [DemoIntent.Unknown] =
            [
                "[shy] I am only the built-in demo, so I do not understand that. "
                + "[neutral] Ask me what I can do, or how to connect a real model.",
                "[neutral] That is beyond me: I am the built-in demo and follow a few simple rules. "
                + "With a real language model connected, you would get a real answer.",
            ],
            [DemoIntent.Greeting] =
            [
                "[joy] Hello! I am the built-in demo of Kotodama. Say help to hear what I can do.",
                "[joy] Hi there! It is good to see you. I am only a demo, but I can talk a little.",
            ],
            [DemoIntent.HowAreYou] = ["[joy] All my parts are moving, thank you. As a demo I have no worse days. How are you?"],
            [DemoIntent.YourName] = ["[joy] I am the built-in demo companion of Kotodama. No language model is connected yet."],
            [DemoIntent.Thanks] = ["[joy] You are welcome!", "[shy] My pleasure."],
            [DemoIntent.Help] =
            [
                "[neutral] I can tell you the time and the date, count to a number, say what you like after the word echo, "
                + "repeat myself, and tell a small story. "
                + "[joy] Ask me how to connect a real model, and soon you can talk about anything.",
            ],
            [DemoIntent.Story] =
            [
                "[neutral] Once there was a word that nobody had said yet. "
                + "[sad] It waited at the edge of a page, and it was a little lonely. "
                + "[surprised] Then somebody read it aloud, and it flew! "
                + "[joy] Since then it lives wherever people talk to each other. That is all.",
            ],
            [DemoIntent.Goodbye] = ["[joy] Goodbye! I will be here.", "[shy] See you soon!"],
            [DemoIntent.Connect] =
            [
                "[joy] Start Ollama, LM Studio, llama.cpp or vLLM on this machine, with a model. "
                + "Unless you asked for the demo, I look for them every half minute and hand over. "
                + "[neutral] For a server elsewhere, start Kotodama with the option llm and the address of the server.",
            ],
            [DemoIntent.WhatIsThis] =
            [
                "[joy] Kotodama gives the words of a language model a face and a voice. "
                + "[neutral] I am only its built-in demo: a few rules, no intelligence. Connect a model, and it will speak in my place.",
            ],
        });

    private static readonly DemoTexts Chinese = new(
        "[joy] 现在是{0}。",
        "[neutral] 今天是{0}。",
        "[joy] 很高兴认识你，{0}！聊天的时候我会记住你的名字。",
        "[joy] 你是{0}，你自己告诉我的。",
        "[shy] 你还没有告诉我你的名字。请说：我叫，然后说名字。",
        "[neutral] 我还没有说过什么可以重复的话。",
        new Dictionary<DemoIntent, string[]>
        {
            [DemoIntent.Unknown] =
            [
                "[shy] 我只是内置的演示，听不懂这句话。[neutral] 你可以问我会做什么，或者怎么连接真正的模型。",
                "[neutral] 这超出了我的能力：我是内置演示，只会几条简单的规则。连接真正的语言模型以后，你就能得到真正的回答。",
            ],
            [DemoIntent.Greeting] =
            [
                "[joy] 你好！我是 Kotodama 的内置演示。说“帮助”，我就告诉你我会做什么。",
                "[joy] 嗨，见到你真好！我只是一个演示，不过可以聊几句。",
            ],
            [DemoIntent.HowAreYou] = ["[joy] 谢谢，我一切正常。演示是不会有坏心情的。你呢？"],
            [DemoIntent.YourName] = ["[joy] 我是 Kotodama 的内置演示。现在还没有连接语言模型。"],
            [DemoIntent.Thanks] = ["[joy] 不客气！", "[shy] 这是我的荣幸。"],
            [DemoIntent.Help] =
            [
                "[neutral] 我可以报时间和日期，数到一个数，在你说“跟我说”之后跟着你说，重复我的话，还会讲一个小故事。"
                + "[joy] 问我怎么连接真正的模型，很快你就什么都能聊了。",
            ],
            [DemoIntent.Story] =
            [
                "[neutral] 从前有一个字，还没有人把它说出来过。"
                + "[sad] 它在书页的边上等着，有一点孤单。"
                + "[surprised] 后来有人把它念了出来，它就飞了起来！"
                + "[joy] 从那以后，它就住在人们说话的地方。故事讲完了。",
            ],
            [DemoIntent.Goodbye] = ["[joy] 再见！我会一直在这里。", "[shy] 下次见！"],
            [DemoIntent.Connect] =
            [
                "[joy] 在这台电脑上启动 Ollama、LM Studio、llama.cpp 或 vLLM，并准备好一个模型。"
                + "只要你没有指定演示，我每半分钟会找一次，找到就交给它。"
                + "[neutral] 如果服务器在别处，启动 Kotodama 时用 llm 选项写上它的地址。",
            ],
            [DemoIntent.WhatIsThis] =
            [
                "[joy] Kotodama 让语言模型的话有了脸和声音。"
                + "[neutral] 我只是它的内置演示：几条规则，没有智能。连接模型以后，就由它来说话。",
            ],
        });

    private static readonly DemoTexts Japanese = new(
        "[joy] 今は{0}です。",
        "[neutral] 今日は{0}です。",
        "[joy] はじめまして、{0}さん！お話ししている間、お名前を覚えておきますね。",
        "[joy] {0}さんです。ご自分で教えてくれましたよ。",
        "[shy] まだお名前を聞いていません。私の名前は、に続けて教えてください。",
        "[neutral] まだ繰り返せることを何も言っていません。",
        new Dictionary<DemoIntent, string[]>
        {
            [DemoIntent.Unknown] =
            [
                "[shy] 私は内蔵のデモなので、それは分かりません。[neutral] 何ができるか、または本物のモデルのつなぎ方を聞いてください。",
                "[neutral] それは私には無理です。内蔵のデモで、簡単な規則しか知りません。"
                + "本物の言語モデルをつなぐと、本当の答えが返ってきます。",
            ],
            [DemoIntent.Greeting] =
            [
                "[joy] こんにちは！私は Kotodama の内蔵デモです。ヘルプと言うと、できることをお話しします。",
                "[joy] やあ、会えてうれしいです！ただのデモですが、少しならお話しできます。",
            ],
            [DemoIntent.HowAreYou] = ["[joy] ありがとうございます、全部ちゃんと動いています。あなたはいかがですか？"],
            [DemoIntent.YourName] = ["[joy] 私は Kotodama の内蔵デモです。言語モデルはまだつながっていません。"],
            [DemoIntent.Thanks] = ["[joy] どういたしまして！", "[shy] うれしいです。"],
            [DemoIntent.Help] =
            [
                "[neutral] 時間と日付を言う、数を数える、おうむ返しのあとの言葉をそのまま言う、"
                + "もう一度言う、小さなお話をする、ができます。"
                + "[joy] 本物のモデルのつなぎ方を聞いてください。何でも話せるようになりますよ。",
            ],
            [DemoIntent.Story] =
            [
                "[neutral] 昔、まだ誰も口にしたことのない言葉がありました。"
                + "[sad] ページの端で待っていて、少しさびしかったのです。"
                + "[surprised] ある日、誰かが声に出して読むと、言葉は飛び立ちました！"
                + "[joy] それからずっと、人が話すところに住んでいます。おしまい。",
            ],
            [DemoIntent.Goodbye] = ["[joy] さようなら！ここで待っています。", "[shy] またね！"],
            [DemoIntent.Connect] =
            [
                "[joy] このコンピューターで Ollama、LM Studio、llama.cpp、vLLM のどれかを、モデルと一緒に起動してください。"
                + "デモを指定していなければ、三十秒ごとに探して交代します。"
                + "[neutral] 別の場所のサーバーなら、Kotodama を起動するとき llm のオプションにアドレスを書いてください。",
            ],
            [DemoIntent.WhatIsThis] =
            [
                "[joy] Kotodama は、言語モデルの言葉に顔と声を与えます。"
                + "[neutral] 私はその内蔵デモで、いくつかの規則だけで動いています。知能はありません。"
                + "モデルをつなぐと、代わりにそれが話します。",
            ],
        });

    /// <summary>The words of a language: <c>zh</c>, <c>ja</c>, else English.</summary>
    public static DemoTexts Of(string language) => language switch
    {
        "zh" => Chinese,
        "ja" => Japanese,
        _ => English,
    };

    /// <summary>What a text asks for.</summary>
    public static DemoIntent Intent(string text)
    {
        var spoken = text.ToLowerInvariant().Replace("'", "", StringComparison.Ordinal).Replace("’", "", StringComparison.Ordinal);
        var words = $" {NoWord().Replace(spoken, " ").Trim()} ";
        foreach (var (intent, signs) in Rules)
            foreach (var sign in signs)
                if (words.Contains(char.IsAscii(sign[0]) ? $" {sign} " : sign, StringComparison.Ordinal))
                    return intent;
        return DemoIntent.Unknown;
    }

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}ー]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoWord();
}
