namespace Kotodama.Voice;

/// <summary>The names of the engines, in the order in which they are asked by default.</summary>
internal static class VoiceEngine
{
    public const string OpenAi = "openai";
    public const string GptSoVits = "sovits";
    public const string Edge = "edge";
    public const string Espeak = "espeak";
    public const string Command = "command";
    public const string Browser = "browser";
    public const string Silent = "silent";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [OpenAi, GptSoVits, Edge, Espeak, Command, Browser, Silent];
}
