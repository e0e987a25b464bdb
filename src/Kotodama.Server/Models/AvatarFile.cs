using System.Text.Json;
using System.Text.Unicode;
using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>What is wrong with <c>avatar.json</c>.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Field">With the fields around it.</param>
/// <param name="Limit">What it must be.</param>
/// <param name="Got">What came; of texts the length only.</param>
internal sealed record AvatarProblem(long Line, string Field, string Limit, string Got)
{
    public override string ToString() => $"line {Line}: {Field} must be {Limit}, got {Got}";
}

/// <summary>
/// <c>avatar.json</c> in a model's folder: what the user decided about the model. All of it is optional and takes the place of what is
/// guessed.
/// <c>docs/protocol/avatar.schema.json</c> says the same to editors; a test compares them.
/// </summary>
internal sealed record AvatarFile
{
    public const string Name = "avatar.json";

    public const int MostBytes = 262_144;

    public const int LongestTitle = 64, LongestCredit = 2_000, LongestName = 512, LongestId = 128, MostEntries = 1_000, MostOfAct = 200;

    /// <summary>Mistakes that are told.</summary>
    public const int MostProblems = 50;

    public const double FarthestPlace = 10, LeastScale = 0.1, MostScale = 10;

    /// <summary>The fields of the file.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "$schema", "model", "title", "credit", "idle", "emotions", "gestures", "touches", "placement", "names", "eyeBlink", "lipSync",
    ];

    /// <summary>The definition to use where there are several.</summary>
    public string? Model { get; private init; }

    public string? Title { get; private init; }

    public string? Credit { get; private init; }

    public IReadOnlyList<string>? Idle { get; private init; }

    /// <summary>By canonical name; null: nothing of the model's own.</summary>
    public IReadOnlyDictionary<string, ModelAct?> Emotions { get; private init; } = Nothing;

    public IReadOnlyDictionary<string, ModelAct?> Gestures { get; private init; } = Nothing;

    public IReadOnlyDictionary<string, ModelAct?> Touches { get; private init; } = Nothing;

    public ModelPlacement? Placement { get; private init; }

    public IReadOnlyDictionary<string, string> ParameterNames { get; private init; } = NoNames;

    public IReadOnlyDictionary<string, string> PartNames { get; private init; } = NoNames;

    public IReadOnlyList<string>? EyeBlink { get; private init; }

    public IReadOnlyList<string>? LipSync { get; private init; }

    private static Dictionary<string, ModelAct?> Nothing { get; } = new(StringComparer.Ordinal);

    private static Dictionary<string, string> NoNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the file; null where anything is wrong with it.</summary>
    public static (AvatarFile? File, IReadOnlyList<AvatarProblem> Problems) Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MostBytes)
            return (null, [new AvatarProblem(1, "the file", $"at most {MostBytes} bytes", $"{utf8.Length}")]);
        if (!Utf8.IsValid(utf8.Span))
            return (null, [new AvatarProblem(1, "the file", "UTF-8", "another encoding")]);
        if (LooseJson.Read(utf8, out var json, out _) is { } broken)
            return (null, [new AvatarProblem(Math.Max(1, broken.Line), "the file", "a JSON object", broken.Problem)]);
        var reader = new AvatarReader(utf8);
        var file = reader.Read(json);
        return reader.Problems.Count == 0 ? (file, []) : (null, reader.Problems);
    }

    private sealed class AvatarReader(ReadOnlyMemory<byte> utf8)
    {
        public List<AvatarProblem> Problems { get; } = [];

        public AvatarFile Read(JsonElement json)
        {
            foreach (var field in json.EnumerateObject())
                if (LooseJson.NameOf(field) is var name && (name is null || !Fields.Contains(name, StringComparer.Ordinal)))
                    Fail(Shown(name), $"one of {string.Join(", ", Fields)}", "another field");
            var names = json.Get("names");
            if (names is { ValueKind: not JsonValueKind.Object })
                Fail("names", "an object with parameters and parts", Got(names.Value));
            return new AvatarFile
            {
                Model = Word(json, "model", LongestName),
                Title = Word(json, "title", LongestTitle),
                Credit = Word(json, "credit", LongestCredit),
                Idle = Words(json, "idle", LongestName),
                Emotions = Acts(json, "emotions", name => EmotionNames.Known.GetValueOrDefault(name.Trim()), EmotionNames.All),
                Gestures = Acts(json, "gestures", name => name, null),
                Touches = Acts(json, "touches", name => name, null),
                Placement = PlacementOf(json),
                ParameterNames = Names(names ?? default, "parameters"),
                PartNames = Names(names ?? default, "parts"),
                EyeBlink = Words(json, "eyeBlink", LongestId),
                LipSync = Words(json, "lipSync", LongestId),
            };
        }

        private string? Word(JsonElement json, string field, int most) =>
            json.Get(field) is { } value ? Checked(value, field, most) : null;

        private string? Checked(JsonElement value, string path, int most)
        {
            var limit = $"a text of 1 to {most} characters without control characters";
            if (value.ValueKind != JsonValueKind.String)
                return Fail<string>(path, limit, Got(value));
            var length = LooseJson.LengthOf(value);
            if (length is null or 0 || length > most)
                return Fail<string>(path, limit, length is null ? "half a surrogate pair" : $"{length} characters");
            var text = value.GetString()!;
            if (string.IsNullOrWhiteSpace(text))
                return Fail<string>(path, limit, "spaces only");
            return text.Any(c => char.IsControl(c) && c is not '\n') ? Fail<string>(path, limit, "a control character") : text;
        }

        private List<string>? Words(JsonElement json, string field, int most, string? within = null)
        {
            var path = within is null ? field : $"{within}.{field}";
            if (json.Get(field) is not { } value)
                return null;
            if (value.ValueKind != JsonValueKind.Array)
                return Fail<List<string>>(path, "a list of texts", Got(value));
            if (value.GetArrayLength() is > MostOfAct and var length)
                return Fail<List<string>>(path, $"a list of at most {MostOfAct} texts", $"{length}");
            return [.. value.EnumerateArray().Select((word, i) => Checked(word, $"{path}[{i}]", most)).OfType<string>()];
        }

        private Dictionary<string, ModelAct?> Acts(
            JsonElement json, string field, Func<string, string?> canonical, IReadOnlyList<string>? choices)
        {
            var acts = new Dictionary<string, ModelAct?>(StringComparer.Ordinal);
            foreach (var (name, value) in Entries(json, field))
            {
                if (canonical(name) is { } key && name.Trim().Length is > 0 and <= LongestTitle)
                    acts[key] = value.ValueKind == JsonValueKind.Null ? null : Act(value, $"{field}.{key}");
                else if (choices is null)
                    Fail(field, $"an object with names of 1 to {LongestTitle} characters", $"{name.Length} characters");
                else
                    Fail(field, $"an object with names of {string.Join(", ", choices)}", "another name");
            }

            return acts;
        }

        private ModelAct? Act(JsonElement value, string path)
        {
            const string Limit = "an object with expressions, motion or parameters";
            if (value.ValueKind != JsonValueKind.Object)
                return Fail<ModelAct>(path, Limit + ", or null", Got(value));
            foreach (var field in value.EnumerateObject())
                if (LooseJson.NameOf(field) is not ("expressions" or "motion" or "parameters"))
                    Fail(path, Limit, "another field");
            var motion = value.Get("motion");
            Dictionary<string, double>? parameters = null;
            foreach (var (id, number) in Entries(value, "parameters", path))
            {
                var isNumber = number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var it) && double.IsFinite(it);
                if (id.Length is 0 or > LongestId)
                    Fail($"{path}.parameters", $"an object with ids of 1 to {LongestId} characters", $"{id.Length} characters");
                else if (isNumber)
                    (parameters ??= new(StringComparer.Ordinal))[id] = number.GetDouble();
                else
                    Fail($"{path}.parameters.{Shown(id)}", "a finite number", Got(number));
            }

            return new ModelAct
            {
                Expressions = Words(value, "expressions", LongestName, path),
                Motion = motion is { } text ? Checked(text, $"{path}.motion", LongestName) : null,
                Parameters = parameters,
            };
        }

        private ModelPlacement? PlacementOf(JsonElement json)
        {
            if (json.Get("placement") is not { } place)
                return null;
            if (place.ValueKind != JsonValueKind.Object)
                return Fail<ModelPlacement>("placement", "an object with x, y and scale", Got(place));
            foreach (var field in place.EnumerateObject())
                if (LooseJson.NameOf(field) is not ("x" or "y" or "scale"))
                    Fail("placement", "an object with x, y and scale", "another field");
            return new ModelPlacement(
                Number(place, "x", -FarthestPlace, FarthestPlace, 0),
                Number(place, "y", -FarthestPlace, FarthestPlace, 0),
                Number(place, "scale", LeastScale, MostScale, 1));
        }

        private double Number(JsonElement json, string field, double least, double most, double usual)
        {
            if (json.Get(field) is not { } value)
                return usual;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
                return number;
            Fail($"placement.{field}", $"a number from {least} to {most}", Got(value));
            return usual;
        }

        private Dictionary<string, string> Names(JsonElement json, string field)
        {
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (id, value) in Entries(json, field, "names"))
                if (Checked(value, $"names.{field}.{Shown(id)}", LongestTitle) is { } name)
                    names[id] = name;
            return names;
        }

        private List<(string Name, JsonElement Value)> Entries(JsonElement json, string field, string? within = null)
        {
            var path = within is null ? field : $"{within}.{field}";
            if (json.Get(field) is not { } value)
                return [];
            var entries = new List<(string, JsonElement)>();
            if (value.ValueKind != JsonValueKind.Object)
            {
                Fail(path, "an object", Got(value));
                return entries;
            }

            foreach (var property in value.EnumerateObject())
            {
                if (entries.Count == MostEntries)
                {
                    Fail(path, $"an object with at most {MostEntries} names", "more");
                    break;
                }

                if (LooseJson.NameOf(property) is { } name)
                    entries.Add((name, property.Value));
                else
                    Fail(path, "an object with names in UTF-8", "half a surrogate pair");
            }

            return entries;
        }

        /// <summary>A field's name is shown where it is short; a long one may be anything.</summary>
        private static string Shown(string? name) =>
            name is { Length: > 0 and <= LongestTitle } && !name.Any(char.IsControl) ? name : "a field";

        private static string Got(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => "a text",
            JsonValueKind.Number when value.GetRawText() is { Length: <= 24 } number => number,
            JsonValueKind.Number => "a number",
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        };

        private T? Fail<T>(string path, string limit, string got)
            where T : class
        {
            Fail(path, limit, got);
            return null;
        }

        // Each looks for its line from the beginning of the file.
        private void Fail(string path, string limit, string got)
        {
            if (Problems.Count < MostProblems)
                Problems.Add(new AvatarProblem(Line(path), path, limit, got));
        }

        /// <summary>The line of a field, or of the nearest one around it that is found.</summary>
        private long Line(string path)
        {
            var steps = path.Split('[')[0].Split('.');
            var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
            var bytes = utf8.Span.StartsWith("\uFEFF"u8) ? utf8.Span[3..] : utf8.Span;
            var json = new Utf8JsonReader(bytes, options);
            var (line, found) = (1L, 0);
            while (found < steps.Length && json.Read())
            {
                if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == found + 1 && json.ValueTextEquals(steps[found]))
                {
                    line = bytes[..(int)json.TokenStartIndex].Count((byte)'\n') + 1;
                    found++;
                }
                else if (json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == found)
                {
                    break;
                }
            }

            return line;
        }
    }
}
