namespace Kotodama.Companion;

/// <summary>The names of the engines that hear, in the order in which they are asked by default.</summary>
internal static class RecognizerEngine
{
    public const string OpenAi = "openai";
    public const string FunAsr = "funasr";
    public const string Command = "command";
    public const string PocketSphinx = "pocketsphinx";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [OpenAi, FunAsr, Command, PocketSphinx];
}
