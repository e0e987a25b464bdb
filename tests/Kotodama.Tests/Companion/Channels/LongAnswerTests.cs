using System.Text.Encodings.Web;
using System.Text.Json;
using Kotodama.Companion.Channels;
using Kotodama.Protocol;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>What is too long for one message comes in pieces.</summary>
public sealed class LongAnswerTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON of a text that needs two pieces.</summary>
    private static readonly string LongText = $"\"{new string('x', 20_000)}\"";

    private static readonly string[] Texts = ["she said \"no\"\n\\", "こんにちは、世界。", "𠮷😀", "\u0001\u001f</script>&\u2028", "plain words "];

    [Theory]
    [InlineData(LongAnswers.Piece - 2, 1)]
    [InlineData(LongAnswers.Piece - 1, 2)]
    public void Only_what_is_too_long_is_cut(int characters, int pieces)
    {
        var read = Read(new LongAnswers(), new string('x', characters));
        Assert.Equal(pieces, read.Count);
        Assert.Equal(pieces == 1 ? null : false, read[^1].Rest);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Each_piece_fits_into_a_message_and_all_of_them_are_the_answer(int text)
    {
        var value = new { text = string.Concat(Enumerable.Repeat(Texts[text], 20_000)) };
        var read = Read(new LongAnswers(), value);
        Assert.All(read, piece => Assert.InRange(MessageCodec.Write(piece).Length, 1, ProtocolLimits.Default.Frame));
        Assert.All(read.SkipLast(1), piece => Assert.True(piece.Rest));
        var json = string.Concat(read.Select(piece => ((AnswerMessage)MessageCodec.Read(MessageCodec.Write(piece)).Message!).Value!.Value.GetString()));
        Assert.Equal(value.text, JsonDocument.Parse(json).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void The_rest_is_for_who_asked_once_and_not_for_ever()
    {
        var answers = new LongAnswers();
        var first = answers.Begin(new AnswerMessage { Page = "p", Id = "1" }, LongText);
        Assert.True(first.Rest);
        Assert.Null(answers.Next(new AnswerMessage { Page = "q", Id = "2" }, "1"));
        Assert.Null(answers.Next(new AnswerMessage { Page = "p", Id = "2" }, "0"));
        Assert.False(answers.Next(new AnswerMessage { Page = "p", Id = "2" }, "1")?.Rest);
        Assert.Null(answers.Next(new AnswerMessage { Page = "p", Id = "3" }, "1"));
        for (var i = 0; i < 9; i++)
            answers.Begin(new AnswerMessage { Page = "p", Id = $"{i}" }, LongText);
        Assert.Null(answers.Next(new AnswerMessage { Page = "p", Id = "x" }, "0"));
        Assert.NotNull(answers.Next(new AnswerMessage { Page = "p", Id = "x" }, "1"));
    }

    private static List<AnswerMessage> Read(LongAnswers answers, object value)
    {
        var read = new List<AnswerMessage> { answers.Begin(new AnswerMessage { Page = "p", Id = "1" }, JsonSerializer.Serialize(value, Relaxed)) };
        while (read[^1].Rest == true)
            read.Add(answers.Next(new AnswerMessage { Page = "p", Id = $"{read.Count + 1}" }, "1")!);
        return read;
    }
}
