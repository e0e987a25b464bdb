using System.Text.Json;
using System.Text.RegularExpressions;
using Kotodama.Protocol;

namespace Kotodama.Companion.Characters;

/// <summary>The fields that say what a character looks like, how it greets and what it says when it is touched.</summary>
internal sealed partial class CharacterReader
{
    private const int MostAreas = 32;
    private const double LeastPause = 5, MostPause = 3_600;

    /// <summary>What a look may choose among. The page knows the same names: <c>web/src/avatar/vector/look.ts</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> LookChoices { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["base"] = ["koto", "kitsu", "nagi"],
            ["hairstyle"] = ["tails", "tufts", "straight"],
            ["ears"] = ["none", "fox", "cat"],
            ["tail"] = ["none", "fox", "cat"],
            ["eyeShape"] = ["round", "keen", "calm"],
            ["clothes"] = ["shrine", "wander", "gown"],
            ["headset"] = ["none", "ears", "neck"],
        };

    /// <summary>What a look may colour. The page knows the same names.</summary>
    public static IReadOnlyList<string> LookColours { get; } =
        ["hair", "hairTips", "hairShade", "hairShine", "skin", "eyes", "dress", "dressTrim", "skirt", "accent"];

    private string? Avatar(JsonElement json)
    {
        if (Find(json, "avatar") is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return Fail<string>("avatar", "must be a text");
        return AvatarName.IsValid(value.GetString()!) ? value.GetString() : Fail<string>("avatar", AvatarName.Rule);
    }

    private Dictionary<string, JsonElement>? Look(JsonElement json)
    {
        const string Example = "such as { \"base\": \"kitsu\", \"hair\": \"#334455\" }";
        if (Object(json, "look", Example, [.. LookChoices.Keys, .. LookColours]) is not { } look)
            return null;
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in look.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Null))
        {
            var path = $"look.{field.Name}";
            var text = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : null;
            if (LookChoices.TryGetValue(field.Name, out var choices) && !choices.Contains(text, StringComparer.Ordinal))
                Fail(path, $"must be one of {string.Join(", ", choices)}");
            else if (LookColours.Contains(field.Name, StringComparer.Ordinal) && (text is null || !Colour().IsMatch(text)))
                Fail(path, "must be a colour: # and three or six hexadecimal digits");
            else if (choices is not null || LookColours.Contains(field.Name, StringComparer.Ordinal))
                fields.Add(field.Name, field.Value.Clone());
        }

        return fields;
    }

    private CharacterGreetings? Greetings(JsonElement json)
    {
        const string Field = "greetings";
        if (Object(json, Field, "with morning, day, evening and night", ["morning", "day", "evening", "night"]) is not { } greetings)
            return null;
        return new CharacterGreetings
        {
            Morning = LocalText(greetings, "morning", MostGreeting, within: Field),
            Day = LocalText(greetings, "day", MostGreeting, within: Field),
            Evening = LocalText(greetings, "evening", MostGreeting, within: Field),
            Night = LocalText(greetings, "night", MostGreeting, within: Field),
        };
    }

    private CharacterTouch? Touch(JsonElement json)
    {
        if (Object(json, "touch", "with areas", ["pauseSeconds", "areas"]) is not { } touch)
            return null;
        var pause = Number(touch, "pauseSeconds", LeastPause, MostPause, "touch");
        if (Find(touch, "areas") is not { ValueKind: JsonValueKind.Object } areas)
        {
            return Fail<CharacterTouch>(
                "touch.areas",
                "must be an object with what is said to a touch, for example { \"head\": { \"say\": \"Hi!\" } }");
        }

        var answers = new Dictionary<string, TouchAnswer>(StringComparer.OrdinalIgnoreCase);
        foreach (var area in areas.EnumerateObject())
        {
            if (Checked(area.Name, "touch.areas", MostName, lines: false) is null)
                break;
            if (Answer(areas, area.Name) is { } answer && !answers.TryAdd(area.Name, answer))
                Fail($"touch.areas.{area.Name}", "must be there once, in capital letters or small ones");
        }

        if (answers.Count > MostAreas)
            Fail("touch.areas", $"must have at most {MostAreas} areas, has {answers.Count}");
        return new CharacterTouch(pause is { } seconds ? TimeSpan.FromSeconds(seconds) : CharacterTouch.UsualPause, answers);
    }

    private TouchAnswer? Answer(JsonElement areas, string area)
    {
        var path = $"touch.areas.{area}";
        if (Object(areas, area, "with say or prompt", ["say", "prompt"], "touch.areas") is not { } answer)
            return null;
        var say = LocalText(answer, "say", MostGreeting, within: path);
        var prompt = LocalText(answer, "prompt", MostIdlePrompt, within: path);
        if (Find(answer, "say") is null == Find(answer, "prompt") is null)
            return Fail<TouchAnswer>(path, "must have either say or prompt");
        return new TouchAnswer(say, prompt);
    }

    /// <summary>An object in a field, of which unknown fields are named; null when there is none.</summary>
    private JsonElement? Object(JsonElement json, string field, string what, IReadOnlyList<string> known, string? within = null)
    {
        var path = within is null ? field : $"{within}.{field}";
        if (Find(json, field) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fail(path, $"must be an object {what}");
            return null;
        }

        foreach (var inner in value.EnumerateObject().Where(f => !known.Contains(f.Name, StringComparer.Ordinal)))
            PassOver(inner.Name.Length > MostName ? path : $"{path}.{inner.Name}", [.. path.Split('.'), inner.Name]);
        return value;
    }

    [GeneratedRegex("^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Colour();
}
