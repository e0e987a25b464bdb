using Kotodama.Companion.Characters;
using Kotodama.Companion.Conversations;
using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>Turns commands of the conversation into messages for the hub.</summary>
internal static class CommandMessages
{
    /// <summary>How long the character's face shows the emotion that the user sounds like.</summary>
    private static readonly TimeSpan MirrorTime = TimeSpan.FromSeconds(3);

    /// <summary>The message of a command; null: the command is not for the hub.</summary>
    public static Message? Of(ConversationCommand command, string channel, Character character)
    {
        switch (command)
        {
            case ConversationCommand.Say(var reply, var part, var text, var emotion):
                return new LlmDeltaMessage
                {
                    Id = reply,
                    Channel = channel,
                    Part = part,
                    Content = text,
                    Emotion = emotion,
                    Voice = part == 0 ? character.Voice : null,
                    Receipt = ReceiptLevel.None,
                };
            case ConversationCommand.Close(var reply, var text, var emotions):
                return new LlmResponseMessage
                {
                    Id = reply,
                    Channel = channel,
                    Content = text,
                    Emotions = emotions.Count > 0 ? emotions : null,
                    Voice = character.Voice,
                    Receipt = ReceiptLevel.Spoken,
                };
            case ConversationCommand.StopSpeech:
                return new StopMessage { Channel = channel, What = StopTarget.Speech, Receipt = ReceiptLevel.None };
            case ConversationCommand.Duck(var gain):
                return new DuckMessage { Channel = channel, Gain = gain };
            case ConversationCommand.Show(var exchange, var state, var reason, var tool):
                return new TurnMessage { Channel = channel, Turn = exchange, State = state, Reason = reason, Tool = tool };
            case ConversationCommand.ShowTranscript(var exchange, var text, var final):
                return new TranscriptMessage { Channel = channel, Turn = exchange, Content = text, Final = final };
            case ConversationCommand.ShowMarks(var exchange, var marks):
                return new MetricsMessage { Channel = channel, Turn = exchange, Marks = marks };
            case ConversationCommand.Mirror(var emotion):
                return new ExpressionMessage
                {
                    Channel = channel,
                    Name = emotion,
                    Duration = MirrorTime.TotalMilliseconds,
                    Ttl = 0,
                    Receipt = ReceiptLevel.None,
                };
            default:
                return null;
        }
    }
}
