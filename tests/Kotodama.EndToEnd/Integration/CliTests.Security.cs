namespace Kotodama.EndToEnd.Integration;

/// <summary><c>kotodama doctor --security</c>, as users run it.</summary>
public sealed partial class CliTests
{
    [Fact]
    public async Task What_is_exposed_is_told_with_the_worst_first_and_a_danger_fails()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        await using var server = await ServeAsync();
        var well = await RunAsync("doctor", "--security", "--data", _data);
        Assert.Equal((0, ""), (well.Code, well.Error));
        Assert.Contains($"(pid {server.ProcessId}) listens on this machine only", well.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n0 dangers, \d+ warnings?, \d+ notes?, \d+ ok\.\n$", well.Out);

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_data, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(Path.Combine(_data, "messages.db"), (UnixFileMode)0b110_100_100);
        }

        var bad = await RunAsync("doctor", "--security", "--data", _data);
        Assert.Equal(1, bad.Code);
        Assert.StartsWith("  danger   Other accounts can read what was said, or keys: messages.db", bad.Out, StringComparison.Ordinal);
        Assert.Contains($"           do   chmod -R go= {_data}\n", bad.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n1 danger, ", bad.Out);
    }
}
