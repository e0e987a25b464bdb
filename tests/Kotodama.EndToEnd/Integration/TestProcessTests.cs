using System.Diagnostics;

namespace Kotodama.EndToEnd.Integration;

/// <summary>A test that fails leaves no program behind, and a suite in the background of a script works like one in a terminal.</summary>
public sealed class TestProcessTests
{
    /// <summary>Prints the process id of a program that it starts and waits for.</summary>
    private const string Parent = "sleep 600 & echo $!; wait";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposing_a_program_ends_it_with_what_it_started()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks into /proc.");
        int parent, child;
        using (var program = TestProcess.Start(Shell(Parent)))
            (parent, child) = (program.Id, await NumberAsync(program));
        await GoneAsync(parent, child);
    }

    [Fact]
    public async Task The_end_of_the_runner_ends_its_programs_with_what_they_started_and_no_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks into /proc.");
        using var warden = new ProcessWarden();
        using var left = TestProcess.Start(Shell(Parent), warden);
        using var another = TestProcess.Start(Shell(Parent), warden);
        using var ended = TestProcess.Start(Shell("echo 0"), warden);
        int[] all = [left.Id, await NumberAsync(left), another.Id, await NumberAsync(another)];
        using var foreign = TestProcess.Start(Shell(Parent));
        var stays = await NumberAsync(foreign);
        await ended.WaitForExitAsync(Cancel).InTime("a program that ends by itself");
        warden.Forget(ended.Id);
        warden.Dispose();
        await GoneAsync(all);
        Assert.True(IsThere(stays));
        Assert.False(foreign.HasExited);
    }

    [Fact]
    public async Task A_program_started_while_the_runner_ignores_signals_does_not_ignore_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere programs are started without a prefix.");
        const string Script = "kill -INT $$; echo survived";
        Assert.Equal("survived\n", await PrintedAsync("""trap '' INT QUIT; exec sh -c "$1" """, Script));
        Assert.Equal("", await PrintedAsync($"""trap '' INT QUIT; exec {string.Join(' ', TestProcess.Prefix)} sh -c "$1" """, Script));
    }

    private static ProcessStartInfo Shell(params string[] script) =>
        new("sh", ["-c", script[0], "sh", .. script[1..]]) { RedirectStandardOutput = true, UseShellExecute = false };

    private static async Task<string> PrintedAsync(params string[] script)
    {
        using var program = TestProcess.Start(Shell(script));
        var printed = await program.StandardOutput.ReadToEndAsync(Cancel).InTime("what a shell prints");
        await program.WaitForExitAsync(Cancel).InTime("a shell to end");
        return printed;
    }

    private static async Task<int> NumberAsync(Process program) =>
        int.Parse((await program.StandardOutput.ReadLineAsync(Cancel).AsTask().InTime("the number of a program"))!, null);

    private static Task GoneAsync(params int[] ids) => Limits.UntilAsync(() => !ids.Any(IsThere), "the programs to end");

    /// <summary>A killed program stands in /proc as a zombie until its parent, or the first process of the machine, reaps it.</summary>
    private static bool IsThere(int id)
    {
        try
        {
            return !File.ReadLines($"/proc/{id}/status").Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
