using System.Text.Json;
using System.Text.RegularExpressions;
using Kotodama.Companion.Text;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Characters;

/// <summary>
/// Reads one <c>character.json</c>. <c>characters/character.schema.json</c> says the same to editors; a test compares them.
/// </summary>
internal sealed partial class CharacterReader
{
    public const int MostBytes = 262_144;

    private const int
        MostName = 64, MostDescription = 300, MostPrompt = 32_768, MostGreeting = 2_000, MostIdlePrompt = 4_000, MostWord = 200,
        MostPhrase = 64, MostList = 200;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    private readonly string _file;
    private readonly ReadOnlyMemory<byte> _utf8;
    private readonly List<CharacterProblem> _problems = [];

    private CharacterReader(string file, ReadOnlyMemory<byte> utf8) => (_file, _utf8) = (file, utf8);

    /// <summary>The fields of a character.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "$schema", "name", "description", "language", "prompt", "greeting", "greetings", "voice", "model", "avatar", "look", "emotions",
        "phrases", "tools", "temperature", "idle", "touch",
    ];

    public static bool IsId(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    /// <summary>Reads a character. Null when there is a problem that it cannot do without.</summary>
    public static (Character? Character, IReadOnlyList<CharacterProblem> Problems) Read(string id, string file, ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        var reader = new CharacterReader(file, utf8);
        try
        {
            using var json = JsonDocument.Parse(utf8, Options);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                reader.Fail(null, "must be an object: { \"name\": …, \"prompt\": … }");
            else if (reader.Character(id, json.RootElement) is var character && reader._problems.TrueForAll(p => p.Loaded))
                return (character, reader._problems);
        }
        catch (JsonException e)
        {
            var problem = $"is not JSON: {Place().Replace(e.Message, "").TrimEnd(' ', '.')}";
            reader._problems.Add(new CharacterProblem(file, e.LineNumber + 1, null, problem, Loaded: false));
        }
        catch (InvalidOperationException)
        {
            reader.Fail(null, "holds a text that is not valid UTF-8, or half a surrogate");
        }

        return (null, reader._problems);
    }

    private Character Character(string id, JsonElement json)
    {
        foreach (var field in json.EnumerateObject().Where(f => !Fields.Contains(f.Name, StringComparer.Ordinal)))
            PassOver(field.Name.Length > MostName ? null : field.Name, field.Name);
        return new Character
        {
            Id = id,
            Name = LocalText(json, "name", MostName, required: true)!,
            Description = LocalText(json, "description", MostDescription),
            Language = Language(json),
            Prompt = LocalText(json, "prompt", MostPrompt, required: true)!,
            Greeting = LocalText(json, "greeting", MostGreeting),
            Greetings = Greetings(json),
            Voice = Word(json, "voice", MostName),
            Model = Word(json, "model", MostWord),
            Avatar = Avatar(json),
            Look = Look(json),
            Emotions = Words(json, "emotions", EmotionTag.MostName, IsNameOfTag) ?? EmotionNames.All,
            Phrases = Words(json, "phrases", MostPhrase) ?? [],
            Tools = Words(json, "tools", MostWord),
            Temperature = Number(json, "temperature", 0, 2),
            Idle = Idle(json),
            Touch = Touch(json),
        };
    }

    private CharacterIdle? Idle(JsonElement json)
    {
        if (Find(json, "idle") is not { } idle)
            return null;
        if (idle.ValueKind != JsonValueKind.Object)
            return Fail<CharacterIdle>("idle", "must be an object with afterSeconds and prompt");
        foreach (var field in idle.EnumerateObject().Where(f => f.Name is not ("afterSeconds" or "prompt")))
            PassOver(field.Name.Length > MostName ? "idle" : $"idle.{field.Name}", "idle", field.Name);
        var after = Number(idle, "afterSeconds", 10, 86_400, "idle");
        if (Find(idle, "afterSeconds") is null)
            Fail("idle.afterSeconds", "is missing");
        var prompt = LocalText(idle, "prompt", MostIdlePrompt, required: true, within: "idle");
        return prompt is not null && after is { } seconds ? new CharacterIdle(TimeSpan.FromSeconds(seconds), prompt) : null;
    }

    private LocalText? LocalText(JsonElement json, string field, int most, bool required = false, string? within = null)
    {
        var path = within is null ? field : $"{within}.{field}";
        if (Find(json, field) is not { } value)
            return required ? Fail<LocalText>(path, "is missing") : null;
        if (value.ValueKind != JsonValueKind.Object)
            return Text(value, path, most) is { } one ? new LocalText(one) : null;
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var property in value.EnumerateObject())
        {
            if (!LanguageTag().IsMatch(property.Name))
                return Fail<LocalText>(path, "must have language tags such as en, zh or ja as names");
            if (Text(property.Value, $"{path}.{property.Name}", most) is { } text)
                texts.Add(KeyValuePair.Create(property.Name, text));
        }

        if (texts.Count > 0)
            return new LocalText(texts);
        var isToldAlready = _problems.Exists(p => p.Field?.StartsWith(path, StringComparison.Ordinal) == true);
        return isToldAlready ? null : Fail<LocalText>(path, "must have at least one language");
    }

    /// <summary>A text, or the lines of one: JSON has no strings of several lines.</summary>
    private string? Text(JsonElement value, string path, int most)
    {
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(l => l.ValueKind == JsonValueKind.String))
            return Checked(string.Join('\n', value.EnumerateArray().Select(l => l.GetString())), path, most, lines: true);
        return value.ValueKind == JsonValueKind.String
            ? Checked(value.GetString()!, path, most, lines: true)
            : Fail<string>(path, "must be a text, a list of lines, or an object with a text for each language");
    }

    private string? Language(JsonElement json)
    {
        var language = Word(json, "language", MostWord);
        return language is null || LanguageTag().IsMatch(language)
            ? language
            : Fail<string>("language", "must be a language tag such as en or zh-TW");
    }

    private string? Word(JsonElement json, string field, int most)
    {
        if (Find(json, field) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? Checked(value.GetString()!, field, most, lines: false)
            : Fail<string>(field, "must be a text");
    }

    private List<string>? Words(JsonElement json, string field, int most, Func<string, bool>? isGood = null)
    {
        if (Find(json, field) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(w => w.ValueKind != JsonValueKind.String))
            return Fail<List<string>>(field, "must be a list of texts");
        if (value.GetArrayLength() > MostList)
            return Fail<List<string>>(field, $"must have at most {MostList} entries, has {value.GetArrayLength()}");
        var words = value.EnumerateArray()
            .Select(w => Checked(w.GetString()!, field, most, lines: false)?.Trim())
            .OfType<string>()
            .ToList();
        return isGood is null || words.TrueForAll(w => isGood(w)) ? words : Fail<List<string>>(field, "must be names without brackets");
    }

    private double? Number(JsonElement json, string field, double least, double most, string? within = null)
    {
        var path = within is null ? field : $"{within}.{field}";
        if (Find(json, field) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
            return number;
        Fail(path, $"must be a number from {least} to {most}");
        return null;
    }

    private string? Checked(string text, string path, int most, bool lines)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Fail<string>(path, "must not be empty");
        if (text.Length > most)
            return Fail<string>(path, $"must have at most {most} characters, has {text.Length}");
        var hasControls = text.Any(c => char.IsControl(c) && !(lines && c is '\n' or '\r' or '\t'));
        return hasControls ? Fail<string>(path, "must have no control characters") : text;
    }

    private static bool IsNameOfTag(string name) => name.All(c => !EmotionTag.IsOpening(c) && !EmotionTag.IsClosing(c) && c != '<');

    private static JsonElement? Find(JsonElement json, string field) =>
        json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private void PassOver(string? field, params string[] path) =>
        _problems.Add(new CharacterProblem(_file, Line(path), field, "is no field that is known, and is passed over", Loaded: true));

    private T? Fail<T>(string path, string message)
        where T : class
    {
        Fail(path, message);
        return null;
    }

    private void Fail(string? path, string message) =>
        _problems.Add(new CharacterProblem(_file, path is null ? null : Line(path.Split('.')), path, message, Loaded: false));

    /// <summary>The line of a field; that of what holds it when it is missing.</summary>
    private long? Line(params string[] path)
    {
        var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        var json = new Utf8JsonReader(_utf8.Span, options);
        long? line = null;
        var found = 0;
        while (found < path.Length && json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == found + 1 && json.ValueTextEquals(path[found]))
            {
                line = _utf8.Span[..(int)json.TokenStartIndex].Count((byte)'\n') + 1;
                found++;
            }
            else if (json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == found)
            {
                break;
            }
        }

        return line;
    }

    [GeneratedRegex("^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LanguageTag();

    [GeneratedRegex(@"\s*(LineNumber|Path):.*", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Place();
}
