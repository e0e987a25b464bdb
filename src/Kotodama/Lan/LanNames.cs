using System.Globalization;

namespace Kotodama.Cli.Lan;

/// <summary>The names under which other machines of the local network may know this one.</summary>
internal static class LanNames
{
    private const int LongestLabel = 63;

    /// <summary>Names that no site of the internet has: what the authority may vouch for besides the machine's own name.</summary>
    public static readonly IReadOnlyList<string> Endings = ["localhost", "local", "lan", "internal", "home.arpa"];

    /// <summary>The names of a machine: as it calls itself, as phones find it without a server of names, and <c>localhost</c>.</summary>
    /// <param name="hostName">What the system says; may be anything.</param>
    public static IReadOnlyList<string> Of(string hostName) =>
        Label(hostName) is { } label && label != "localhost" ? [label, $"{label}.local", "localhost"] : ["localhost"];

    /// <summary>The first part of a host name as it stands in certificates and addresses; null: it cannot stand there.</summary>
    public static string? Label(string hostName)
    {
        var first = hostName.Trim().Split('.', '。', '．', '｡')[0];
        if (first.Length is 0 or > LongestLabel * 4)
            return null;
        string ascii;
        try
        {
            ascii = new IdnMapping().GetAscii(first).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // Not a name that any program could look up.
            return null;
        }

        var isName = ascii.Length is > 0 and <= LongestLabel
            && ascii.All(c => char.IsAsciiLetterOrDigit(c) || c is '-')
            && ascii[0] != '-' && ascii[^1] != '-'
            && !ascii.All(char.IsAsciiDigit);
        return isName ? ascii : null;
    }
}
