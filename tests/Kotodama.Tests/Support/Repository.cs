using System.Reflection;

namespace Kotodama.Tests.Support;

/// <summary>Files of the repository that the tests look at.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!);

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The built command line program that belongs to this test run.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "kotodama.dll");
}
