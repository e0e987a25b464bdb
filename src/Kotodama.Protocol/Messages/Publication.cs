using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// What a publisher sends to the pages of one channel. A publisher sets the fields up to <see cref="Receipt"/>; the hub sets
/// <see cref="Epoch"/>, <see cref="Seq"/> and <see cref="Ts"/> and ignores what a client sends in them.
/// </summary>
public abstract record Publication : Message
{
    private protected Publication(string type, bool kept)
        : base(type) => IsKept = kept;

    /// <summary>The longest <see cref="Ttl"/>: a day, in milliseconds.</summary>
    public const double LongestTtl = 86_400_000;

    /// <summary>1 to 64 characters of <c>A-Z a-z 0-9 . _ : -</c>. Null: the hub makes one.</summary>
    [Form(FormAttribute.Id)]
    [JsonPropertyOrder(-9)]
    public string? Id { get; init; }

    /// <summary>The channel, 1 to 64 characters of <c>a-z 0-9 . _ -</c>. Null: the channel of the connection.</summary>
    [Form(FormAttribute.Channel)]
    [JsonPropertyOrder(-8)]
    public string? Channel { get; init; }

    /// <summary>
    /// How long the message waits for a page, in milliseconds, 0 to <see cref="LongestTtl"/>. 0: for the pages that are open now only.
    /// Null: a minute for a reply, ten seconds for the other kept types.
    /// </summary>
    [Bounds(0, LongestTtl)]
    [JsonPropertyOrder(-7)]
    public double? Ttl { get; init; }

    /// <summary>
    /// What the publisher wants to be told of the message. Null: that the hub has it, after <c>hello</c>; else nothing.
    /// <see cref="ReceiptLevel.Stored"/>, said explicitly, also means that the message is refused, to be sent again, while the hub's disk
    /// is full or fails.
    /// </summary>
    [JsonPropertyOrder(-7)]
    public ReceiptLevel? Receipt { get; init; }

    /// <summary>The life of the channel's numbering. Set by the hub on kept messages.</summary>
    [JsonPropertyOrder(-6)]
    public string? Epoch { get; init; }

    /// <summary>1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages.</summary>
    [JsonPropertyOrder(-5)]
    public long? Seq { get; init; }

    /// <summary>When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages.</summary>
    [JsonPropertyOrder(-4)]
    public long? Ts { get; init; }

    /// <summary>
    /// True when the message is numbered and a page reports that it was shown; false for frames that are worth nothing a second later.
    /// </summary>
    [JsonIgnore]
    public bool IsKept { get; }

    /// <summary>Checks every range and length. Returns null when the message may be published.</summary>
    /// <param name="limits">The limits in force.</param>
    public ErrorMessage? Validate(ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var check = new FieldChecks(Id is not null && FieldChecks.IsId(Id) ? Id : null);
        check.Id("id", Id, "Leave it out and the hub makes one.");
        check.Channel("channel", Channel);
        if (Ttl is { } ttl)
            check.Range("ttl", ttl, 0, LongestTtl, "milliseconds", "Send milliseconds, or leave it out.");
        Validate(check, limits);
        return check.Error;
    }

    internal sealed override ErrorMessage? Check(ProtocolLimits limits) => Validate(limits);

    /// <summary>Adds the fields that every publication may have to one whose own fields were read.</summary>
    private protected static Publication WithEnvelope(FieldReader f, Publication message) => message with
    {
        Id = f.OptionalText("id"),
        Channel = f.OptionalText("channel"),
        Ttl = f.OptionalNumber("ttl"),
        Receipt = f.OptionalChoice<ReceiptLevel>("receipt"),
        Epoch = f.OptionalText("epoch"),
        Seq = f.OptionalInteger("seq"),
        Ts = f.OptionalInteger("ts"),
    };

    private protected abstract void Validate(FieldChecks check, ProtocolLimits limits);
}

/// <summary>How far a message came, and what a publisher wants to be told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReceiptLevel>))]
public enum ReceiptLevel
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>It is in the hub's log, and was handed to the pages that are there.</summary>
    [JsonStringEnumMemberName("stored")]
    Stored,

    /// <summary>A page has it.</summary>
    [JsonStringEnumMemberName("received")]
    Received,

    /// <summary>It is or was on a screen, or in the history of a page that had something newer.</summary>
    [JsonStringEnumMemberName("displayed")]
    Displayed,

    /// <summary>It was heard to the end.</summary>
    [JsonStringEnumMemberName("spoken")]
    Spoken,
}
