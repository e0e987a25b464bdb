using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Binds settings, and names the first one that cannot be read: its key, what it must be, and what it is. The framework's own exception
/// says it in terms of its types, in a text that changes with its releases.
/// </summary>
public static class KotodamaConfigurationExtensions
{
    private static readonly Dictionary<Type, string> Expected = new()
    {
        [typeof(bool)] = "true or false",
        [typeof(TimeSpan)] = "a time such as 00:00:05",
        [typeof(Uri)] = "an address such as http://127.0.0.1:8080/",
        [typeof(float)] = "a number",
        [typeof(double)] = "a number",
    };

    /// <summary>Binds a section to a settings object. What the section does not name stays as it is.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="section">The section, in full.</param>
    /// <param name="settings">The object.</param>
    /// <exception cref="OptionsValidationException">
    /// A value does not fit its setting; the message is one sentence that names both.
    /// </exception>
    public static void BindKotodama(this IConfiguration configuration, string section, object settings)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(settings);
        var values = configuration.GetSection(section);
        if (Unreadable(values, settings.GetType()) is { } problem)
            throw new OptionsValidationException(section, settings.GetType(), [problem]);
        values.Bind(settings);
    }

    private static string? Unreadable(IConfigurationSection section, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return null;
        if (TypeDescriptor.GetConverter(type) is { } converter && converter.CanConvertFrom(typeof(string)))
            return string.IsNullOrEmpty(section.Value) || Fits(converter, section.Value) ? null : Sentence(section, type);
        if (ElementOf(type) is { } element)
            return section.GetChildren().Select(child => Unreadable(child, element)).FirstOrDefault(problem => problem is not null);
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => property.SetMethod?.IsPublic == true || !property.PropertyType.IsValueType)
            .Select(property => (Values: section.GetSection(property.Name), property.PropertyType))
            .Where(property => property.Values.Exists())
            .Select(property => Unreadable(property.Values, property.PropertyType))
            .FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What a list or a dictionary holds; null: it is neither.</summary>
    private static Type? ElementOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        var interfaces = type.GetInterfaces().Append(type).Where(i => i.IsGenericType).ToArray();
        return Argument(typeof(IDictionary<,>), 1) ?? Argument(typeof(IReadOnlyDictionary<,>), 1) ?? Argument(typeof(IEnumerable<>), 0);

        Type? Argument(Type definition, int index) =>
            Array.Find(interfaces, i => i.GetGenericTypeDefinition() == definition)?.GetGenericArguments()[index];
    }

    private static bool Fits(TypeConverter converter, string value)
    {
        try
        {
            converter.ConvertFromInvariantString(value);
            return true;
        }
#pragma warning disable CA1031 // Converters of numbers wrap the cause in an exception that has no type of its own.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static string Sentence(IConfigurationSection section, Type type)
    {
        var expected = type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
            : Expected.GetValueOrDefault(type) ?? (type.IsPrimitive ? "a whole number" : $"a {type.Name}");
        return $"The setting {section.Path} cannot be \"{section.Value}\": it must be {expected}. See docs/operating.md for what it takes.";
    }
}
