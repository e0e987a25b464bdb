namespace Kotodama.Cli.Security;

/// <summary>Prints what <c>kotodama doctor --security</c> found.</summary>
internal static class SecurityReport
{
    private static readonly string Indent = new(' ', 11);

    /// <summary>Prints the findings, the worst first, and how many there are of each grade.</summary>
    /// <returns>The exit code: <see cref="ExitCode.Failed"/> when one is a danger.</returns>
    public static int Print(IEnumerable<SecurityFinding> findings)
    {
        var sorted = Sort(findings);
        foreach (var (grade, thing, reach, cure) in sorted)
        {
            Terminal.Line($"  {Word(grade)}{Terminal.Plain(thing)}");
            Terminal.Line($"{Indent}{Terminal.Dim($"who  {reach}")}");
            if (cure is not null)
                Terminal.Line($"{Indent}do   {Terminal.Plain(cure)}");
        }

        Terminal.Line();
        Terminal.Line(Count(sorted));
        return sorted.Any(f => f.Grade == SecurityGrade.Danger) ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>The worst first, otherwise as they were found.</summary>
    internal static IReadOnlyList<SecurityFinding> Sort(IEnumerable<SecurityFinding> findings) => [.. findings.OrderBy(f => f.Grade)];

    /// <summary>How many there are of each grade, for example <c>1 danger, 2 warnings, 0 notes, 7 ok.</c></summary>
    internal static string Count(IReadOnlyList<SecurityFinding> findings)
    {
        return $"{Of(SecurityGrade.Danger, "danger", "dangers")}, {Of(SecurityGrade.Warning, "warning", "warnings")}, "
            + $"{Of(SecurityGrade.Note, "note", "notes")}, {Of(SecurityGrade.Ok, "ok", "ok")}.";

        string Of(SecurityGrade grade, string one, string more) =>
            findings.Count(f => f.Grade == grade) is var count && count == 1 ? $"1 {one}" : $"{count} {more}";
    }

    private static string Word(SecurityGrade grade) => grade switch
    {
        SecurityGrade.Danger => Terminal.Bad("danger   "),
        SecurityGrade.Warning => Terminal.Warn("warning  "),
        SecurityGrade.Note => Terminal.Accent("note     "),
        _ => Terminal.Good("ok       "),
    };
}
