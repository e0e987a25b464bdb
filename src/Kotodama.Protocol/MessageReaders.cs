using System.Collections.Frozen;

namespace Kotodama.Protocol;

/// <summary>
/// How the fields of each JSON message are read, by the message's type. Each record reads itself, so that its fields and what may be in
/// them stand in one file; this table is all that a new message needs besides its record and a line in <see cref="WireJson"/>.
/// </summary>
internal static class MessageReaders
{
    private static readonly (string Type, Func<FieldReader, Message> Read)[] All =
    [
        (MessageType.LlmResponse, LlmResponseMessage.Read),
        (MessageType.LlmDelta, LlmDeltaMessage.Read),
        (MessageType.Status, StatusMessage.Read),
        (MessageType.Expression, ExpressionMessage.Read),
        (MessageType.Motion, MotionMessage.Read),
        (MessageType.Enc, EncMessage.Read),
        (MessageType.Stop, StopMessage.Read),
        (MessageType.Avatar, AvatarMessage.Read),
        (MessageType.LlmAbort, LlmAbortMessage.Read),
        (MessageType.Gap, GapMessage.Read),
        (MessageType.Resume, ResumeMessage.Read),
        (MessageType.Hello, HelloMessage.Read),
        (MessageType.Welcome, WelcomeMessage.Read),
        (MessageType.Ack, AckMessage.Read),
        (MessageType.Receipt, ReceiptMessage.Read),
        (MessageType.Error, ErrorMessage.Read),
        (MessageType.Ping, PingMessage.Read),
        (MessageType.Bye, ByeMessage.Read),
        (MessageType.SpeechStart, SpeechStartMessage.Read),
        (MessageType.SpeechMarks, SpeechMarksMessage.Read),
        (MessageType.SpeechEnd, SpeechEndMessage.Read),
        (MessageType.SpeechStop, SpeechStopMessage.Read),
        (MessageType.Playback, PlaybackMessage.Read),
        (MessageType.Sound, SoundMessage.Read),
        (MessageType.Speaker, SpeakerMessage.Read),
        (MessageType.Voice, VoiceMessage.Read),
        (MessageType.Audience, AudienceMessage.Read),
        (MessageType.UserText, UserTextMessage.Read),
        (MessageType.Mic, MicMessage.Read),
        (MessageType.Vad, VadMessage.Read),
        (MessageType.Cancel, CancelMessage.Read),
        (MessageType.Touch, TouchMessage.Read),
        (MessageType.Ask, AskMessage.Read),
        (MessageType.Answer, AnswerMessage.Read),
        (MessageType.Companion, CompanionMessage.Read),
        (MessageType.Turn, TurnMessage.Read),
        (MessageType.Transcript, TranscriptMessage.Read),
        (MessageType.Duck, DuckMessage.Read),
        (MessageType.Metrics, MetricsMessage.Read),
    ];

    private static readonly FrozenDictionary<string, Func<FieldReader, Message>> ByType =
        All.ToFrozenDictionary(reader => reader.Type, reader => reader.Read, StringComparer.Ordinal);

    /// <summary>What reads messages of a type; null when the type is unknown.</summary>
    public static Func<FieldReader, Message>? Find(string type) => ByType.GetValueOrDefault(type);
}
