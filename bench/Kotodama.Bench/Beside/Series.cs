namespace Kotodama.Bench.Beside;

/// <summary>One thing that is measured of every rival.</summary>
/// <param name="Name">The name of the command line.</param>
/// <param name="Title">What the table says.</param>
/// <param name="Viewers">How many viewers there are.</param>
/// <param name="Bytes">The length of a message, as the publisher sends it.</param>
internal sealed record Series(string Name, string Title, int Viewers, int Bytes)
{
    private const int WarmUpDeliveries = 400_000, RoundDeliveries = 150_000;

    /// <summary>Messages on their way at once.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>Whether the hub stores the messages.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether viewers offer permessage-deflate, as browsers do.</summary>
    public bool OffersDeflate { get; init; }

    /// <summary>Messages of a round.</summary>
    public int Messages => Math.Max(InFlight * 4, RoundDeliveries / Viewers);

    /// <summary>Messages before the first round.</summary>
    public int WarmUp => Math.Max(InFlight * 4, WarmUpDeliveries / Viewers);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Series> All { get; } =
    [
        new("small", "1,000 viewers, 200 B", 1_000, 200),
        new("stored", "1,000 viewers, 200 B, stored first", 1_000, 200) { IsKept = true },
        new("browsers", "1,000 viewers as browsers connect, 200 B", 1_000, 200) { OffersDeflate = true },
        new("page", "1,000 viewers, 4 KiB", 1_000, 4_096),
        new("large", "1,000 viewers, 24 KiB", 1_000, 24_576),
        new("few", "100 viewers, 200 B", 100, 200),
        new("many", "10,000 viewers, 200 B", 10_000, 200),
        new("flood", "1,000 viewers, 200 B, 32 messages on their way", 1_000, 200) { InFlight = 32 },
    ];

    /// <summary>The message, the same for every rival.</summary>
    public string Message()
    {
        var (start, end) = ("""{"type":"llm_response","content":" """.TrimEnd(), IsKept ? "\"}" : "\",\"ttl\":0}");
        return start + Words(Bytes - start.Length - end.Length) + end;
    }

    private static string Words(int length)
    {
        const string Prose = "The moon was already over the roofs when she put the book away and looked out of the window. ";
        return string.Concat(Enumerable.Repeat(Prose, (length / Prose.Length) + 1))[..length];
    }
}
