using System.Text;
using System.Text.RegularExpressions;
using Kotodama.Companion.Text;
using Kotodama.Protocol;

namespace Kotodama.Tests.Companion.Text;

public sealed partial class ReplyTagsTests
{
    [Theory]
    [InlineData("[joy] Hello!", "Hello!", "0 joy")]
    [InlineData("[Happy]Hello! [SAD] Bye.", "Hello! Bye.", "0 joy, 7 sad")]
    [InlineData("Hello [joy] world", "Hello world", "6 joy")]
    [InlineData("Hello[joy] world", "Hello world", "6 joy")]
    [InlineData("Great [joy]!", "Great!", "5 joy")]
    [InlineData("Great! [joy]", "Great!", "6 joy")]
    [InlineData("你好。[开心] 今天好吗？", "你好。今天好吗？", "3 joy")]
    [InlineData("【嬉しい】こんにちは ［驚き］ え？", "こんにちはえ？", "0 joy, 5 surprised")]
    [InlineData("[ joy ] Hi", "Hi", "0 joy")]
    [InlineData("[joy][sad] Hi", "Hi", "0 sad")]
    [InlineData("One.\n[joy]\nTwo.", "One.\n\nTwo.", "6 joy")]
    [InlineData("One.\n[joy] Two.", "One.\nTwo.", "5 joy")]
    [InlineData("A  B\t C", "A  B\t C", "")]
    [InlineData("[1] [x] [note] a[0] 【注】", "[1] [x] [note] a[0] 【注】", "")]
    [InlineData("[joy", "[joy", "")]
    [InlineData("[a long text in brackets, which is no name of an emotion] Hi", "[a long text in brackets, which is no name of an emotion] Hi", "")]
    [InlineData("""<|ACT {"emotion":{"name":"happy","intensity":1}}|>Hi""", "Hi", "0 joy")]
    [InlineData("""<|ACT:{"emotion":"sad"}|>Hi <|DELAY:1|> there""", "Hi there", "0 sad")]
    [InlineData("<|act: wink|> Hi <|ACT {\"emotion\":{\"name\":\"nothing\"}}|>!", "Hi!", "0 fun")]
    [InlineData("""<|ACT {"emotion":7}|><|ACT [1]|><|ACT {"emo|>Hi<|im_end|>""", "Hi", "")]
    [InlineData("""Hi <|ACT {"emotion":{"na""", "Hi ", "")]
    [InlineData("<think>[joy] Hm, a < b.\n</think>\n\nHi", "Hi", "")]
    [InlineData("<THINK>never closed </thin", "", "")]
    [InlineData("Hi <THINK>never closed </thin", "Hi <THINK>never closed </thin", "")]
    [InlineData("[joy] <think>Hm</think>Hi", "Hi", "0 joy")]
    [InlineData("[THINK]Hm[/THINK]Hi", "Hi", "")]
    [InlineData("[THINKING] Hi", "Hi", "0 thinking")]
    [InlineData("Write `<think>` first, `</think>` last.", "Write `<think>` first, `</think>` last.", "")]
    [InlineData("<thinking>Hm</thinking>Hi</think>", "Hi", "")]
    [InlineData("a < b, <b>c</b> <3 <thin", "a < b, <b>c</b> <3 <thin", "")]
    [InlineData("[jo[sad]y] Hi", "[joy Hi", "3 sad")]
    [InlineData("<thi[joy]nk> Hi", "<think Hi", "4 joy")]
    [InlineData("<[joy]| Hi", "< Hi", "2 joy")]
    public void Tags_are_taken_out_and_their_places_kept(string reply, string text, string emotions)
    {
        foreach (var piece in new[] { 1, 2, 3, 7, int.MaxValue })
        {
            var read = Read(reply, () => piece);
            Assert.Equal((text, emotions), (read.Text, string.Join(", ", read.Emotions.Select(e => $"{e.At} {e.Name}"))));
        }
    }

    [Fact]
    public void A_character_may_have_emotions_of_its_own()
    {
        var tags = new ReplyTags(["dance"]);
        var parts = tags.Append("[Dance] La [wave]");
        Assert.Equal(new ReplyPart(0, "La [wave]", "dance"), Assert.Single(parts));
        Assert.Empty(tags.End());
    }

    [Fact]
    public void Text_is_given_out_at_once_unless_it_may_become_a_tag()
    {
        var tags = new ReplyTags();
        Assert.Equal([new ReplyPart(0, "Hello", null)], tags.Append("Hello"));
        Assert.Equal([new ReplyPart(5, " wor", null)], tags.Append(" wor"));
        Assert.Empty(tags.Append("[jo"));
        Assert.Empty(tags.Append("y] "));
        Assert.Equal([new ReplyPart(9, " ", null), new ReplyPart(10, "ld", "joy")], tags.Append("ld"));
        Assert.Empty(tags.Append("[" + new string('a', 32)));
        Assert.Equal(34, Assert.Single(tags.Append("a")).Text.Length);
    }

    [Fact]
    public void Halves_of_a_character_are_given_out_together()
    {
        var tags = new ReplyTags();
        Assert.Equal("a", Assert.Single(tags.Append("a\uD83D")).Text);
        Assert.Equal(new ReplyPart(1, "\uD83D\uDE00", null), Assert.Single(tags.Append("\uDE00")));
        Assert.Empty(tags.End());
    }

    [Fact]
    public void The_result_does_not_depend_on_the_pieces_and_has_no_tag_left()
    {
        for (var seed = 0; seed < 6_000; seed++)
        {
            var random = new Random(seed);
            var reply = string.Concat(Enumerable.Range(0, random.Next(1, 50)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var whole = Read(reply, () => int.MaxValue);
            foreach (var other in new[] { Read(reply, () => 1), Read(reply, () => random.Next(0, 9)) })
                Assert.True(whole.Text == other.Text && whole.Emotions.SequenceEqual(other.Emotions), $"Seed {seed}: {reply}");
            Assert.All(whole.Emotions, e => Assert.InRange(e.At, 0, whole.Text.Length));
            var again = Read(whole.Text, () => int.MaxValue);
            // Where words about reasoning stood beside a tag, they may end it when the tag is gone.
            var isSame = again.Text == whole.Text || whole.Text.Contains("</", StringComparison.Ordinal);
            Assert.True(isSame && again.Emotions.Count == 0, $"Seed {seed}: {reply} -> {whole.Text} -> {again.Text}");
            Assert.DoesNotMatch(Tag(), whole.Text);
        }
    }

    [Theory]
    [InlineData("<|")]
    [InlineData("[")]
    [InlineData("<")]
    [InlineData("<think>")]
    [InlineData(" ")]
    [InlineData("[joy]")]
    [InlineData("\uD83D")]
    [InlineData("<|ACT")]
    public void What_is_held_back_is_bounded_and_takes_no_longer_than_its_length(string piece)
    {
        var tags = new ReplyTags();
        int given = 0, read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var before = tags.Length;
            given += tags.Append(piece).Sum(p => p.Text.Length);
            read += piece.Length;
            Assert.InRange(tags.Length - before, 0, 1_100);
            Assert.InRange(tags.Length - given, 0, 1);
        }

        Assert.InRange(tags.End().Sum(p => p.Text.Length), 0, 1_100);
        Assert.True(tags.Length <= read);
    }

    [Fact]
    public void Chance_does_not_make_it_throw()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
            Read(string.Concat(Enumerable.Range(0, 2_000).Select(_ => (char)(random.Next(4) == 0 ? random.Next(0x10000) : "[]<>|/joyACT{}\":think \n"[random.Next(23)]))), () => random.Next(1, 50));
    }

    [Fact]
    public void Emotions_have_the_names_that_the_page_knows()
    {
        var source = File.ReadAllText(Repository.PathOf("web", "src", "avatar", "emotions.ts"));
        var table = source[source.IndexOf("const aliases", StringComparison.Ordinal)..source.IndexOf("const resolved", StringComparison.Ordinal)];
        var lines = Alias().Matches(table).Select(m => (Emotion: m.Groups["emotion"].Value, Names: m.Groups["names"].Value.Split(' '))).ToArray();
        Assert.Equal(EmotionNames.All, lines.Select(l => l.Emotion));
        var known = lines.SelectMany(l => l.Names.Prepend(l.Emotion), (l, name) => (name, l.Emotion)).ToHashSet();
        Assert.Equal(known, EmotionNames.Known.Select(k => (k.Key, k.Value)).ToHashSet());
        Assert.All(EmotionNames.Known.Keys, name => Assert.InRange(name.Length, 1, 24));
    }

    private static readonly string[] Pieces =
    [
        "[joy]", "[", "]", "joy", "[jo", "y]", "【", "】", "开心", "［sad］", "[unknown]", "<|", "|>", "<", ">", "|", "ACT", "<|ACT:sad|>", """<|ACT {"emotion":{"name":"happy"}}|>""", "<|DELAY:1|>",
        "<think>", "</think>", "<thi", "nk>", "</", "think", "thinking>", " ", "  ", "\n", "\t", "hello", "你好", "。", "!", ", ", "𠮷", "\uD83D", "\uDE00", "\0", "a", "/", "こんにちは", "<|ACT", "[ joy ]", "…", "）",
        "                                        ", "a long text without any sign that could end it ",
    ];

    private static (string Text, IReadOnlyList<(int At, string Name)> Emotions) Read(string reply, Func<int> piece)
    {
        var tags = new ReplyTags();
        var text = new StringBuilder();
        var emotions = new List<(int, string)>();
        for (var i = 0; i < reply.Length;)
        {
            var length = Math.Min(piece(), reply.Length - i);
            Take(tags.Append(reply.AsSpan(i, length)));
            i += length;
        }

        Take(tags.End());
        Assert.Equal(text.Length, tags.Length);
        return (text.ToString(), emotions);

        void Take(IReadOnlyList<ReplyPart> parts)
        {
            foreach (var part in parts)
            {
                Assert.Equal(text.Length, part.At);
                Assert.True(part.Text.Length > 0 || part.Emotion is not null);
                text.Append(part.Text);
                if (part.Emotion is not null)
                    emotions.Add((part.At, part.Emotion));
            }
        }
    }

    [GeneratedRegex(@"\[(joy|sad)\]|<\||^\s*</?think(ing)?>", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^  (?<emotion>\w+): '(?<names>[^']+)',$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Alias();
}
