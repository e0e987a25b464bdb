using System.Collections.Frozen;
using Kotodama.Protocol;

namespace Kotodama.Server.Access;

/// <summary>
/// Who may do what: the one table of the hub. <c>docs/reference/access.md</c> shows it, and a test holds both together. What is in no
/// row needs <see cref="Right.Manage"/>.
/// </summary>
internal static class Rights
{
    /// <summary>A page of another origin that may connect: shows the character and makes it speak, and learns nothing of users.</summary>
    public const Right OtherPage = Right.See | Right.Publish;

    private static readonly FrozenDictionary<string, Right> Messages = new (Right Right, string[] Types)[]
    {
        (Right.See,
        [
            MessageType.Hello, MessageType.Ack, MessageType.Resume, MessageType.Sound, MessageType.Playback, MessageType.Ping,
        ]),
        (Right.Talk,
        [
            MessageType.UserText, MessageType.Mic, MessageType.Vad, MessageType.Cancel, MessageType.Touch, MessageType.Ask,
        ]),
        (Right.Publish,
        [
            MessageType.LlmResponse, MessageType.LlmDelta, MessageType.LlmAbort, MessageType.Status, MessageType.Expression,
            MessageType.Motion, MessageType.Stop, MessageType.Avatar,
        ]),
        (Right.Speak,
        [
            MessageType.SpeechStart, MessageType.SpeechMarks, MessageType.SpeechEnd, MessageType.SpeechStop,
        ]),
        (Right.Answer,
        [
            MessageType.Companion, MessageType.Turn, MessageType.Transcript, MessageType.Duck, MessageType.Metrics, MessageType.Answer,
        ]),
        (Right.See,
        [
            // Only the hub sends these; a client that does is told so, whatever else it may do.
            MessageType.Welcome, MessageType.Receipt, MessageType.Error, MessageType.Bye, MessageType.Gap, MessageType.Speaker,
            MessageType.Voice, MessageType.Audience,
        ]),
    }.SelectMany(row => row.Types.Select(type => (type, row.Right))).ToFrozenDictionary(e => e.type, e => e.Right, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Right> Questions = new Dictionary<string, Right>
    {
        [AskName.Characters] = Right.Talk,
        [AskName.Rest] = Right.Talk,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (Right Read, Right Change)> Paths = new Dictionary<string, (Right, Right)>
    {
        ["/"] = (Right.None, Right.Manage),
        ["/{**path}"] = (Right.None, Right.Manage),
        ["/demo/demo.html"] = (Right.None, Right.Manage),
        ["/demo/{**path}"] = (Right.None, Right.Manage),
        ["/embed.js"] = (Right.None, Right.Manage),
        ["/embed/{**path}"] = (Right.None, Right.Manage),
        ["/healthz"] = (Right.None, Right.Manage),
        ["/api/session"] = (Right.None, Right.None),
        ["/ws"] = (Right.See, Right.Manage),
        ["/api/messages"] = (Right.Manage, Right.Publish),
        ["/api/speak"] = (Right.Manage, Right.Publish),
        ["/api/messages/{id}"] = (Right.See, Right.Manage),
        ["/api/status"] = (Right.See, Right.Manage),
        ["/api/history"] = (Right.Look, Right.Manage),
        ["/metrics"] = (Right.Look, Right.Manage),
        ["/api/models"] = (Right.See, Right.Manage),
        ["/api/models/{name}"] = (Right.See, Right.Manage),
        ["/api/models/{name}/avatar.json"] = (Right.See, Right.Manage),
        ["/api/models/{name}/check"] = (Right.Look, Right.Manage),
        ["/models/{name}/{**file}"] = (Right.See, Right.Manage),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a role may do.</summary>
    public static Right Of(AccessRole role) => role switch
    {
        AccessRole.Viewer => Right.See | Right.Look,
        AccessRole.Talker => Of(AccessRole.Viewer) | Right.Talk,
        AccessRole.Publisher => Of(AccessRole.Talker) | Right.Publish,
        AccessRole.Voice => Of(AccessRole.Publisher) | Right.Speak,
        AccessRole.Companion => Of(AccessRole.Publisher) | Right.Answer,
        AccessRole.Admin => Right.All,
        _ => Right.None,
    };

    /// <summary>What it takes to say hello with a role.</summary>
    public static Right ForRole(PeerRole role) => role switch
    {
        PeerRole.Viewer => Right.See,
        PeerRole.Publisher => Right.Publish,
        PeerRole.Voice => Right.Speak,
        PeerRole.Companion => Right.Answer,
        _ => Right.Manage,
    };

    /// <summary>What it takes to send a message.</summary>
    /// <param name="message">The message; a sound counts by its kind.</param>
    public static Right For(Message message) => message switch
    {
        AskMessage ask => Right.Talk | ForQuestion(ask.Name),
        HelloMessage hello => ForRole(hello.Role),
        AudioMessage { Kind: AudioKind.Microphone } => Right.Talk,
        AudioMessage => Right.Publish,
        _ => ForType(message.Type),
    };

    /// <summary>What it takes to send a message of a type.</summary>
    public static Right ForType(string type) => Messages.GetValueOrDefault(type, Right.Manage);

    /// <summary>What it takes to ask a question; those that a companion of another program knows included.</summary>
    public static Right ForQuestion(string name) => Questions.GetValueOrDefault(name, Right.Manage);

    /// <summary>What it takes to use an address of the hub.</summary>
    /// <param name="pattern">The address as it is mapped.</param>
    /// <param name="isReading">Whether it is only read from.</param>
    public static Right ForPath(string pattern, bool isReading)
    {
        var (read, change) = Paths.GetValueOrDefault(pattern, (Right.Manage, Right.Manage));
        return isReading ? read : change;
    }
}
