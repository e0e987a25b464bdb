using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kotodama.Protocol;

/// <summary>
/// A key that publishers and pages share and the hub does not have: what is sealed with it goes through a hub that cannot read it. AES with
/// 256 bits in Galois counter mode, a random nonce for each message, at most 2^32 messages with one key. Safe for threads.
/// <c>docs/encryption.md</c> says what it protects and what it does not.
/// </summary>
public sealed class MessageKey
{
    /// <summary>The length of a key in bytes.</summary>
    public const int Length = 32;

    internal const int IdLength = 8, NonceTextLength = 16;

    private const int NonceLength = 12, TagLength = 16, TextLength = 43;

    /// <summary>How long a kept message is new when its publisher does not say, in milliseconds: as the hub has it.</summary>
    private const double ReplyTtl = 60_000, OtherTtl = 10_000;

    private readonly byte[] _key;

    private MessageKey(byte[] key)
    {
        _key = key;
        Id = Base64Url.EncodeToString(SHA256.HashData(key))[..IdLength];
    }

    /// <summary>A name for the key that tells nothing of it: the first 8 characters of its SHA-256 in base64url.</summary>
    public string Id { get; }

    /// <summary>Makes a key of random bytes.</summary>
    public static MessageKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads a key.</summary>
    /// <param name="text">What <see cref="Reveal"/> wrote: 43 characters of base64url. Blanks around it do not matter.</param>
    /// <exception cref="FormatException">The text is no key. It is not repeated in the message.</exception>
    public static MessageKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var key = new byte[Length];
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length != TextLength
            || trimmed.ContainsAnyExcept(FieldChecks.Base64UrlCharacters)
            || !Base64Url.TryDecodeFromChars(trimmed, key, out var length)
            || length != Length)
            throw new FormatException(
                $"A message key has {TextLength} characters of A-Z a-z 0-9 - _, got {trimmed.Length} characters. "
                + "kotodama key create makes one.");
        return new MessageKey(key);
    }

    /// <summary>The key itself as text: a secret. Who has it reads and writes everything that is sealed with it.</summary>
    public string Reveal() => Base64Url.EncodeToString(_key);

    /// <summary>The name of the key, and nothing of it.</summary>
    public override string ToString() => Id;

    /// <summary>
    /// Whether a message has content that can be sealed: replies and their pieces, statuses, expressions and motions. The hub itself acts
    /// on all others.
    /// </summary>
    /// <param name="message">The message.</param>
    public static bool Covers(Publication message) =>
        message is LlmResponseMessage or LlmDeltaMessage or StatusMessage or ExpressionMessage or MotionMessage;

    /// <summary>
    /// Encrypts a message. Each call makes another nonce, so send one result again rather than the message: the hub takes two of one id
    /// for different messages.
    /// </summary>
    /// <param name="message">A message that <see cref="Covers"/> allows, valid in every field.</param>
    /// <param name="channel">The channel that it will be sent to, where the message names none. It cannot be sent to another one.</param>
    /// <param name="now">The publisher's clock; pages refuse what is older than its time to live by more than five minutes.</param>
    /// <returns>What to publish, with an id, a channel and a time to live.</returns>
    /// <exception cref="ArgumentException">The message cannot be sealed.</exception>
    public EncMessage Seal(Publication message, string channel, DateTimeOffset now) =>
        Seal(message, channel, now, RandomNumberGenerator.GetBytes(NonceLength));

    /// <summary>Opens a message. Whether it came before is for the caller to know.</summary>
    /// <param name="message">The message, as a viewer receives it.</param>
    /// <param name="opened">What was sealed, with the place that the hub has given to it.</param>
    /// <returns>False: it was sealed with another key, was changed, belongs to another channel or id, or holds nothing known.</returns>
    public bool TryOpen(EncMessage message, [NotNullWhen(true)] out Publication? opened)
    {
        ArgumentNullException.ThrowIfNull(message);
        opened = null;
        if (message.Id is not { } id || message.Kid != Id || Decode(message.Iv) is not { Length: NonceLength } nonce
            || Decode(message.Ct) is not { Length: >= TagLength } sealedText)
            return false;
        var channel = message.Channel ?? ChannelName.Default;
        var plain = new byte[sealedText.Length - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            var (text, tag) = (sealedText.AsMemory(0, plain.Length), sealedText.AsMemory(plain.Length));
            aes.Decrypt(nonce, text.Span, tag.Span, plain, Bound(channel, id, message.Until));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        if (MessageCodec.Read(plain).Message is not Publication inner || !Covers(inner))
            return false;
        opened = inner with
        {
            Id = inner.Id ?? id,
            Channel = channel,
            Ttl = null,
            Receipt = null,
            Epoch = message.Epoch,
            Seq = message.Seq,
            Ts = message.Ts,
        };
        return true;
    }

    /// <summary>The same with a nonce that is given, for vectors that several languages share.</summary>
    internal EncMessage Seal(Publication message, string channel, DateTimeOffset now, byte[] nonce)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(channel);
        if (!Covers(message))
            throw new ArgumentException(
                $"A message of the type {message.Type} is for the hub, too, and cannot be sealed.",
                nameof(message));
        if (message is LlmResponseMessage { AudioStream: not null })
            throw new ArgumentException(
                "The sound of audioStream would go through the hub as it is. Send a short sound in audio instead.",
                nameof(message));

        // Pieces share the id of their reply, and each sealed message needs one of its own.
        var isPiece = message is LlmDeltaMessage;
        var id = isPiece || message.Id is null ? Guid.NewGuid().ToString("N") : message.Id;
        channel = message.Channel ?? channel;
        var ttl = message.Ttl ?? (isPiece ? 0 : message is LlmResponseMessage ? ReplyTtl : OtherTtl);
        var until = Math.Clamp(now.ToUnixTimeMilliseconds() + (long)ttl, 0, EncMessage.LastMoment);
        var plain = MessageCodec.Write(message with
        {
            Id = isPiece ? message.Id : null,
            Channel = null,
            Ttl = null,
            Receipt = null,
            Epoch = null,
            Seq = null,
            Ts = null,
        });
        var sealedText = new byte[plain.Length + TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plain, sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length), Bound(channel, id, until));
        return new EncMessage
        {
            Id = id,
            Channel = channel,
            Ttl = ttl,
            Receipt = message.Receipt,
            Kid = Id,
            Iv = Base64Url.EncodeToString(nonce),
            Until = until,
            Ct = Base64Url.EncodeToString(sealedText),
        };
    }

    /// <summary>
    /// What is authenticated beside the content: a hub cannot move it to another channel, give it another id or make it younger.
    /// </summary>
    private static byte[] Bound(string channel, string id, long until) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"kotodama-enc-v1|{channel}|{id}|{until}"));

    private static byte[]? Decode(string text) =>
        !text.AsSpan().ContainsAnyExcept(FieldChecks.Base64UrlCharacters) && Base64Url.IsValid(text)
            ? Base64Url.DecodeFromChars(text)
            : null;
}
