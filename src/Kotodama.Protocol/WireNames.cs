using System.Reflection;
using System.Text.Json.Serialization;

namespace Kotodama.Protocol;

/// <summary>
/// The values of an enumeration and their names on the wire, in the order of their declaration. The names stand once, as
/// <see cref="JsonStringEnumMemberNameAttribute"/>s, for reading and writing; they are looked up once for each enumeration.
/// </summary>
internal static class WireNames<T>
    where T : struct, Enum
{
    public static (string Name, T Value)[] All { get; } =
    [
        .. typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name, (T)f.GetValue(null)!)),
    ];
}
