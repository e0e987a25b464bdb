using System.Diagnostics;

namespace Kotodama.EndToEnd.Integration;

/// <summary>Python programs that use a hub, as a user would write them.</summary>
internal static class PythonProgram
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a program that finds the hub in its first argument and in KOTODAMA_URL.</summary>
    public static TestProcess Start(string script, Uri hub, params string[] more) =>
        StartIn(null, ["-c", script, hub.ToString(), .. more], hub);

    /// <summary>Starts Python in a folder.</summary>
    public static TestProcess StartIn(string? folder, string[] arguments, Uri hub)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("KOTODAMA_TEST_PYTHON") ?? "/usr/bin/python3", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["KOTODAMA_URL"] = hub.ToString();
        return TestProcess.Start(start);
    }

    /// <summary>The next line that the program prints.</summary>
    public static async Task<string?> LineAsync(TestProcess process) =>
        await process.StandardOutput.ReadLineAsync(Token).AsTask().InTime("a line")
        ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Token));

    /// <summary>Waits for the program to end well.</summary>
    public static async Task DoneAsync(TestProcess process)
    {
        await process.WaitForExitAsync(Token).InTime("Python to end");
        Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync(Token));
    }
}
