using System.Diagnostics;

namespace Kotodama.EndToEnd.Integration;

/// <summary>What the documents tell a developer to run is there and compiles.</summary>
public sealed class SampleTests
{
    private static readonly TimeSpan BuildWithin = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Repository.PathOf("samples", "csharp"), "*.cs").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_compiles(string sample)
    {
        // The page is built already. A node of MSBuild that stays behind would be a process that this test leaves.
        string[] arguments = ["build", Repository.PathOf("samples", "csharp", sample), "-v", "q", "-nologo", "-p:BuildPage=false"];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var build = Process.Start(start)!;
        var (output, error) = (build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await build.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(BuildWithin, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(build.ExitCode == 0, $"{sample}: {await output}{await error}");
    }

    [Fact]
    public void The_sample_of_a_whole_app_has_at_most_ten_lines_of_code()
    {
        var lines = File.ReadLines(Repository.PathOf("samples", "csharp", "talk.cs")).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));
        Assert.InRange(lines.Count(), 5, 10);
    }
}
