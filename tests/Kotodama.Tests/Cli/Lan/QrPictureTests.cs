using System.Text.RegularExpressions;
using Kotodama.Cli.Lan;
using Kotodama.Server;

namespace Kotodama.Tests.Cli.Lan;

/// <summary>What is drawn is read by another program than the one that draws it.</summary>
public sealed partial class QrPictureTests
{
    private const string Page = "https://192.168.100.100:8766/", Url = Page + "#token=kt_abcd2345_0123456789012345678901234567890123456789abc";

    public static TheoryData<string> Texts =>
        ["a", Url, "https://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:65535/#token=kt_abcd2345_0123456789012345678901234567890123456789abc", "電話で開く", new string('x', 200), new string('y', 250)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_drawing_of_the_page_is_read(string text) => Assert.Equal(text, QrReader.ReadPath(QrPicture.Of(text).Path()));

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_the_terminal_shows_is_read_in_black_on_white_and_in_the_terminals_own_colours(string text)
    {
        var picture = QrPicture.Of(text);
        Assert.Equal(text, QrReader.Read(Modules(picture.Lines(dark: true), picture.Size, isDark: true)));
        Assert.Equal(text, QrReader.Read(Modules(picture.Lines(dark: false), picture.Size, isDark: false)));
    }

    [Fact]
    public void An_address_with_a_token_fits_into_a_usual_terminal()
    {
        var lines = Banner(80, colours: true);
        Assert.All(lines, line => Assert.True(Plain(line).Length <= 80, line));
        Assert.InRange(lines.Count, 20, 35);
        Assert.DoesNotContain(lines, line => line.Contains("kt_", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(Page, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("https://10.0.0.7:8766/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_narrow_terminal_gets_the_address_instead()
    {
        var lines = Banner(40, colours: true);
        Assert.Contains(lines, line => line.Contains(Url, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('█', StringComparison.Ordinal));
    }

    [Fact]
    public void Without_escape_sequences_there_are_none_around_the_code() => Assert.DoesNotContain(Banner(80, colours: false), line => line.Contains("\e[30", StringComparison.Ordinal));

    [Fact]
    public void Output_that_is_kept_holds_no_token()
    {
        var lines = LanBanner.Lines([Page], 8766, invitation: null, columns: 0, colours: false).ToArray();
        Assert.Contains(lines, line => line.Contains(Page, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("token", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_without_a_network_is_told() =>
        Assert.Contains("no local network", LanBanner.Lines([], 8766, invitation: null, columns: 80, colours: false).Single(), StringComparison.Ordinal);

    private static List<string> Banner(int columns, bool colours)
    {
        var code = QrPicture.Of(Url);
        var invitation = new PhoneInvitation(Url, Page, ["https://10.0.0.7:8766/"], DateTimeOffset.UnixEpoch, "AB", code.Size, code.Path());
        return [.. LanBanner.Lines([Page, "https://10.0.0.7:8766/"], 8766, invitation, columns, colours)];
    }

    private static string Plain(string line) => Escape().Replace(line, "");

    private static bool[,] Modules(IReadOnlyList<string> lines, int size, bool isDark)
    {
        var dark = new bool[size, size];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var isDrawn = lines[y / 2][x] is '█' || lines[y / 2][x] == (y % 2 == 0 ? '▀' : '▄');
                dark[y, x] = isDrawn == isDark;
            }
        }

        return dark;
    }

    [GeneratedRegex("\e\\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}
