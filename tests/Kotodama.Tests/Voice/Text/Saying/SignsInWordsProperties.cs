using System.Diagnostics;
using Kotodama.Voice.Text;
using Kotodama.Voice.Text.Saying;

namespace Kotodama.Tests.Voice.Text.Saying;

/// <summary>Random clauses of pieces that mean something.</summary>
public sealed class SignsInWordsProperties
{
    private static readonly string[] Languages = ["en", "zh", "ja", "de"];

    /// <summary>Pieces whose letters and digits are said as they are.</summary>
    private static readonly string[] Plain =
    [
        "hello", "World", "x", "n", "ab", "7", "10", "42", "3.14", "你好", "天", "こん", "𠮷", " ", " ", " ", "+", "-", " - ", "=", "==", "!=", "<", ">", "<=", "->", "=>", "^",
        "*", "×", "÷", "±", "≈", "≠", "√", "→", "~", "(", ")", "{", "}", "$", "$$", "\\", "\\(", "\\)", "_", "^{", "^(", "%", "&", "|", "'", ",", ".", "，", "。", "@", "!",
    ];

    private static readonly string[] All =
    [
        .. Plain, "\\frac", "\\frac{1}{2}", "\\sqrt{", "\\alpha", "\\text{", "\\left", "\\sum_", "\\foo", "kg", " km/h", "°C", "€", "¥", "2026-11-29", "11/29/2026", "14:30",
        "1:2", "7/10", "/", ":", "½", "²", "⁻", "₂", "π", "％", "１", "，", "＋", "#", "№", "$5.99", "C#", "C++", "\uD83D", "\uDE00", "e\u0301", "\u00A0", "–", "−", "～", "·",
    ];

    [Fact]
    public void Every_letter_and_digit_is_said_in_its_order_and_none_is_joined_to_another()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var (clause, said) = Next(seed, Plain);
            var at = 0;
            foreach (var c in said.Text)
                if (at < clause.Text.Length && c == clause.Text[at])
                    at = Skip(clause.Text, at + 1);
            Assert.True(at >= clause.Text.Length, $"Seed {seed}: {clause.Text} was said as {said.Text}");
            for (var i = 1; i < said.Text.Length; i++)
            {
                var (left, right) = (said.Places[i - 1], said.Places[i]);
                var joined = right > left + 1 && IsKept(clause, said, i - 1) && IsKept(clause, said, i);
                Assert.False(joined, $"Seed {seed}: {clause.Text} was said as {said.Text}, joined at {i}");
            }
        }
    }

    [Fact]
    public void Places_never_fall_and_characters_stay_whole()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var (clause, said) = Next(seed, All);
            Assert.Equal(said.Text.Length, said.Places.Count);
            Assert.True(said.Places.Zip(said.Places.Skip(1)).All(p => p.First <= p.Second), $"Seed {seed}: {clause.Text} was said as {said.Text}");
            Assert.Equal((clause.At, clause.Length), said.Text.Length > 1 ? (said.At, said.Length) : (clause.At, clause.Length));
            Assert.True(said.Text.Length <= (clause.Text.Length * 40) + 40, $"Seed {seed}: {clause.Text}");
            Assert.True(Pairs(clause.Text) <= Pairs(said.Text), $"Seed {seed}: {clause.Text} was said as {said.Text}");
        }
    }

    [Theory]
    [InlineData("$")]
    [InlineData("\\(")]
    [InlineData("2^(")]
    [InlineData("\\frac{")]
    [InlineData("$\\sqrt{")]
    [InlineData("1-")]
    [InlineData("1 - ")]
    [InlineData("1/")]
    [InlineData("1:")]
    [InlineData("x=")]
    [InlineData("1.")]
    [InlineData("1,")]
    [InlineData("km/")]
    [InlineData("~")]
    [InlineData("²")]
    [InlineData("m²")]
    [InlineData("A1 ")]
    public void The_time_grows_with_the_length_alone(string piece)
    {
        var clause = SignsInWordsTests.Of(string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length)), "en");
        var start = Stopwatch.GetTimestamp();

        SignsInWords.Of(clause);

        // Some 0.1 s; what grows with the square of the length takes minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
    }

    private static (Clause Clause, Clause Said) Next(int seed, string[] pieces)
    {
        var random = new Random(seed);
        var text = "a" + string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => pieces[random.Next(pieces.Length)])) + "z";
        var clause = SignsInWordsTests.Of(text, Languages[random.Next(Languages.Length)]);
        return (clause, SignsInWords.Of(clause));
    }

    private static int Skip(string text, int at)
    {
        while (at < text.Length && !char.IsLetterOrDigit(text[at]) && !char.IsSurrogate(text[at]))
            at++;
        return at;
    }

    private static bool IsKept(Clause clause, Clause said, int at) =>
        char.IsLetterOrDigit(said.Text[at]) && !Script.IsDense(said.Text[at]) && clause.Text[said.Places[at]] == said.Text[at];

    private static int Pairs(string text) => Enumerable.Range(1, Math.Max(0, text.Length - 1)).Count(i => char.IsSurrogatePair(text, i - 1));
}
