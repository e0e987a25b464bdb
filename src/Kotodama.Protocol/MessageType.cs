namespace Kotodama.Protocol;

/// <summary>The wire names of the messages.</summary>
public static class MessageType
{
    /// <summary><see cref="LlmResponseMessage"/></summary>
    public const string LlmResponse = "llm_response";

    /// <summary><see cref="LlmDeltaMessage"/></summary>
    public const string LlmDelta = "llm_delta";

    /// <summary><see cref="StatusMessage"/></summary>
    public const string Status = "status";

    /// <summary><see cref="ExpressionMessage"/></summary>
    public const string Expression = "expression";

    /// <summary><see cref="MotionMessage"/></summary>
    public const string Motion = "motion";

    /// <summary><see cref="EncMessage"/></summary>
    public const string Enc = "enc";

    /// <summary><see cref="StopMessage"/></summary>
    public const string Stop = "stop";

    /// <summary><see cref="AvatarMessage"/></summary>
    public const string Avatar = "avatar";

    /// <summary><see cref="LlmAbortMessage"/></summary>
    public const string LlmAbort = "llm_abort";

    /// <summary><see cref="GapMessage"/></summary>
    public const string Gap = "gap";

    /// <summary><see cref="ResumeMessage"/></summary>
    public const string Resume = "resume";

    /// <summary><see cref="HelloMessage"/></summary>
    public const string Hello = "hello";

    /// <summary><see cref="WelcomeMessage"/></summary>
    public const string Welcome = "welcome";

    /// <summary><see cref="AckMessage"/></summary>
    public const string Ack = "ack";

    /// <summary><see cref="ReceiptMessage"/></summary>
    public const string Receipt = "receipt";

    /// <summary><see cref="ErrorMessage"/></summary>
    public const string Error = "error";

    /// <summary><see cref="PingMessage"/></summary>
    public const string Ping = "ping";

    /// <summary><see cref="ByeMessage"/></summary>
    public const string Bye = "bye";

    /// <summary><see cref="SpeechStartMessage"/></summary>
    public const string SpeechStart = "speech_start";

    /// <summary><see cref="SpeechMarksMessage"/></summary>
    public const string SpeechMarks = "marks";

    /// <summary><see cref="SpeechEndMessage"/></summary>
    public const string SpeechEnd = "speech_end";

    /// <summary><see cref="SpeechStopMessage"/></summary>
    public const string SpeechStop = "speech_stop";

    /// <summary><see cref="PlaybackMessage"/></summary>
    public const string Playback = "playback";

    /// <summary><see cref="SoundMessage"/></summary>
    public const string Sound = "sound";

    /// <summary><see cref="SpeakerMessage"/></summary>
    public const string Speaker = "speaker";

    /// <summary><see cref="VoiceMessage"/></summary>
    public const string Voice = "voice";

    /// <summary><see cref="AudienceMessage"/></summary>
    public const string Audience = "audience";

    /// <summary><see cref="UserTextMessage"/></summary>
    public const string UserText = "user_text";

    /// <summary><see cref="MicMessage"/></summary>
    public const string Mic = "mic";

    /// <summary><see cref="VadMessage"/></summary>
    public const string Vad = "vad";

    /// <summary><see cref="CancelMessage"/></summary>
    public const string Cancel = "cancel";

    /// <summary><see cref="TouchMessage"/></summary>
    public const string Touch = "touch";

    /// <summary><see cref="AskMessage"/></summary>
    public const string Ask = "ask";

    /// <summary><see cref="AnswerMessage"/></summary>
    public const string Answer = "answer";

    /// <summary><see cref="CompanionMessage"/></summary>
    public const string Companion = "companion";

    /// <summary><see cref="TurnMessage"/></summary>
    public const string Turn = "turn";

    /// <summary><see cref="TranscriptMessage"/></summary>
    public const string Transcript = "transcript";

    /// <summary><see cref="DuckMessage"/></summary>
    public const string Duck = "duck";

    /// <summary><see cref="MetricsMessage"/></summary>
    public const string Metrics = "metrics";

    /// <summary><see cref="AudioMessage"/>; binary on the wire.</summary>
    public const string Audio = "audio";
}
