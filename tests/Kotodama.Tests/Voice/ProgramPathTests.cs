using Kotodama.Voice.Engines.Processes;

namespace Kotodama.Tests.Voice;

public sealed class ProgramPathTests
{
    [Theory]
    [InlineData("./sh")]
    [InlineData("bin/sh")]
    [InlineData("../bin/sh")]
    [InlineData("")]
    [InlineData("no-such-program-anywhere")]
    public void A_program_of_the_working_directory_is_none(string program) => Assert.Null(ProgramPath.Find(program));

    [Fact]
    public void A_program_is_found_on_the_path_or_by_its_whole_path()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no sh");
        var found = ProgramPath.Find("sh");
        Assert.NotNull(found);
        Assert.True(Path.IsPathFullyQualified(found));
        Assert.Equal(found, ProgramPath.Find(found));
    }
}
