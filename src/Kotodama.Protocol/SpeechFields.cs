namespace Kotodama.Protocol;

/// <summary>
/// The fields that several messages of speech share. Such messages come from clients, so their numbers are checked while they are read.
/// </summary>
internal static class SpeechFields
{
    /// <summary>
    /// The highest number of a speech, and of a brought stream and an utterance: four bytes in the header of <see cref="AudioMessage"/>.
    /// </summary>
    public const uint LastTurn = uint.MaxValue;

    /// <summary>The highest number of a clause: two bytes in that header.</summary>
    public const ushort LastClause = ushort.MaxValue;

    /// <summary>The longest sound of one clause, in milliseconds.</summary>
    public const int LongestClause = 600_000;

    /// <summary>The lowest rate of samples, in Hz.</summary>
    public const int LowestRate = 8_000;

    /// <summary>The highest rate of samples, in Hz.</summary>
    public const int HighestRate = 48_000;

    public static string Channel(FieldReader f)
    {
        var channel = f.Channel();
        if (!ChannelName.IsValid(channel))
            f.Fail(
                ErrorCode.BadValue,
                "channel must be 1 to 64 characters of a-z 0-9 . _ -",
                $"Send \"{ChannelName.Default}\" for the default channel.");
        return channel;
    }

    public static string Reply(FieldReader f)
    {
        var reply = f.Text("reply", "Send the id of the reply that is spoken.");
        CheckReply(f, reply);
        return reply;
    }

    public static string? OptionalReply(FieldReader f)
    {
        var reply = f.OptionalText("reply");
        if (reply is not null)
            CheckReply(f, reply);
        return reply;
    }

    public static long Turn(FieldReader f) => Within(f, "turn", f.Integer("turn"), 0, LastTurn);

    public static int Clause(FieldReader f) => (int)Within(f, "clause", f.Integer("clause"), 0, LastClause);

    /// <summary>A place or a length in the content of a reply, in UTF-16 code units; 0 when it is missing.</summary>
    public static int Place(FieldReader f, string field) => (int)Within(f, field, f.OptionalInteger(field) ?? 0, 0, int.MaxValue);

    public static int Rate(FieldReader f) =>
        f.OptionalInteger("rate") is { } rate and not 0 ? (int)Within(f, "rate", rate, LowestRate, HighestRate) : 0;

    public static double Milliseconds(FieldReader f, string field) =>
        OptionalMilliseconds(f, field, "Send milliseconds since the beginning of the clause.") ?? 0;

    public static double? OptionalMilliseconds(FieldReader f, string field, string hint)
    {
        if (f.OptionalNumber(field) is not { } value)
            return null;
        if (value is < 0 or > LongestClause)
            f.Fail(ErrorCode.OutOfRange, $"{field} must be 0 to {LongestClause} milliseconds", hint);
        return value;
    }

    public static long Within(FieldReader f, string field, long value, long least, long most)
    {
        if (value >= least && value <= most)
            return value;
        f.Fail(ErrorCode.OutOfRange, $"{field} must be {least} to {most}, got {value}", "Send a whole number in this range.");
        return least;
    }

    private static void CheckReply(FieldReader f, string reply)
    {
        if (!FieldChecks.IsId(reply))
            f.Fail(
                ErrorCode.BadValue,
                "reply must be 1 to 64 characters of A-Z a-z 0-9 . _ : -",
                "Send the id of the reply that is spoken.");
    }
}
