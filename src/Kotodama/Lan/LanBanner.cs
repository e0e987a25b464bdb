using Kotodama.Server;

namespace Kotodama.Cli.Lan;

/// <summary>What the terminal says about <c>--lan</c>: the address, and the QR code where there is room for it.</summary>
internal static class LanBanner
{
    private const string Indent = "           ";

    /// <summary>The lines.</summary>
    /// <param name="pages">The addresses of the page, the best one first; none: this machine is on no network.</param>
    /// <param name="port">The port.</param>
    /// <param name="invitation">What phones are invited with; null: the output is kept, and a token must not be.</param>
    /// <param name="columns">The width of the terminal.</param>
    /// <param name="colours">Whether the terminal takes escape sequences.</param>
    public static IEnumerable<string> Lines(
        IReadOnlyList<string> pages, int port, PhoneInvitation? invitation, int columns, bool colours)
    {
        if (pages.Count == 0)
        {
            yield return $"  Phone    {Terminal.Warn($"this machine is on no local network now; port {port} waits for one")}";
            yield break;
        }

        yield return $"  Phone    {Terminal.Accent(pages[0])}";
        foreach (var other in pages.Skip(1))
            yield return Indent + Terminal.Dim($"also {other}");
        if (invitation is null)
        {
            yield return Indent + Terminal.Dim("the page on this machine shows the QR code: the button with the phone");
            yield break;
        }

        var code = QrPicture.Of(invitation.Url);
        if (columns > code.Size)
        {
            yield return "";
            var margin = columns > code.Size + Indent.Length ? Indent : "";
            foreach (var line in code.Lines(colours))
                yield return margin + (colours ? Terminal.BlackOnWhite(line) : line);
            yield return "";
            yield return Indent + "Scan it with the phone's camera: the phone may come in for 30 days.";
        }
        else
        {
            yield return Indent + "The terminal is too narrow for the QR code. Open this on the phone; it holds a pass for 30 days:";
            yield return Indent + invitation.Url;
        }

        if (invitation.Fingerprint is not null)
        {
            yield return Indent + Terminal.Dim("The browser warns, as this machine vouches for itself:");
            yield return Indent + Terminal.Dim("Advanced, Proceed. docs/remote.md says how to be rid of it.");
        }
    }
}
