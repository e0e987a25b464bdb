using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat;

/// <summary>Tools that a character may switch on by their names.</summary>
internal static class BuiltInTools
{
    /// <summary>The name of the tool that tells the time.</summary>
    public const string CurrentTime = "current_time";

    /// <summary>The tool with a name; null when there is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="time">The clock.</param>
    public static AIFunction? Find(string name, TimeProvider time) => name == CurrentTime
        ? AIFunctionFactory.Create(
            () => time.GetLocalNow().ToString("dddd, yyyy-MM-dd HH:mm:ss zzz"),
            CurrentTime,
            "Tells the current local date, day of the week and time.")
        : null;
}
