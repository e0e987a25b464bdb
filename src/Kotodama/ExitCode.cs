namespace Kotodama.Cli;

/// <summary>What the commands answer to the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The hub refused, no page showed it, or a check failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a setting makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>The port is taken.</summary>
    public const int PortTaken = 3;

    /// <summary>No hub answers.</summary>
    public const int NoHub = 4;
}
