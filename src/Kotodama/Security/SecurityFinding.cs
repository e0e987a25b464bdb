namespace Kotodama.Cli.Security;

/// <summary>How bad it is that something can be reached as it can; the worst comes first.</summary>
internal enum SecurityGrade
{
    /// <summary>Clients or accounts that were not meant can read or change something now.</summary>
    Danger,

    /// <summary>It takes little more for that, or it is not known.</summary>
    Warning,

    /// <summary>Open on purpose: the user should know it.</summary>
    Note,

    /// <summary>As closed as it can be.</summary>
    Ok,
}

/// <summary>One thing that can be reached, and by whom.</summary>
/// <param name="Grade">How bad that is.</param>
/// <param name="Thing">What it is, as a sentence. Never a secret.</param>
/// <param name="Reach">Who can reach it.</param>
/// <param name="Cure">A command, or a sentence, that changes it; null: nothing has to be done.</param>
internal sealed record SecurityFinding(SecurityGrade Grade, string Thing, string Reach, string? Cure = null);

/// <summary>Those who can reach something, in words that are the same in all lines.</summary>
internal static class Reach
{
    public const string You = "you alone";
    public const string Accounts = "other accounts of this machine";
    public const string Programs = "programs and users of this machine";
    public const string Pages = "pages in browsers of this machine";
    public const string Origins = "pages of the allowed origins";
    public const string Lan = "machines of the local network";
    public const string All = "every machine that reaches this one";
    public const string Holders = "clients of any machine that have the token";
    public const string Unknown = "not known";
}
