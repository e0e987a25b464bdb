using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// A message that only those who have the key can read: publishers and pages, not the hub. See <c>docs/encryption.md</c> and
/// <see cref="MessageKey"/>, which makes and opens it.
/// </summary>
public sealed record EncMessage : Publication
{
    /// <summary>Makes a message.</summary>
    public EncMessage()
        : base(MessageType.Enc, kept: true)
    {
    }

    /// <summary>Which key opens it: the first 8 characters of its SHA-256 in base64url.</summary>
    [Form(FormAttribute.KeyId)]
    public required string Kid { get; init; }

    /// <summary>The 12 random bytes of this message alone, in base64url.</summary>
    [Form(FormAttribute.Nonce)]
    public required string Iv { get; init; }

    /// <summary>
    /// When the message is not new any more, Unix time in milliseconds. It is part of what is authenticated: pages refuse it afterwards.
    /// </summary>
    [Bounds(0, LastMoment)]
    public required long Until { get; init; }

    /// <summary>The encrypted message and its tag of 16 bytes, in base64url; as long as the whole message may be.</summary>
    [Bounds(ShortestText, nameof(ProtocolLimits.Frame))]
    [Form(FormAttribute.Base64Url)]
    public required string Ct { get; init; }

    /// <summary>The last moment that a clock of a browser can say, Unix time in milliseconds.</summary>
    internal const long LastMoment = 8_640_000_000_000_000;

    /// <summary>An empty object and its tag, in base64url.</summary>
    private const int ShortestText = 24;

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new EncMessage
    {
        Kid = f.Text("kid", "Say which key it is: the first 8 characters of its SHA-256 in base64url."),
        Iv = f.Text("iv", "Send the 12 random bytes of this message in base64url."),
        Until = f.Integer("until"),
        Ct = f.Text("ct", "Send the encrypted message and its tag in base64url."),
    });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits)
    {
        const string Hint = "See docs/encryption.md, or let a client library encrypt.";
        if (Id is null)
            check.Missing("id", "The id is part of what is authenticated, so the publisher makes it.");
        check.Base64Url("kid", Kid, MessageKey.IdLength, MessageKey.IdLength, Hint);
        check.Base64Url("iv", Iv, MessageKey.NonceTextLength, MessageKey.NonceTextLength, Hint);
        check.Range("until", Until, 0, LastMoment, "milliseconds", "Send Unix time in milliseconds.");
        check.Base64Url("ct", Ct, ShortestText, limits.Frame, Hint);
    }
}
