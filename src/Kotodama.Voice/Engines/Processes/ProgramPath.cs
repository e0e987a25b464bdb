namespace Kotodama.Voice.Engines.Processes;

/// <summary>
/// Finds a program as a shell does: on the PATH and nowhere else. The system's own ways look into the working directory first (.NET on
/// every system, and Windows itself), where the author of a folder that the user got decides what <c>espeak-ng</c> is.
/// </summary>
public static class ProgramPath
{
    /// <summary>The file of a program; null: there is none.</summary>
    /// <param name="program">
    /// A name that is looked for on the PATH, or a whole path. A path that depends on the working directory names nothing, and neither
    /// does an entry of the PATH that does.
    /// </param>
    public static string? Find(string program) => Find(program, Environment.GetEnvironmentVariable("PATH"));

    internal static string? Find(string program, string? path)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (program.Length == 0 || program.Contains('\0', StringComparison.Ordinal))
            return null;
        if (Path.IsPathFullyQualified(program))
            return Variants(program).FirstOrDefault(File.Exists);
        if (Path.GetFileName(program) != program || program is "." or "..")
            return null;
        return (path ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Variants(Path.Combine(folder, program)))
            .FirstOrDefault(IsProgram);
    }

    private static IEnumerable<string> Variants(string file) =>
        OperatingSystem.IsWindows() && !Path.HasExtension(file) ? [file + ".exe", file] : [file];

    private static bool IsProgram(string file)
    {
        const UnixFileMode Runs = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Runs) != UnixFileMode.None);
    }
}
