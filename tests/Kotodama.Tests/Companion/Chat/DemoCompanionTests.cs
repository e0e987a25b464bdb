using Kotodama.Companion.Chat;
using Kotodama.Voice.Text;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat;

public sealed class DemoCompanionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 14, 5, 0, TimeSpan.FromHours(8));

    [Theory]
    [InlineData("Hello!", "built-in demo")]
    [InlineData("hi", "built-in demo")]
    [InlineData("How are you?", "moving")]
    [InlineData("What's your name?", "built-in demo companion")]
    [InlineData("What time is it?", "14:05")]
    [InlineData("What day is it today?", "Sunday, 1 March 2026")]
    [InlineData("Thanks a lot", "welcome")]
    [InlineData("help", "I can tell you the time")]
    [InlineData("Echo the sea is blue", "[neutral] the sea is blue")]
    [InlineData("count to five", "1, 2, 3, 4, 5.")]
    [InlineData("Could you count to 3?", "1, 2, 3.")]
    [InlineData("count to 9999", "19, 20.")]
    [InlineData("Tell me a story", "Once there was a word")]
    [InlineData("good night", "Goodbye")]
    [InlineData("How do I connect a real model?", "Ollama")]
    [InlineData("What is Kotodama?", "a face and a voice")]
    [InlineData("My name is Mary Ann.", "Nice to meet you, Mary Ann!")]
    [InlineData("Why is the sky blue?", "only the built-in demo")]
    [InlineData("I had a hard time lately", "only the built-in demo")]
    [InlineData("你好", "内置演示")]
    [InlineData("现在几点了？", "现在是14:05")]
    [InlineData("今天星期几？", "2026年3月1日，星期日")]
    [InlineData("今天天气怎么样？", "我只是内置的演示")]
    [InlineData("谢谢你", "不客气")]
    [InlineData("你会什么？", "我可以报时间")]
    [InlineData("跟我说：天上有云", "[neutral] 天上有云")]
    [InlineData("数到三", "1、2、3。")]
    [InlineData("给我讲个故事吧", "从前有一个字")]
    [InlineData("我叫小明", "很高兴认识你，小明")]
    [InlineData("怎么连接大模型？", "Ollama")]
    [InlineData("你是谁？", "内置演示")]
    [InlineData("再见", "再见")]
    [InlineData("こんにちは", "内蔵デモ")]
    [InlineData("今、何時ですか", "今は14:05です")]
    [InlineData("今日は何曜日？", "2026年3月1日、日曜日")]
    [InlineData("ありがとう", "どういたしまして")]
    [InlineData("「空は青い」と言って", "[neutral] 空は青い")]
    [InlineData("3まで数えて", "1、2、3。")]
    [InlineData("お話をして", "昔、まだ")]
    [InlineData("私の名前は健太です", "健太さん")]
    [InlineData("モデルのつなぎ方は？", "Ollama")]
    [InlineData("おやすみ", "さようなら")]
    [InlineData("空はなぜ青いの？", "内蔵のデモなので")]
    [InlineData("", "built-in demo")]
    public void It_answers_by_its_rules_in_the_language_of_the_person(string said, string answer)
    {
        var texts = Enumerable.Range(0, 2).Select(i => DemoAnswer.To([.. Enumerable.Range(0, i).Select(_ => User("…")), User(said)], Now)).ToArray();
        Assert.Contains(texts, t => t.Contains(answer, StringComparison.Ordinal));
        Assert.All(texts, t => Assert.Matches(@"^\[(joy|neutral|sad|shy|surprised)\] \S", t));
    }

    [Fact]
    public void It_repeats_itself_without_the_tags_and_remembers_a_name()
    {
        Assert.Equal("[neutral] Hello! Nice.", DemoAnswer.To([User("hello"), new(ChatRole.Assistant, "[joy] Hello! [shy] Nice."), User("Say that again")], Now));
        Assert.Contains("not said anything", DemoAnswer.To([User("repeat")], Now), StringComparison.Ordinal);
        Assert.Contains("You are Ann.", DemoAnswer.To([User("my name is Bob"), User("Call me Ann!"), User("What is my name?")], Now), StringComparison.Ordinal);
        Assert.Contains("not told me", DemoAnswer.To([User("What is my name?")], Now), StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_without_kana_are_Japanese_for_who_wrote_kana_before()
    {
        Assert.Contains("今は", DemoAnswer.To([User("こんにちは"), User("現在何時")], Now), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_speaks_in_words_as_a_model_does()
    {
        var time = new ManualTime();
        await using var updates = new DemoCompanion(time).GetStreamingResponseAsync([User("count to 3")], cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var told = new List<ChatResponseUpdate>();
        while (true)
        {
            var next = updates.MoveNextAsync().AsTask();
            for (var waited = 0; !next.IsCompleted; waited += 10)
            {
                Assert.InRange(waited, 0, 250);
                time.Advance(TimeSpan.FromMilliseconds(10));
            }

            if (!await next)
                break;
            told.Add(updates.Current);
        }

        Assert.Equal(["[joy]", " 1,", " 2,", " 3.", ""], told.Select(u => u.Text));
        Assert.Equal((ChatFinishReason.Stop, DemoCompanion.Model), (told[^1].FinishReason, told[^1].ModelId));
    }

    [Theory]
    [InlineData("[joy] 你好，世界。再见！")]
    [InlineData("a 😀😀 b")]
    [InlineData("")]
    [InlineData("𠮷𠮷𠮷𠮷")]
    public void Words_make_up_the_text_and_halve_no_character(string text)
    {
        var words = DemoCompanion.Words(text).ToArray();
        Assert.Equal(text, string.Concat(words));
        Assert.DoesNotContain(words, w => char.IsLowSurrogate(w[0]) || char.IsHighSurrogate(w[^1]));
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);
}
