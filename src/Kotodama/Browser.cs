using System.ComponentModel;
using System.Diagnostics;
using Kotodama.Voice.Engines.Processes;

namespace Kotodama.Cli;

/// <summary>Opens the user's browser.</summary>
internal static class Browser
{
    /// <summary>Whether there is a desktop to open a browser on.</summary>
    public static bool IsLikely =>
        !OperatingSystem.IsLinux()
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));

    /// <summary>Opens an address. False: the system has no way to.</summary>
    public static bool TryOpen(string url)
    {
        var opener = OperatingSystem.IsWindows() ? "" : ProgramPath.Find(OperatingSystem.IsMacOS() ? "open" : "xdg-open");
        if (opener is null)
            return false;
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(url) { UseShellExecute = true }
            : new ProcessStartInfo(opener, [url])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
