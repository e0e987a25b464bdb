namespace Kotodama.Protocol;

/// <summary>Reads the messages of a conversation between people and a companion.</summary>
internal static class TalkCodec
{
    private const double LongestStep = 86_400_000;

    public static Message? Build(string type, FieldReader f) => type switch
    {
        MessageType.UserText => new UserTextMessage
        {
            Channel = f.OptionalText("channel"),
            Content = f.Text("content", """Send what the person said: {"type":"user_text","content":"Hello"}."""),
            Lang = f.OptionalText("lang"),
            Spoken = f.Flag("spoken", false),
            Final = f.Flag("final", true),
            Page = f.OptionalText("page"),
        },
        MessageType.Mic => new MicMessage
        {
            Channel = f.OptionalText("channel"),
            State = f.Choice("state", MicState.Off, ("off", MicState.Off), ("on", MicState.On)),
            Mode = f.Choice("mode", MicMode.HandsFree, ("hands_free", MicMode.HandsFree), ("push_to_talk", MicMode.PushToTalk)),
            Lang = f.OptionalText("lang"),
            Page = f.OptionalText("page"),
        },
        MessageType.Vad => new VadMessage
        {
            Channel = f.OptionalText("channel"),
            Utterance = f.Integer("utterance"),
            Event = f.Choice("event", VadEvent.Misfire, ("start", VadEvent.Start), ("real", VadEvent.Real), ("end", VadEvent.End), ("misfire", VadEvent.Misfire)),
            Page = f.OptionalText("page"),
        },
        MessageType.Cancel => new CancelMessage { Channel = f.OptionalText("channel"), Page = f.OptionalText("page") },
        MessageType.Ask => new AskMessage
        {
            Channel = f.OptionalText("channel"),
            Id = f.Text("id", "Count the questions."),
            Name = f.Text("name", """Say what you ask: {"type":"ask","id":"1","name":"characters"}."""),
            Value = f.OptionalValue("value"),
            Lang = f.OptionalText("lang"),
            Page = f.OptionalText("page"),
        },
        MessageType.Answer => new AnswerMessage
        {
            Page = f.Text("page", "Repeat the page of the question."),
            Id = f.Text("id", "Repeat the id of the question."),
            Value = f.OptionalValue("value"),
            Rest = f.OptionalFlag("rest"),
            Error = f.OptionalInner("error") is { } error ? new AnswerError(error.Text("code", "Send a short code."), error.Text("message", "Say what is wrong."), error.OptionalText("hint") ?? "") : null,
        },
        MessageType.Companion => new CompanionMessage
        {
            Channel = Channel(f),
            On = f.Flag("on", true),
            Name = f.OptionalText("name"),
            Character = f.OptionalText("character"),
            Model = f.OptionalText("model"),
            Demo = f.OptionalFlag("demo"),
            Hears = f.OptionalFlag("hears"),
            BargeIn = f.OptionalFlag("bargeIn"),
        },
        MessageType.Turn => new TurnMessage
        {
            Channel = Channel(f),
            Turn = f.Integer("turn"),
            State = f.Choice("state", TurnState.Idle, ("idle", TurnState.Idle), ("listening", TurnState.Listening), ("transcribing", TurnState.Transcribing), ("thinking", TurnState.Thinking), ("speaking", TurnState.Speaking)),
            Reason = f.OptionalText("reason"),
            Tool = f.OptionalText("tool"),
        },
        MessageType.Transcript => new TranscriptMessage { Channel = Channel(f), Turn = f.Integer("turn"), Content = f.Text("content", "Send what was said."), Final = f.Flag("final", true) },
        MessageType.Duck => new DuckMessage { Channel = Channel(f), Gain = f.Number("gain", 1) },
        MessageType.Metrics => new MetricsMessage { Channel = Channel(f), Turn = f.Integer("turn"), Marks = Marks(f) },
        _ => null,
    };

    private static string Channel(FieldReader f) => f.Text("channel", "Name the channel.");

    private static TurnMarks Marks(FieldReader f)
    {
        if (f.OptionalInner("marks") is not { } marks)
            return new TurnMarks();
        return new TurnMarks(Step("endOfSpeech"), Step("transcript"), Step("firstToken"), Step("firstClause"), Step("firstAudio"), Step("firstSound"));

        double? Step(string field)
        {
            if (marks.OptionalNumber(field) is not { } value || value is >= 0 and <= LongestStep)
                return marks.OptionalNumber(field);
            marks.Fail(ErrorCode.OutOfRange, $"{field} must be 0 to {LongestStep} milliseconds", "Send milliseconds since the person ended.");
            return null;
        }
    }
}
