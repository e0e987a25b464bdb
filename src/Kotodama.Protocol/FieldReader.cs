using System.Text.Json;

namespace Kotodama.Protocol;

/// <summary>
/// Reads the fields of one JSON object. A wrong field does not throw: the first error is kept, the getter returns a harmless value, and
/// the codec looks at <see cref="Error"/> before it hands anything out.
/// </summary>
internal sealed class FieldReader
{
    /// <summary>Entries of a list, or of an object that is read by its names, unless the field has a limit of its own.</summary>
    public const int MostEntries = 1_024;

    private readonly JsonElement _object;
    private readonly FieldChecks _checks;

    public FieldReader(JsonElement json)
    {
        _object = json;
        var id = json.TryGetProperty("id", out var value) && value.ValueKind == JsonValueKind.String ? Decode(value) : null;
        _checks = new FieldChecks(id is not null && FieldChecks.IsId(id) ? id : null);
    }

    private FieldReader(JsonElement json, FieldChecks checks) => (_object, _checks) = (json, checks);

    public ErrorMessage? Error => _checks.Error;

    public void Fail(string code, string message, string hint) => _checks.Fail(code, message, hint);

    public string Text(string field, string hint)
    {
        if (Find(field) is { } value)
            return AsText(field, value) ?? "";
        _checks.Missing(field, hint);
        return "";
    }

    public string Channel() => Text("channel", "Name the channel.");

    public string? OptionalText(string field) => Find(field) is { } value ? AsText(field, value) : null;

    public double Number(string field, double absent) => OptionalNumber(field) ?? absent;

    public double? OptionalNumber(string field)
    {
        if (Find(field) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            WrongType(field, "a number", value);
        else if (value.GetDouble() is var number && double.IsFinite(number))
            return number;
        else
            Fail(ErrorCode.OutOfRange, $"{field} must be a number that is not infinite", "Send a smaller number.");
        return null;
    }

    public long Integer(string field)
    {
        if (Find(field) is not { } value)
        {
            _checks.Missing(field, "Send a whole number.");
            return 0;
        }

        return AsInteger(field, value);
    }

    public long? OptionalInteger(string field) => Find(field) is { } value ? AsInteger(field, value) : null;

    /// <summary>A whole number of things, from zero on.</summary>
    public int Count(string field, int absent) => OptionalCount(field) ?? absent;

    public int? OptionalCount(string field)
    {
        if (OptionalInteger(field) is not { } number)
            return null;
        if (number is >= 0 and <= int.MaxValue)
            return (int)number;
        Fail(ErrorCode.OutOfRange, $"{field} must be 0 to {int.MaxValue}", "Send a whole number.");
        return null;
    }

    /// <summary>The whole numbers of an object within a field, by their names.</summary>
    public Dictionary<string, long>? OptionalIntegersByName(string field) =>
        OptionalObject(field) is { } json && IsWithin(field, json.GetPropertyCount(), MostEntries)
            ? json.EnumerateObject().ToDictionary(p => p.Name, p => AsInteger(field, p.Value), StringComparer.Ordinal)
            : null;

    public bool Flag(string field, bool absent) => OptionalFlag(field) ?? absent;

    public bool? OptionalFlag(string field)
    {
        if (Find(field) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        WrongType(field, "true or false", value);
        return null;
    }

    public T Choice<T>(string field, T absent)
        where T : struct, Enum => OptionalChoice<T>(field) ?? absent;

    /// <summary>One of the values of an enumeration, by its name on the wire.</summary>
    public T? OptionalChoice<T>(string field)
        where T : struct, Enum
    {
        if (OptionalText(field) is not { } text)
            return null;
        foreach (var (name, value) in WireNames<T>.All)
            if (name == text)
                return value;
        var names = string.Join(", ", WireNames<T>.All.Select(choice => choice.Name));
        Fail(ErrorCode.BadValue, $"{field} must be one of {names}{Got(text)}", "Leave it out for the default.");
        return null;
    }

    private static string Got(string word) => FieldChecks.Quote(word) is { Length: > 0 } quoted ? $", got{quoted}" : "";

    public IReadOnlyList<string>? OptionalTexts(string field, int most = MostEntries) =>
        OptionalList(field, "a list of texts", JsonValueKind.String, most, Decode);

    public IReadOnlyList<long>? OptionalIntegers(string field, int most = MostEntries) =>
        OptionalList<long?>(field, "a list of whole numbers", JsonValueKind.Number, most, v => v.TryGetInt64(out var n) ? n : null)
            is { } list
            ? [.. list.OfType<long>()]
            : null;

    public IReadOnlyList<T>? OptionalObjects<T>(string field, Func<FieldReader, T> read, int most = MostEntries)
        where T : class =>
        OptionalList(field, "a list of objects", JsonValueKind.Object, most, item => read(new FieldReader(item, _checks)));

    /// <summary>The objects of an object within a field, by their names.</summary>
    public Dictionary<string, T>? OptionalObjectsByName<T>(string field, Func<FieldReader, T> read)
    {
        if (OptionalObject(field) is not { } json || !IsWithin(field, json.GetPropertyCount(), MostEntries))
            return null;
        var objects = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
                objects[property.Name] = read(new FieldReader(property.Value, _checks));
            else
                WrongType(field, "an object", property.Value);
        }

        return objects;
    }

    /// <summary>A reader for the object in a field, which reports its errors here; null when there is none.</summary>
    public FieldReader? OptionalInner(string field) => OptionalObject(field) is { } json ? new FieldReader(json, _checks) : null;

    /// <summary>Whatever is in a field. It lives on after the message was read.</summary>
    public JsonElement? OptionalValue(string field)
    {
        if (Find(field) is not { } value)
            return null;
        if (IsText(value))
            return value.Clone();
        Fail(ErrorCode.BadValue, $"{field} has half of a surrogate pair", "Send whole Unicode characters.");
        return null;
    }

    /// <summary>Whatever is in an object within a field, by its names. It lives on after the message was read.</summary>
    public Dictionary<string, JsonElement>? OptionalValuesByName(string field) =>
        OptionalObject(field) is { } found && IsWithin(field, found.GetPropertyCount(), MostEntries) && OptionalValue(field) is { } json
            ? json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
            : null;

    /// <summary>Whether all texts within can be written again. The depth of a message is bounded.</summary>
    private static bool IsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Decode(value) is not null,
        JsonValueKind.Array => value.EnumerateArray().All(IsText),
        JsonValueKind.Object => value.EnumerateObject().All(p => IsText(p.Value)),
        _ => true,
    };

    private JsonElement? OptionalObject(string field)
    {
        if (Find(field) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return value;
        WrongType(field, "an object", value);
        return null;
    }

    private List<T>? OptionalList<T>(string field, string expected, JsonValueKind kind, int most, Func<JsonElement, T?> convert)
    {
        if (Find(field) is not { } value)
            return null;
        var list = new List<T>();
        if (value.ValueKind == JsonValueKind.Array)
        {
            // Nothing of a list that is too long is made into objects: what it costs is counted before.
            if (!IsWithin(field, value.GetArrayLength(), most))
                return list;
            foreach (var item in value.EnumerateArray())
            {
                if (item.ValueKind != kind || convert(item) is not { } converted)
                {
                    WrongType(field, expected, item);
                    return list;
                }

                list.Add(converted);
            }

            return list;
        }

        WrongType(field, expected, value);
        return list;
    }

    private bool IsWithin(string field, int entries, int most)
    {
        if (entries <= most)
            return true;
        Fail(ErrorCode.OutOfRange, $"{field} must have at most {most} entries, got {entries}", "Send the rest in another message.");
        return false;
    }

    private long AsInteger(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
            WrongType(field, "a whole number", value);
        else if (value.TryGetInt64(out var number))
            return number;
        else
            Fail(ErrorCode.OutOfRange, $"{field} must be a whole number of at most 64 bits", "Send a whole number.");
        return 0;
    }

    /// <summary>An explicit null means absent: programs that fill a template send it.</summary>
    private JsonElement? Find(string field) =>
        _object.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string? AsText(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            WrongType(field, "a text", value);
            return null;
        }

        if (Decode(value) is { } text)
            return text;
        Fail(ErrorCode.BadValue, $"{field} has half of a surrogate pair", "Send whole Unicode characters.");
        return null;
    }

    private void WrongType(string field, string expected, JsonElement value) =>
        Fail(ErrorCode.WrongType, $"{field} must be {expected}, got {Describe(value.ValueKind)}", $"Send {field} as {expected}.");

    private static string? Decode(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // The only way the framework has to say that an escape such as \ud800 stands alone.
            return null;
        }
    }

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };
}
