using System.Reflection;

namespace Kotodama.Server;

/// <summary>The version of this build.</summary>
public static class KotodamaVersion
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(KotodamaVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
