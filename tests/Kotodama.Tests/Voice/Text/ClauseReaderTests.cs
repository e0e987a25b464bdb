using Kotodama.Voice.Text;

namespace Kotodama.Tests.Voice.Text;

public sealed class ClauseReaderTests
{
    [Theory]
    [InlineData("Hello there. How are you doing today?", "Hello there.|How are you doing today?")]
    [InlineData("Well, you know, I had an idea this morning.", "Well, you know,|I had an idea this morning.")]
    [InlineData("Hi! It costs $29. Pi is 3.14 and 1,000 is a thousand.", "Hi!|It costs $29. Pi is 3.14 and 1,000 is a thousand.")]
    [InlineData("He met Dr. Smith at 5 p.m. yesterday. Then J. K. Rowling came, e.g. for tea.", "He met Dr. Smith at 5 p.m. yesterday.|Then J. K. Rowling came, e.g. for tea.")]
    [InlineData("We sell apples, pears, etc. Everything is fresh in our shop.", "We sell apples,|pears, etc. Everything is fresh in our shop.")]
    [InlineData("The answer is no. You cannot have seven cats at home.", "The answer is no.|You cannot have seven cats at home.")]
    [InlineData("She said \"Stop it now!\" and left. \"Why?\" I asked her then, quite lost.", "She said \"Stop it now!\"|and left. \"Why?\" I asked her then, quite lost.")]
    [InlineData("Wait... what did you say to them?! I really cannot believe that.", "Wait... what did you say to them?!|I really cannot believe that.")]
    [InlineData("1. Wash the rice well.\n2. Cook it for ten minutes.", "1. Wash the rice well.|2. Cook it for ten minutes.")]
    [InlineData("Go to example.com and read v1.2.3 of it. It is at 10:30 every day.", "Go to example.com and read v1.2.3 of it.|It is at 10:30 every day.")]
    [InlineData("你好！很高兴见到你，今天我们一起去公园玩吧。天气真不错呢，对不对？", "你好！|很高兴见到你，今天我们一起去公园玩吧。|天气真不错呢，对不对？")]
    [InlineData("今天天气很好，我们出去走走。嗯。好的。没问题！那就这样决定了。", "今天天气很好，|我们出去走走。嗯。好的。|没问题！那就这样决定了。")]
    [InlineData("他说：“我们走吧。”然后他就离开了那个房间。", "他说：“我们走吧。”|然后他就离开了那个房间。")]
    [InlineData("太好了！！！我一直在等这一天的到来呢……真的。", "太好了！|我一直在等这一天的到来呢……真的。")]
    [InlineData("我…我不知道该怎么说才好。", "我…我不知道该怎么说才好。")]
    [InlineData("「はい。」と彼女は答えました。今日はいい天気ですね、散歩に行きましょう。", "「はい。」|と彼女は答えました。|今日はいい天気ですね、散歩に行きましょう。")]
    [InlineData("こんにちは、元気ですか？私はとても元気です。", "こんにちは、|元気ですか？私はとても元気です。")]
    [InlineData("我用 Python 3.12 写代码, it is really fun. 你呢？", "我用 Python 3.12 写代码,|it is really fun. 你呢？")]
    [InlineData("안녕하세요. 만나서 정말 반갑습니다.", "안녕하세요.|만나서 정말 반갑습니다.")]
    [InlineData("", "")]
    [InlineData("。。。\n!!!\n…", "")]
    public void A_reply_is_cut_where_people_pause(string reply, string expected)
    {
        Assert.Equal(expected, string.Join('|', Read(reply).Select(c => c.Text)));
    }

    [Theory]
    [InlineData("**Bold** and *soft* and ~~old~~ words", "Bold and soft and old words")]
    [InlineData("# Title\n\n- one\n- two\n* three\n+ four\n> said", "Title|one|two|three|four|said")]
    [InlineData("Look:\n```python\nprint('x')\n```\nThat is all.", "Look:|That is all.")]
    [InlineData("Look:\n~~~~\n```\n~~~~ \nDone", "Look:|Done")]
    [InlineData("Type `git status` or `x += f(y)` now", "Type git status or now")]
    [InlineData("Read [the guide](https://example.com/a_(b)) now", "Read the guide now")]
    [InlineData("![a cat](cat.png) sits", "a cat sits")]
    [InlineData("See https://example.com/a?b=c&d=(e)~f. It is at www.example.com, or write to me@example.com!", "See.|It is at, or write to!")]
    [InlineData("看https://example.com/页面吧", "看页面吧")]
    [InlineData("[joy] Hello [wave] you [1]", "Hello you")]
    [InlineData("[微笑]你好呀", "你好呀")]
    [InlineData("Some [longer remark here] stays", "Some longer remark here stays")]
    [InlineData("<|ACT {\"emotion\":{\"name\":\"happy\"}}|>Hi <|DELAY:1|>there", "Hi there")]
    [InlineData("<think>Hmm. <b>What</b>?\n\n</think>Yes <b class=\"x\">sir</b><br/>now", "Yes sir|now")]
    [InlineData("<think>never ends", "")]
    [InlineData("if a < b and c > d then I <3 you", "if a < b and c > d then I you")]
    [InlineData("*smiles softly* Hello! *waves* I *really* mean *it*", "Hello!|I really mean it")]
    [InlineData("*微笑* 你好", "你好")]
    [InlineData("*Note*: this is said", "Note: this is said")]
    [InlineData("Nice 👩‍👩‍👧 work 🎉🇩🇪 1️⃣ ☀️ :) ^_^ (≧▽≦) (｡) T_T done", "Nice work 1 done")]
    [InlineData("snake_case and _soft_ and C# and 50% of $3 + 4 = 25°C", "snake case and soft and C# and 50% of $3 + 4 = 25°C")]
    [InlineData("| Name | Age |\n|---|:--:|\n| Ann | 7 |", "Name, Age,|Ann, 7,")]
    [InlineData("yes -- no, well-known --flag 3~5 好的~我来", "yes, no,|well-known flag 3-5 好的,我来")]
    [InlineData("a\u0000b\u0007c\u200Bd\uD83De", "abcde")]
    [InlineData("Unclosed `code and [link and *star and <tag", "Unclosed code and link and star and tag")]
    [InlineData("---\n***\n===\nend", "end")]
    public void What_must_not_be_spoken_is_left_out(string reply, string expected)
    {
        Assert.Equal(expected, string.Join('|', Read(reply).Select(c => c.Text)));
    }

    [Theory]
    [InlineData("Hello there.", null, "en")]
    [InlineData("Guten Tag.", "de-DE", "de-DE")]
    [InlineData("你好。", null, "zh")]
    [InlineData("你好。", "de", "zh")]
    [InlineData("你好。", "yue", "yue")]
    [InlineData("你好。", "zh-TW", "zh-TW")]
    [InlineData("OK!", "zh-CN", "en")]
    [InlineData("こんにちは。", null, "ja")]
    [InlineData("안녕하세요.", null, "ko")]
    [InlineData("Привет!", null, "ru")]
    [InlineData("Привіт!", "uk", "uk")]
    [InlineData("我用 Visual Studio Code。", null, "zh")]
    [InlineData("The word 你好 means hello in Chinese.", null, "en")]
    public void The_script_tells_the_language(string reply, string? told, string expected)
    {
        Assert.Equal(expected, Assert.Single(Read(reply, told)).Language);
    }

    [Fact]
    public void Kana_in_a_reply_make_its_chinese_characters_japanese()
    {
        Assert.Equal(["ja", "ja"], Read("そうですね。\n東京").Select(c => c.Language));
        Assert.Equal(["zh", "zh"], Read("是的。\n東京").Select(c => c.Language));
    }

    [Fact]
    public void Every_character_knows_its_place()
    {
        const string Reply = "**Hi** [you](https://x.yz), it's 𠮷野 🎉 here.";

        var clauses = Read(Reply);

        Assert.Equal(["Hi you,", "it's 𠮷野 here."], clauses.Select(c => c.Text));
        Assert.All(clauses, c => Assert.Equal(c.Text, string.Concat(c.Places.Select(p => Reply[p]))));
        Assert.Equal((2, 25), (clauses[0].At, clauses[0].Length));
    }

    [Fact]
    public void The_first_clause_is_there_as_soon_as_its_mark_is_sure()
    {
        var reader = new ClauseReader();
        reader.Append("你好！", TimeSpan.Zero);
        Assert.Equal("你好！", Next(reader));
        reader.Append("I see. ", TimeSpan.Zero);
        Assert.Null(Next(reader));

        var english = new ClauseReader();
        english.Append("I see.", TimeSpan.Zero);
        Assert.Null(Next(english));
        english.Append(" ", TimeSpan.Zero);
        Assert.Equal("I see.", Next(english));
    }

    [Theory]
    [InlineData("All is well.", 60)]
    [InlineData("She said \"Yes!\"", 60)]
    [InlineData("It costs $3.", 400)]
    [InlineData("你好！好的。", 400)]
    [InlineData("Good morning Mr.", null)]
    [InlineData("See www.", null)]
    [InlineData("And then", null)]
    [InlineData("你好！然后，", null)]
    public void A_pause_of_the_writer_ends_a_sentence_that_looks_whole(string reply, int? milliseconds)
    {
        var reader = new ClauseReader();
        reader.Append(reply, TimeSpan.FromSeconds(1));
        while (reader.TryRead(TimeSpan.FromSeconds(1), out _))
        {
            // The clauses that need no patience.
        }

        Assert.Equal(milliseconds, (reader.Deadline - TimeSpan.FromSeconds(1))?.TotalMilliseconds);
        if (reader.Deadline is not { } deadline)
            return;
        Assert.Null(Next(reader, deadline - TimeSpan.FromMilliseconds(1)));
        Assert.EndsWith(Next(reader, deadline)!, reply, StringComparison.Ordinal);
        Assert.Null(reader.Deadline);
    }

    [Fact]
    public void What_may_be_a_tag_is_not_hurried()
    {
        var reader = new ClauseReader();
        reader.Append("All is well. [jo", TimeSpan.Zero);
        Assert.Equal("All is well.", Next(reader));
        reader.Append("y] Really good, and that is all there is.", TimeSpan.FromSeconds(9));
        reader.End();
        Assert.Equal("Really good, and that is all there is.", Next(reader));
    }

    [Fact]
    public void A_long_beginning_without_marks_does_not_wait_for_one()
    {
        var reader = new ClauseReader();
        reader.Append("one two three four five six seven eight nine te", TimeSpan.Zero);
        Assert.Equal(ClauseReader.FirstPatience, reader.Deadline);
        Assert.Equal("one two three four five six seven eight nine", Next(reader, ClauseReader.FirstPatience));
        reader.Append("n and so on", TimeSpan.FromSeconds(1));
        Assert.Null(reader.Deadline);
        reader.End();
        Assert.Equal("ten and so on", Next(reader));
    }

    [Fact]
    public void No_clause_is_longer_than_two_hundred_letters_or_eighty_dense_characters()
    {
        var english = Read(string.Concat(Enumerable.Repeat("word ", 400)));
        Assert.All(english, c => Assert.InRange(c.Text.Length, 1, 200));
        Assert.All(english, c => Assert.EndsWith("word", c.Text, StringComparison.Ordinal));
        Assert.All(Read(new string('好', 500)), c => Assert.InRange(c.Text.Length, 1, 80));
        Assert.All(Read(string.Concat(Enumerable.Repeat("e\u0301", 500))), c => Assert.EndsWith("\u0301", c.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("I like green te", 12, "I like green")]
    [InlineData("Hi there. How", 9, "Hi there.")]
    [InlineData("今天我们去公", 4, "今天我们")]
    [InlineData("Come in, my friend, and sit dow", 27, "Come in,|my friend, and sit")]
    [InlineData("Come in, my fri", 3, "Come in,")]
    public void What_a_reply_did_not_have_in_the_end_is_not_said_unless_it_was(string pieces, int length, string said)
    {
        var (reader, clauses) = (new ClauseReader(), new List<string?>());
        foreach (var c in pieces)
            reader.Append([c], TimeSpan.Zero);
        reader.End(length);
        while (Next(reader) is { } clause)
            clauses.Add(clause);
        Assert.Equal(said, string.Join('|', clauses));
    }

    internal static List<Clause> Read(string reply, string? language = null, Func<int>? piece = null)
    {
        var (reader, clauses) = (new ClauseReader(language), new List<Clause>());
        for (var at = 0; at < reply.Length;)
        {
            var length = Math.Min(piece?.Invoke() ?? reply.Length, reply.Length - at);
            reader.Append(reply.AsSpan(at, length), TimeSpan.Zero);
            at += length;
            while (reader.TryRead(TimeSpan.Zero, out var clause))
                clauses.Add(clause);
        }

        reader.End();
        while (reader.TryRead(TimeSpan.Zero, out var clause))
            clauses.Add(clause);
        return clauses;
    }

    private static string? Next(ClauseReader reader, TimeSpan now = default) => reader.TryRead(now, out var clause) ? clause.Text : null;
}
