using System.Text.Json;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Fuzz;

/// <summary>Valid messages of every type, with every field at its corners.</summary>
internal sealed class RandomMessages(Random random)
{
    private const string NameCharacters = "abcxyz0189._-";

    private static readonly string[] Texts =
        ["x", "你好", "😊", "\"\\/\b\f\n\r\t", "\0\u0001\u001f\u007f\u0085", "</script><b>&'", "\u2028\u2029\ufeff\uffff", "\u202e\u200d", "\U0010ffff", "{\"type\":\"stop\"}", "ä\u0308", "    "];

    private static readonly double[] Milliseconds = [0, 1, 0.1, 8_000, 599_999.999, 600_000];

    /// <summary>One maker for each type of the protocol.</summary>
    public static IReadOnlyDictionary<string, Func<RandomMessages, Message>> Makers { get; } = new Dictionary<string, Func<RandomMessages, Message>>(StringComparer.Ordinal)
    {
        [MessageType.LlmResponse] = m => m.Envelope(new LlmResponseMessage { Content = m.Text(1), Duration = m.Of(Milliseconds), Emotion = m.Maybe(m.Name), Emotions = m.Maybe(() => m.List(0, () => new ReplyEmotion((int)m.Of(0L, 1), m.Name()))), Motion = m.Maybe(m.Name), Speak = m.Coin(), StatedMode = m.MaybeValue(m.Any<ReplyMode>), Voice = m.Maybe(m.Name), Lang = m.Maybe(m.Name), Audio = m.Maybe(() => m.Of("", "UklGRg==", "AAAA")), AudioStream = m.MaybeValue(() => m.Of(0L, 1, uint.MaxValue)), Turn = m.MaybeValue(m.Number) }),
        [MessageType.LlmDelta] = m => m.Envelope(new LlmDeltaMessage { Part = (int)m.Of(0L, 1, 2, int.MaxValue), Content = m.Text(0), Emotion = m.Maybe(m.Name), Voice = m.Maybe(m.Name), Turn = m.MaybeValue(m.Number) }) with { Id = m.Id() },
        [MessageType.Status] = m => m.Envelope(new StatusMessage { Content = m.Text(0) }),
        [MessageType.Expression] = m => m.Envelope(new ExpressionMessage { Name = m.Name(), Duration = m.MaybeValue(() => m.Of(Milliseconds)), Weight = m.Of(0, 0.5, 1) }),
        [MessageType.Motion] = m => m.Envelope(new MotionMessage { Name = m.Name(), Priority = m.Any<MotionPriority>() }),
        [MessageType.Enc] = m => m.Envelope(new EncMessage { Kid = m.Of("abcd-_09", "AAAAAAAA"), Iv = m.Of("AAAAAAAAAAAAAAAA", "0123456789-_abcd"), Until = m.Of(0L, 1, 8_640_000_000_000_000), Ct = m.Of(new string('x', 24), new string('-', 99), new string('A', 1_000)) }) with { Id = m.Id() },
        [MessageType.Stop] = m => m.Envelope(new StopMessage { What = m.Any<StopTarget>() }),
        [MessageType.Avatar] = m => m.Envelope(new AvatarMessage { Name = m.Maybe(m.AvatarName) }),
        [MessageType.Touch] = m => new TouchMessage { Channel = m.Maybe(m.Channel), Area = m.Name(), Gesture = m.Any<TouchGesture>(), Avatar = m.Maybe(m.AvatarName), Page = m.Maybe(m.Id) },
        [MessageType.Hello] = m => new HelloMessage
        {
            V = (int)m.Of(1L, 2, int.MaxValue, int.MinValue),
            Role = m.Any<PeerRole>(),
            Channels = m.Maybe(() => m.List(1, m.Channel)),
            Caps = m.Maybe(() => m.List(0, () => m.Of("display", "speak", "touch", m.Text(0)))),
            Resume = m.Maybe(() => m.Map(() => new ChannelPosition(m.Text(0), m.Number()))),
            Viewer = m.Maybe(m.Id),
            Speech = m.Maybe(() => m.Map(m.Turn)),
            Client = m.Maybe(m.Name),
        },
        [MessageType.Welcome] = m => new WelcomeMessage
        {
            V = (int)m.Of(1L, 2, int.MinValue),
            Server = m.Text(0),
            Session = m.Text(0),
            Channels = m.Map(() => new ChannelWelcome(m.Text(0), m.Number(), m.MaybeValue(m.Coin), m.Count())),
            Ping = m.Of(Milliseconds),
            Limits = new ProtocolLimits
            {
                Frame = m.Count(),
                Content = m.Count(),
                Duration = m.Of(Milliseconds),
                Channels = m.Count(),
                Errors = m.Count(),
                PublishRate = m.Count(),
                PublishBurst = m.Count(),
                FrameRate = m.Count(),
                FrameBurst = m.Count(),
            },
        },
        [MessageType.Ack] = m => new AckMessage
        {
            Channel = m.Channel(),
            Epoch = m.Text(0),
            Received = m.MaybeValue(m.Number),
            Displayed = m.Maybe(() => m.List(0, m.Number)),
            Spoken = m.Maybe(() => m.List(0, m.Number)),
            Heard = m.Maybe(() => m.List(0, () => new AckHeard(m.Number(), m.Of(Milliseconds), m.Count()))),
            Superseded = m.Maybe(() => m.List(0, m.Number)),
            Failed = m.Maybe(() => m.List(0, () => new AckFailure(m.Number(), m.Text(0)))),
        },
        [MessageType.Receipt] = m => new ReceiptMessage
        {
            Id = m.Id(),
            Channel = m.Channel(),
            Status = m.Any<ReceiptStatus>(),
            Pages = m.MaybeValue(m.Count),
            Epoch = m.Maybe(() => m.Text(0)),
            Seq = m.MaybeValue(m.Number),
            Durable = m.MaybeValue(m.Coin),
            Duplicate = m.MaybeValue(m.Coin),
            Counts = m.Maybe(() => new ReceiptCounts(m.Count(), m.Count(), m.Count(), m.Count())),
            Heard = m.Maybe(() => new ReceiptHeard(m.Of(Milliseconds), m.Count())),
            Failed = m.Maybe(() => m.Text(0)),
            Final = m.MaybeValue(m.Coin),
        },
        [MessageType.Error] = m => new ErrorMessage { Code = m.Text(0), Message = m.Text(0), Hint = m.Text(0), Id = m.Maybe(m.Id), Retry = m.Coin() },
        [MessageType.Ping] = m => new PingMessage { Tops = m.Maybe(() => m.Map(m.Number)) },
        [MessageType.Gap] = m => new GapMessage { Channel = m.Channel(), From = m.Number(), To = m.Number(), Reason = m.Any<GapReason>() },
        [MessageType.Resume] = m => new ResumeMessage { Channel = m.Channel(), Epoch = m.Text(0), Seq = m.Number() },
        [MessageType.LlmAbort] = m => new LlmAbortMessage { Channel = m.Channel(), Id = m.Id(), Reason = m.Text(0) },
        [MessageType.Bye] = m => new ByeMessage { RetryAfter = m.Of(Milliseconds) },
        [MessageType.SpeechStart] = m => new SpeechStartMessage
        {
            Channel = m.Channel(),
            Turn = m.Turn(),
            Clause = m.Clause(),
            Reply = m.Id(),
            At = m.Count(),
            Length = m.Count(),
            Format = m.Any<SpeechFormat>(),
            Rate = (int)m.Of(0L, 8_000, 22_050, 48_000),
            Text = m.Maybe(() => m.Text(0)),
            Lang = m.Maybe(m.Name),
            Voice = m.Maybe(m.Name),
            Engine = m.MaybeValue(() => m.Of(Milliseconds)),
        },
        [MessageType.SpeechMarks] = m =>
        {
            var visemes = m.Maybe(() => m.List(1, m.Number));
            return new SpeechMarksMessage
            {
                Channel = m.Channel(),
                Turn = m.Turn(),
                Clause = m.Clause(),
                Words = m.Maybe(() => m.List(0, m.Number) is var one ? one.Concat(one).Concat(one).ToArray() : one),
                Visemes = visemes,
                Shapes = visemes is null ? null : string.Concat(visemes.Select(_ => m.Of('A', 'I', 'U', 'E', 'O', 'N', 'M', '_'))),
            };
        },
        [MessageType.SpeechEnd] = m => new SpeechEndMessage { Channel = m.Channel(), Turn = m.Turn(), Clause = m.Clause(), Duration = m.Of(Milliseconds), Final = m.Coin() },
        [MessageType.SpeechStop] = m => new SpeechStopMessage { Channel = m.Channel(), Turn = m.Turn(), Reply = m.Maybe(m.Id), Reason = m.Any<SpeechStopReason>() },
        [MessageType.Duck] = m => new DuckMessage { Channel = m.Channel(), Gain = m.Of(0, 0.2, 1) },
        [MessageType.Playback] = m => new PlaybackMessage { Channel = m.Channel(), Turn = m.Turn(), Clause = m.Clause(), Event = m.Any<PlaybackEvent>(), Played = m.Of(Milliseconds), Reply = m.Maybe(m.Id), Chars = m.MaybeValue(m.Count) },
        [MessageType.Sound] = m => new SoundMessage { State = m.Any<SoundState>() },
        [MessageType.Speaker] = m => new SpeakerMessage { Channel = m.Channel(), On = m.Coin() },
        [MessageType.Voice] = m => new VoiceMessage { Channel = m.Channel(), On = m.Coin() },
        [MessageType.Audience] = m => new AudienceMessage { Channel = m.Channel(), Pages = m.Count(), Speaker = m.Coin(), Lost = m.MaybeValue(m.Turn) },
        [MessageType.UserText] = m => new UserTextMessage { Channel = m.Maybe(m.Channel), Content = m.Text(1), Lang = m.Maybe(m.Name), Spoken = m.Coin(), Final = m.Coin(), Page = m.Maybe(m.Id) },
        [MessageType.Mic] = m => new MicMessage { Channel = m.Maybe(m.Channel), State = m.Any<MicState>(), Mode = m.Any<MicMode>(), Lang = m.Maybe(m.Name), Page = m.Maybe(m.Id) },
        [MessageType.Vad] = m => new VadMessage { Channel = m.Maybe(m.Channel), Utterance = m.Turn(), Event = m.Any<VadEvent>(), Page = m.Maybe(m.Id) },
        [MessageType.Cancel] = m => new CancelMessage { Channel = m.Maybe(m.Channel), Page = m.Maybe(m.Id) },
        [MessageType.Ask] = m => new AskMessage { Channel = m.Maybe(m.Channel), Id = m.Id(), Name = m.Name(), Value = m.MaybeValue(m.Json), Lang = m.Maybe(m.Name), Offset = m.MaybeValue(() => m.Of(0L, 540, -1_440, 1_440)), Page = m.Maybe(m.Id) },
        [MessageType.Answer] = m => new AnswerMessage { Page = m.Id(), Id = m.Id(), Value = m.MaybeValue(m.Json), Rest = m.MaybeValue(m.Coin), Error = m.Maybe(() => new AnswerError(m.Text(0), m.Text(0), m.Text(0))) },
        [MessageType.Companion] = m => new CompanionMessage { Channel = m.Channel(), On = m.Coin(), Name = m.Maybe(m.Name), Character = m.Maybe(m.Name), Model = m.Maybe(() => m.Text(0)), Demo = m.MaybeValue(m.Coin), Hears = m.MaybeValue(m.Coin), BargeIn = m.MaybeValue(m.Coin), Avatar = m.Maybe(m.AvatarName), Look = m.Maybe(() => m.Map(m.Json)) },
        [MessageType.Turn] = m => new TurnMessage { Channel = m.Channel(), Turn = m.Number(), State = m.Any<TurnState>(), Reason = m.Maybe(() => m.Text(0)), Tool = m.Maybe(() => m.Text(0)) },
        [MessageType.Transcript] = m => new TranscriptMessage { Channel = m.Channel(), Turn = m.Number(), Content = m.Text(0), Final = m.Coin(), Pages = m.Maybe(() => m.List(1, m.Id)) },
        [MessageType.Metrics] = m => new MetricsMessage { Channel = m.Channel(), Turn = m.Number(), Marks = new TurnMarks(m.Step(), m.Step(), m.Step(), m.Step(), m.Step(), m.Step()) },
    };

    private static readonly Func<RandomMessages, Message>[] All = [.. Makers.Values];

    /// <summary>A message of any type.</summary>
    public Message Next() => All[random.Next(All.Length)](this);

    private Publication Envelope(Publication message) => message with
    {
        Id = Maybe(Id),
        Channel = Maybe(Channel),
        Ttl = MaybeValue(() => Of(0, 1, 60_000, 0.5, Publication.LongestTtl)),
        Receipt = MaybeValue(Any<ReceiptLevel>),
        Epoch = Maybe(() => Text(0)),
        Seq = MaybeValue(Number),
        Ts = MaybeValue(Number),
    };

    private double? Step() => MaybeValue(() => Of(Milliseconds));

    /// <summary>Any JSON, as a question or its answer may hold it.</summary>
    private JsonElement Json() => JsonSerializer.SerializeToElement(Of<object>(Text(0), 1.5, true, new { id = Text(0) }, new[] { Text(0), Text(0) }));

    private string Text(int least)
    {
        if (least == 0 && random.Next(8) == 0)
            return "";
        var text = string.Concat(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Of(Texts)));
        return random.Next(50) == 0 ? string.Concat(Enumerable.Repeat(text, 16_384 / text.Length)) : text;
    }

    private string Name() => Of("joy", "a", "😊", "你好 ", new string('n', 64), Word());

    private string AvatarName() => Of("koto", "a", "桃瀬ひより v2", "𠮷野", "é（夏）'s #1%", string.Concat(Enumerable.Repeat("𠮷", 64)), new string('n', 64));

    private string Channel() => Of("default", "left", "a", new string('c', 64), Word());

    private string Id() => Of("r1", "A:b_c.d-e", "0", new string('I', 64), Word());

    private string Word() => new([.. Enumerable.Range(0, 1 + random.Next(12)).Select(_ => NameCharacters[random.Next(NameCharacters.Length)])]);

    private long Number() => Of(0, 1, -1, 42, int.MaxValue, 1L << 53, long.MaxValue, long.MinValue);

    private int Count() => (int)Of(0L, 1, 20, 65_536, int.MaxValue);

    private long Turn() => Of(0L, 1, 17, uint.MaxValue);

    private int Clause() => (int)Of(0L, 1, ushort.MaxValue);

    private bool Coin() => random.Next(2) == 0;

    private T Any<T>()
        where T : struct, Enum => Of(Enum.GetValues<T>());

    private T Of<T>(params T[] values) => values[random.Next(values.Length)];

    private T? Maybe<T>(Func<T> make)
        where T : class => Coin() ? make() : null;

    private T? MaybeValue<T>(Func<T> make)
        where T : struct => Coin() ? make() : null;

    private T[] List<T>(int least, Func<T> make) => [.. Enumerable.Range(0, least + random.Next(4)).Select(_ => make())];

    private Dictionary<string, T> Map<T>(Func<T> make)
    {
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        for (var i = random.Next(4); i > 0; i--)
            map[Of(Channel(), Text(0))] = make();
        return map;
    }
}
