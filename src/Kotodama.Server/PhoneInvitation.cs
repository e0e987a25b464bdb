namespace Kotodama.Server;

/// <summary>How a phone comes to the page.</summary>
/// <param name="Url">The address to open, with a token that lets its holder talk with the character.</param>
/// <param name="Address">The address alone, which is no secret.</param>
/// <param name="Others">Other addresses of the same machine.</param>
/// <param name="Until">When the token expires.</param>
/// <param name="Fingerprint">The SHA-256 of the root certificate, in pairs of digits; null: phones know the root.</param>
/// <param name="QrSize">The modules on each side of the QR code, the empty edge included.</param>
/// <param name="QrPath">The dark modules of the QR code as the path of an SVG drawing whose unit is one module.</param>
public sealed record PhoneInvitation(
    string Url,
    string Address,
    IReadOnlyList<string> Others,
    DateTimeOffset Until,
    string? Fingerprint,
    int QrSize,
    string QrPath);
