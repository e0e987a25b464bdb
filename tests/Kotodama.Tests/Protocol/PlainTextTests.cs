using Kotodama.Protocol;

namespace Kotodama.Tests.Protocol;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("evil\u001b[31mRED\r\n12:00 crit: forged", "evil·[31mRED 12:00 crit: forged")]
    [InlineData("a\u202eb\u2066c\u2069d", "abcd")]
    [InlineData("hidden\U000e0041\U000e007f\ufeff\u200b.", "hidden.")]
    [InlineData("a\u2028b\u0085c\td", "a b c d")]
    [InlineData("家族 👨\u200d👩\u200d👧 می\u200cخواهم", "家族 👨\u200d👩\u200d👧 می\u200cخواهم")]
    public void One_line_holds_nothing_that_moves_hides_or_forges(string text, string shown)
    {
        Assert.Equal(shown, PlainText.OneLine(text));
        Assert.Equal(shown, ((PlainText)text).ToString());
    }

    [Fact]
    public void Several_lines_keep_their_breaks_and_nothing_else()
    {
        Assert.Equal("a\nb\tc·", PlainText.Lines("a\r\nb\tc\u0007"));
        Assert.Equal("", PlainText.Lines(null));
        Assert.Equal("half \ufffd.", PlainText.OneLine("half \ud83d."));
    }
}
