namespace Kotodama.Protocol;

/// <summary>Reads the messages of speech. They come from clients, so their numbers are checked here.</summary>
internal static class SpeechCodec
{
    private const long LastTurn = uint.MaxValue, LastClause = ushort.MaxValue, LongestClause = 600_000;

    public static Message? Build(string type, FieldReader f) => type switch
    {
        MessageType.SpeechStart => new SpeechStartMessage
        {
            Channel = Channel(f),
            Turn = Turn(f),
            Clause = Clause(f),
            Reply = Reply(f),
            At = (int)Within(f, "at", f.OptionalInteger("at") ?? 0, 0, int.MaxValue),
            Length = (int)Within(f, "length", f.OptionalInteger("length") ?? 0, 0, int.MaxValue),
            Format = f.Choice("format", SpeechFormat.Pcm, ("pcm_s16le", SpeechFormat.Pcm), ("encoded", SpeechFormat.Encoded), ("browser", SpeechFormat.Browser), ("silent", SpeechFormat.Silent)),
            Rate = Rate(f),
            Text = f.OptionalText("text"),
            Lang = f.OptionalText("lang"),
            Voice = f.OptionalText("voice"),
            Engine = OptionalMilliseconds(f, "engine", "Send the milliseconds until the first sound."),
        },
        MessageType.SpeechMarks => Marks(f, new SpeechMarksMessage
        {
            Channel = Channel(f),
            Turn = Turn(f),
            Clause = Clause(f),
            Words = f.OptionalIntegers("words"),
            Visemes = f.OptionalIntegers("visemes"),
            Shapes = f.OptionalText("shapes"),
        }),
        MessageType.SpeechEnd => new SpeechEndMessage
        {
            Channel = Channel(f),
            Turn = Turn(f),
            Clause = Clause(f),
            Duration = Milliseconds(f, "duration"),
            Final = f.Flag("final", false),
        },
        MessageType.SpeechStop => new SpeechStopMessage
        {
            Channel = Channel(f),
            Turn = Turn(f),
            Reply = f.OptionalText("reply"),
            Reason = f.Choice("reason", SpeechStopReason.Stop, ("stop", SpeechStopReason.Stop), ("replaced", SpeechStopReason.Replaced), ("failed", SpeechStopReason.Failed), ("barge_in", SpeechStopReason.BargeIn)),
        },
        MessageType.Playback => new PlaybackMessage
        {
            Channel = Channel(f),
            Turn = Turn(f),
            Clause = Clause(f),
            Event = f.Choice("event", PlaybackEvent.Progress, ("first", PlaybackEvent.First), ("progress", PlaybackEvent.Progress), ("done", PlaybackEvent.Done), ("stopped", PlaybackEvent.Stopped), ("failed", PlaybackEvent.Failed), ("underrun", PlaybackEvent.Underrun)),
            Played = Milliseconds(f, "played"),
            Reply = OptionalReply(f),
            Chars = f.OptionalCount("chars"),
        },
        MessageType.Sound => new SoundMessage { State = f.Choice("state", SoundState.Off, ("off", SoundState.Off), ("blocked", SoundState.Blocked), ("on", SoundState.On)) },
        MessageType.Speaker => new SpeakerMessage { Channel = Channel(f), On = f.Flag("on", false) },
        MessageType.Voice => new VoiceMessage { Channel = Channel(f), On = f.Flag("on", false) },
        MessageType.Audience => new AudienceMessage { Channel = Channel(f), Pages = (int)Within(f, "pages", f.Integer("pages"), 0, int.MaxValue), Speaker = f.Flag("speaker", false), Lost = f.OptionalInteger("lost") },
        _ => null,
    };

    private static string Channel(FieldReader f)
    {
        var channel = f.Text("channel", "Name the channel.");
        if (!ChannelName.IsValid(channel))
            f.Fail(ErrorCode.BadValue, "channel must be 1 to 64 characters of a-z 0-9 . _ -", $"Send \"{ChannelName.Default}\" for the default channel.");
        return channel;
    }

    private static string Reply(FieldReader f)
    {
        var reply = f.Text("reply", "Send the id of the reply that is spoken.");
        Check(f, reply);
        return reply;
    }

    private static string? OptionalReply(FieldReader f)
    {
        var reply = f.OptionalText("reply");
        if (reply is not null)
            Check(f, reply);
        return reply;
    }

    private static void Check(FieldReader f, string reply)
    {
        if (!FieldChecks.IsId(reply))
            f.Fail(ErrorCode.BadValue, "reply must be 1 to 64 characters of A-Z a-z 0-9 . _ : -", "Send the id of the reply that is spoken.");
    }

    private static long Turn(FieldReader f) => Within(f, "turn", f.Integer("turn"), 0, LastTurn);

    private static int Clause(FieldReader f) => (int)Within(f, "clause", f.Integer("clause"), 0, LastClause);

    private static int Rate(FieldReader f) => f.OptionalInteger("rate") is { } rate and not 0 ? (int)Within(f, "rate", rate, 8_000, 48_000) : 0;

    private static double Milliseconds(FieldReader f, string field) => OptionalMilliseconds(f, field, "Send milliseconds since the beginning of the clause.") ?? 0;

    private static double? OptionalMilliseconds(FieldReader f, string field, string hint)
    {
        if (f.OptionalNumber(field) is not { } value)
            return null;
        if (value is < 0 or > LongestClause)
            f.Fail(ErrorCode.OutOfRange, $"{field} must be 0 to {LongestClause} milliseconds", hint);
        return value;
    }

    private static SpeechMarksMessage Marks(FieldReader f, SpeechMarksMessage marks)
    {
        if ((marks.Words?.Count ?? 0) % 3 != 0)
            f.Fail(ErrorCode.BadValue, "words must have three numbers for each word", "Send milliseconds, place and length of each word.");
        if ((marks.Visemes?.Count ?? 0) != (marks.Shapes?.Length ?? 0))
            f.Fail(ErrorCode.BadValue, "shapes must have one letter for each of visemes", "Send one of A I U E O N M _ for each moment.");
        return marks;
    }

    private static long Within(FieldReader f, string field, long value, long least, long most)
    {
        if (value >= least && value <= most)
            return value;
        f.Fail(ErrorCode.OutOfRange, $"{field} must be {least} to {most}, got {value}", "Send a whole number in this range.");
        return least;
    }
}
