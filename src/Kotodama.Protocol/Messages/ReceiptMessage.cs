using System.Text.Json.Serialization;

namespace Kotodama.Protocol;

/// <summary>What became of a published message.</summary>
public sealed record ReceiptMessage : Message
{
    /// <summary>Makes a message.</summary>
    public ReceiptMessage()
        : base(MessageType.Receipt)
    {
    }

    /// <summary>The id of the message.</summary>
    public required string Id { get; init; }

    /// <summary>The channel it went to.</summary>
    public required string Channel { get; init; }

    /// <summary>How far the message came.</summary>
    public required ReceiptStatus Status { get; init; }

    /// <summary>
    /// With <see cref="ReceiptStatus.Stored"/>: how many pages it was handed to at once. 0: it waits for one, if it is kept.
    /// </summary>
    public int? Pages { get; init; }

    /// <summary>With <see cref="ReceiptStatus.Stored"/>: the epoch of <see cref="Seq"/>; null for messages that are not kept.</summary>
    public string? Epoch { get; init; }

    /// <summary>With <see cref="ReceiptStatus.Stored"/>: the number; null for messages that are not kept.</summary>
    public long? Seq { get; init; }

    /// <summary>With <see cref="ReceiptStatus.Stored"/>: whether the message survives a crash of the hub.</summary>
    public bool? Durable { get; init; }

    /// <summary>With <see cref="ReceiptStatus.Stored"/>: whether the hub had the message before, so that it is shown once.</summary>
    public bool? Duplicate { get; init; }

    /// <summary>How many pages have come how far.</summary>
    public ReceiptCounts? Counts { get; init; }

    /// <summary>
    /// When the publisher asked for <see cref="ReceiptLevel.Spoken"/>: how much was heard; null as long as no page has said so.
    /// </summary>
    public ReceiptHeard? Heard { get; init; }

    /// <summary>
    /// Why a page could not show or speak it, as that page told first, for programs: for example <c>unknown_expression</c>. Null: no page
    /// has told.
    /// </summary>
    public string? Failed { get; init; }

    /// <summary>Whether this is the last receipt of the message.</summary>
    public bool? Final { get; init; }

    internal static ReceiptMessage Read(FieldReader f) => new()
    {
        Id = f.Text("id", ""),
        Channel = f.Text("channel", ""),
        Status = f.Choice("status", ReceiptStatus.Progress),
        Pages = f.OptionalCount("pages"),
        Epoch = f.OptionalText("epoch"),
        Seq = f.OptionalInteger("seq"),
        Durable = f.OptionalFlag("durable"),
        Duplicate = f.OptionalFlag("duplicate"),
        Counts = f.OptionalInner("counts") is { } counts ? ReceiptCounts.Read(counts) : null,
        Heard = f.OptionalInner("heard") is { } heard ? ReceiptHeard.Read(heard) : null,
        Failed = f.OptionalText("failed"),
        Final = f.OptionalFlag("final"),
    };
}

/// <summary>How far a message came.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReceiptStatus>))]
public enum ReceiptStatus
{
    /// <summary>It is in the log, and was handed to the pages that are there.</summary>
    [JsonStringEnumMemberName("stored")]
    Stored,

    /// <summary>It is on its way; see <see cref="ReceiptMessage.Counts"/>.</summary>
    [JsonStringEnumMemberName("progress")]
    Progress,

    /// <summary>It came as far as the publisher asked for.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It expired before.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>The channel was full and it was the oldest.</summary>
    [JsonStringEnumMemberName("dropped")]
    Dropped,

    /// <summary>It is displayed, and is not or no longer spoken; <see cref="ReceiptMessage.Heard"/> says how much was heard.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}

/// <summary>Numbers of pages.</summary>
/// <param name="Sent">Were handed the message.</param>
/// <param name="Received">Have said that they have it.</param>
/// <param name="Displayed">Have shown it, or put it into their history.</param>
/// <param name="Spoken">Have spoken it to the end.</param>
public sealed record ReceiptCounts(int Sent, int Received, int Displayed, int Spoken)
{
    internal static ReceiptCounts Read(FieldReader f) =>
        new(f.Count("sent", 0), f.Count("received", 0), f.Count("displayed", 0), f.Count("spoken", 0));
}

/// <summary>How much of a reply was heard.</summary>
/// <param name="Ms">The sound, in ms.</param>
/// <param name="Chars">How far that came in the reply's content, in UTF-16 code units; its length when it was heard to the end.</param>
public sealed record ReceiptHeard(double Ms, int Chars)
{
    internal static ReceiptHeard Read(FieldReader f) => new(f.Number("ms", 0), f.Count("chars", 0));
}
