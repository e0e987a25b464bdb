namespace Kotodama.Voice.Text;

/// <summary>What marks do to speech.</summary>
internal static class Punctuation
{
    /// <summary>Ends a sentence.</summary>
    public static bool IsHard(char c) => c is '.' or '!' or '?' || IsDenseHard(c);

    /// <summary>Ends a sentence whatever follows.</summary>
    public static bool IsDenseHard(char c) => c is '。' or '！' or '？' or '｡' or '．' or '…' or '؟' or '।';

    /// <summary>A short pause.</summary>
    public static bool IsSoft(char c) => c is ',' or ';' or ':' || IsDenseSoft(c);

    /// <summary>A short pause whatever follows.</summary>
    public static bool IsDenseSoft(char c) => c is '，' or '、' or '；' or '：' or '—' or '､' or '،' or '؛';

    /// <summary>Belongs to what comes after it.</summary>
    public static bool IsOpening(char c) =>
        c is '(' or '[' or '（' or '「' or '『' or '“' or '‘' or '《' or '〈' or '【' or '〔' or '«' or '¿' or '¡';

    /// <summary>Belongs to what came before it. The straight quotes are both.</summary>
    public static bool IsClosing(char c) =>
        c is ')' or ']' or '）' or '」' or '』' or '”' or '’' or '》' or '〉' or '】' or '〕' or '»' or '"' or '\'';
}
