using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kotodama.Tests.Rules;

/// <summary>
/// Finds a constant by the name that the documents use: <c>Type.Member</c> in any assembly of the product, or <c>file.ts constant</c> in
/// any folder of the page, so that a document outlives a move.
/// </summary>
internal static class Constants
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        .Select(file => Path.GetFileNameWithoutExtension(file))
        .Where(name => name.StartsWith("kotodama", StringComparison.OrdinalIgnoreCase))
        .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal))
        .SelectMany(name => Assembly.Load(new AssemblyName(name)).GetTypes())
        .ToArray();

    /// <summary>The value as a plain number; a time is in milliseconds. Fails the test unless exactly one thing has this name.</summary>
    public static double ValueOf(string name)
    {
        var parts = name.Split(' ');
        return parts.Length == 2 ? TypeScriptNumber.Of(parts[0], parts[1]) : OfType(name);
    }

    /// <summary>The times that are constants of the product, by type and member.</summary>
    public static IEnumerable<string> Times() =>
        from type in Types
        where !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        from field in type.GetFields(Any)
        where field.IsStatic && field.IsInitOnly && field.FieldType == typeof(TimeSpan)
        select $"{type.Name.Split('`')[0]}.{field.Name}";

    private static double OfType(string name)
    {
        var dot = name.LastIndexOf('.');
        Assert.True(dot > 0, $"{name} is neither Type.Member nor file.ts constant.");
        var (type, member) = (name[..dot], name[(dot + 1)..]);
        const MemberTypes Values = MemberTypes.Field | MemberTypes.Property;
        var found = Types.Where(t => IsCalled(t, type)).SelectMany(t => t.GetMember(member, Values, Any)).ToArray();
        Assert.True(found.Length == 1, $"{found.Length} members are called {name}. Rename it in limits.md, or add the end of a namespace.");
        return Number(found[0] switch
        {
            FieldInfo { IsLiteral: true } constant => constant.GetRawConstantValue(),
            FieldInfo field => field.GetValue(field.IsStatic ? null : Fresh(field)),
            PropertyInfo property => property.GetValue(property.GetMethod!.IsStatic ? null : Fresh(property)),
            var other => throw new NotSupportedException(other.ToString()),
        });
    }

    private static bool IsCalled(Type type, string name)
    {
        var full = '.' + type.FullName!.Replace('+', '.');
        return full.EndsWith('.' + name, StringComparison.Ordinal);
    }

    /// <summary>Options as they are before a setting changes them.</summary>
    private static object? Fresh(MemberInfo member) => Activator.CreateInstance(member.DeclaringType!, nonPublic: true);

    private static double Number(object? value) =>
        value is TimeSpan time ? time.TotalMilliseconds : Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
