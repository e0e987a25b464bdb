using System.Net;
using System.Security.Cryptography;
using Kotodama.Cli.Tls;
using Kotodama.Server;
using Kotodama.Server.Access;

namespace Kotodama.Cli.Lan;

/// <summary>
/// Invites phones: an address of this machine with a token in its fragment, which browsers send nowhere. The token is made when it is first
/// asked for and is the same until the hub ends; of earlier ones only hashes are left, and they hold until they expire.
/// </summary>
/// <param name="certificates">What phones are shown.</param>
/// <param name="addresses">The private addresses that the machine has now, the best one first.</param>
/// <param name="tokens">Where the tokens live.</param>
/// <param name="time">The clock.</param>
internal sealed class LanInvitations(
    ICertificateSource certificates,
    Func<IReadOnlyList<IPAddress>> addresses,
    TokenStore tokens,
    TimeProvider time) : IPhoneInvitations
{
    /// <summary>What <c>kotodama token list</c> calls it.</summary>
    private const string Name = "phone";

    /// <summary>How long a phone may come back without scanning again.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>A token that is about to expire is no use to who scans it now.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private (string Text, DateTimeOffset Until)? _token;

    /// <summary>The port on which the hub listens for phones, once it is known.</summary>
    public int Port { get; set; }

    public byte[]? RootCertificate => certificates.Root;

    /// <summary>The addresses of the page for phones, the best one first; without a token.</summary>
    public IReadOnlyList<string> Pages()
    {
        // A certificate of the user's own is for its names and not for addresses.
        IEnumerable<string> hosts = certificates.Root is null && certificates.Names.Count > 0
            ? certificates.Names
            : addresses().Select(LanAddresses.InUrl);
        return [.. hosts.Select(host => $"https://{host}:{Port}/")];
    }

    public PhoneInvitation? Invite()
    {
        var pages = Pages();
        if (pages.Count == 0)
            return null;
        var (token, until) = Token();
        var url = $"{pages[0]}#token={token}";
        var code = QrPicture.Of(url);
        return new PhoneInvitation(url, pages[0], [.. pages.Skip(1)], until, Fingerprint(certificates.Root), code.Size, code.Path());
    }

    private (string Text, DateTimeOffset Until) Token()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_token is not var (text, until) || now >= until - Fresh || tokens.Find(text) is null)
            {
                until = now + Life;
                text = tokens.Create(AccessRole.Talker, Name, channels: null, until);
                _token = (text, until);
            }

            return (text, until);
        }
    }

    private static string? Fingerprint(byte[]? root) =>
        root is null ? null : string.Join(':', Convert.ToHexString(SHA256.HashData(root)).Chunk(2).Select(pair => new string(pair)));
}
