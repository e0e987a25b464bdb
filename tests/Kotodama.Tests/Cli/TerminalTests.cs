using Kotodama.Cli;
using Kotodama.Protocol;

namespace Kotodama.Tests.Cli;

public sealed class TerminalTests
{
    [Fact]
    public void Colours_of_the_program_pass_the_cleaning_and_those_of_others_do_not() =>
        Assert.Equal("·[31mred \e[30;107m█▀\e[0m \e[1mbold\e[0m", Terminal.Escapes(PlainText.OneLine($"\e[31mred {Terminal.Marked("30;107", "█▀")} {Terminal.Marked("1", "bold")}")));
}
