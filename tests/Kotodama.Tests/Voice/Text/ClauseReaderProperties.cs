using System.Diagnostics;
using System.Text;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Voice.Text;

/// <summary>Random replies of pieces that mean something, cut into random pieces.</summary>
public sealed class ClauseReaderProperties
{
    private static readonly string[] Pieces =
    [
        "hello", "World", "Mr. ", "e.g. ", "etc. ", "J. ", "3.14", "1,000", "$29. ", "No. ", ". ", "! ", "? ", "... ", ", ", "; ", ": ", " - ", "--", " ", "  ", "\n", "\r\n", "\n\n",
        "你好", "今天天气", "。", "！", "？", "，", "、", "……", "：", "“", "”", "「", "」", "（", "）", "(", ")", "\"", "'", "’", "こんにちは", "カタカナ", "안녕 ", "𠮷", "e\u0301", "が\u3099",
        "**", "*", "*smiles* ", "_", "`", "```", "\n```\n", "`x`", "~", "~~", "# ", "- ", "> ", "|", "---", "[", "]", "(", "[joy]", "[text](https://a.b/c)", "](", "![", "<", ">", "<b>", "</b>",
        "[THINK]", "[/THINK]", "◁think▷", "◁/think▷", "<|channel|>", "analysis", "<|message|>", "<|end|>", "END_THINKING", "<answer>",
        "<think>", "</think>", "<|", "|>", "<|DELAY:1|>", "<3", "https://example.com/x", "www.a.b", "me@example.com", "@", ":)", "^_^", "T_T", "🎉", "👩‍👧", "\uD83D", "\uDE00", "\0", "\u200B", "\\", "1. ", "5", "%", "°",
    ];

    [Fact]
    public void The_clauses_do_not_depend_on_the_pieces_that_a_reply_comes_in()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var reply = Reply(random, random.Next(1, 60));
            var expected = ClauseReaderTests.Read(reply);
            Assert.True(Same(expected, ClauseReaderTests.Read(reply, piece: () => 1)), $"Seed {seed}, one by one: {reply}");
            Assert.True(Same(expected, ClauseReaderTests.Read(reply, piece: () => random.Next(1, 12))), $"Seed {seed}: {reply}");
        }
    }

    [Fact]
    public void Places_ascend_and_characters_stay_whole()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var reply = Reply(random, random.Next(1, 200));
            var before = -1;
            foreach (var clause in ClauseReaderTests.Read(reply))
            {
                Assert.Equal(clause.Text.Length, clause.Places.Count);
                Assert.All(clause.Places, p => Assert.True(p > before && (before = p) >= 0, $"Seed {seed}: {reply}"));
                Assert.InRange(before, 0, reply.Length - 1);
                Assert.InRange(clause.Text.Length, 1, 220);
                Assert.True(clause.Text.EnumerateRunes().All(r => r != Rune.ReplacementChar), $"Seed {seed}: {reply}");
                Assert.False(char.GetUnicodeCategory(clause.Text[0]) == System.Globalization.UnicodeCategory.NonSpacingMark, $"Seed {seed}: {reply}");
            }
        }
    }

    [Fact]
    public void No_word_of_plain_text_is_lost()
    {
        string[] plain = ["hello", "World", "3.14", "Mr. ", ". ", ", ", "! ", " ", "\n", "你好", "今天", "。", "，", "こんにちは", "“", "”", "(", ")", "𠮷", "…", "e\u0301"];
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var reply = string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => plain[random.Next(plain.Length)]));
            Assert.Equal(Letters(reply), Letters(string.Concat(ClauseReaderTests.Read(reply).Select(c => c.Text))));
        }
    }

    [Theory]
    [InlineData("word ")]
    [InlineData("[")]
    [InlineData("[[a](")]
    [InlineData("*a ")]
    [InlineData("<a ")]
    [InlineData("<|")]
    [InlineData("`a ``")]
    [InlineData("https://a.b/")]
    [InlineData("(")]
    [InlineData("。")]
    [InlineData("a.")]
    [InlineData("e\u0301")]
    public void The_longest_reply_takes_no_longer_than_its_length_however_it_comes(string piece)
    {
        var reply = string.Concat(Enumerable.Repeat(piece, 16_384 / piece.Length));
        var start = Stopwatch.GetTimestamp();

        Assert.True(Same(ClauseReaderTests.Read(reply), ClauseReaderTests.Read(reply, piece: () => 1)));

        // Some 0.1 s; what grows with the square of the length takes minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    private static string Reply(Random random, int pieces) => string.Concat(Enumerable.Range(0, pieces).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static string Letters(string text) => string.Concat(text.Where(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c == '\u0301'));

    private static bool Same(List<Clause> one, List<Clause> other) =>
        one.Count == other.Count && one.Zip(other).All(p => p.First.Text == p.Second.Text && p.First.Language == p.Second.Language && p.First.Places.SequenceEqual(p.Second.Places));
}
