using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kotodama.Protocol;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>The summaries of the protocol's documentation file, as plain text with names in back quotes.</summary>
internal sealed partial class Documentation
{
    private readonly Dictionary<string, XElement> _members =
        XDocument.Load(Path.ChangeExtension(typeof(Message).Assembly.Location, ".xml")).Descendants("member")
            .ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);

    public string Of(Type type) => Plain(_members[$"T:{type.FullName}"].Element("summary")!);

    public string Of(PropertyInfo property)
    {
        var type = property.DeclaringType!.FullName;
        return _members.TryGetValue($"P:{type}.{property.Name}", out var member)
            ? Plain(member.Element("summary")!)
            : Plain(_members[$"T:{type}"].Elements("param").Single(p => p.Attribute("name")!.Value == property.Name));
    }

    private static string Plain(XElement text) => Space().Replace(string.Concat(text.Nodes().Select(Plain)), " ").Trim();

    private static string Plain(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see => $"`{NameOf(see.Attribute("cref")!.Value)}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element => element.Value,
        _ => node.ToString(),
    };

    /// <summary>What a program that reads JSON would call it.</summary>
    private static string NameOf(string reference)
    {
        var parts = reference.Split('(')[0].Split('.');
        var name = parts[^1];
        if (reference[0] == 'F')
            return ValueOf(typeof(Message).Assembly.GetType(string.Join('.', parts[..^1])[2..])!.GetField(name)!);
        if (name.EndsWith("Message", StringComparison.Ordinal))
            name = name[..^"Message".Length];
        return reference[0] == 'P' ? char.ToLowerInvariant(name[0]) + name[1..] : name;
    }

    /// <summary>A constant is known by its value, a value of an enumeration by its name on the wire.</summary>
    private static string ValueOf(FieldInfo field) =>
        field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? Convert.ToString(field.GetValue(null), CultureInfo.InvariantCulture)!;

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
