using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kotodama.Protocol;

/// <summary>
/// How messages are written: camelCase, nothing for null, text in plain UTF-8 instead of escapes (a third of the bytes for Chinese).
/// </summary>
[JsonSerializable(typeof(LlmResponseMessage))]
[JsonSerializable(typeof(LlmDeltaMessage))]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(ExpressionMessage))]
[JsonSerializable(typeof(MotionMessage))]
[JsonSerializable(typeof(EncMessage))]
[JsonSerializable(typeof(StopMessage))]
[JsonSerializable(typeof(AvatarMessage))]
[JsonSerializable(typeof(LlmAbortMessage))]
[JsonSerializable(typeof(GapMessage))]
[JsonSerializable(typeof(ResumeMessage))]
[JsonSerializable(typeof(HelloMessage))]
[JsonSerializable(typeof(WelcomeMessage))]
[JsonSerializable(typeof(AckMessage))]
[JsonSerializable(typeof(ReceiptMessage))]
[JsonSerializable(typeof(ErrorMessage))]
[JsonSerializable(typeof(PingMessage))]
[JsonSerializable(typeof(ByeMessage))]
[JsonSerializable(typeof(SpeechStartMessage))]
[JsonSerializable(typeof(SpeechMarksMessage))]
[JsonSerializable(typeof(SpeechEndMessage))]
[JsonSerializable(typeof(SpeechStopMessage))]
[JsonSerializable(typeof(PlaybackMessage))]
[JsonSerializable(typeof(SoundMessage))]
[JsonSerializable(typeof(SpeakerMessage))]
[JsonSerializable(typeof(VoiceMessage))]
[JsonSerializable(typeof(AudienceMessage))]
[JsonSerializable(typeof(UserTextMessage))]
[JsonSerializable(typeof(MicMessage))]
[JsonSerializable(typeof(VadMessage))]
[JsonSerializable(typeof(CancelMessage))]
[JsonSerializable(typeof(TouchMessage))]
[JsonSerializable(typeof(AskMessage))]
[JsonSerializable(typeof(AnswerMessage))]
[JsonSerializable(typeof(CompanionMessage))]
[JsonSerializable(typeof(TurnMessage))]
[JsonSerializable(typeof(TranscriptMessage))]
[JsonSerializable(typeof(DuckMessage))]
[JsonSerializable(typeof(MetricsMessage))]
internal sealed partial class WireJson : JsonSerializerContext
{
    public static WireJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // Pages set text as text and never as markup, so the relaxed encoder is safe here.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
