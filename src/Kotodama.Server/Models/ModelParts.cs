using System.Text.Json;

namespace Kotodama.Server.Models;

/// <summary>How a definition writes its motions.</summary>
/// <param name="File">The field of the file.</param>
/// <param name="Sound">The field of the sound.</param>
/// <param name="FadeIn">The field of the time to fade in.</param>
/// <param name="FadeOut">The field of the time to fade out.</param>
/// <param name="Second">Seconds of one of its units of time.</param>
/// <param name="NameOf">Names a motion by its file.</param>
internal sealed record MotionFields(
    string File, string Sound, string FadeIn, string FadeOut, double Second, Func<ModelFile, string> NameOf);

/// <summary>What definitions of all versions have in common.</summary>
internal static class ModelParts
{
    private const string IdleGroup = "Idle";

    /// <summary>The model itself: as it is named, else the only one in the folder.</summary>
    public static void Moc(ModelDraft draft, ModelFiles files, ModelFile definition, string? reference, string ending)
    {
        if (reference is not null && files.Find(reference, definition) is { } named)
        {
            draft.Moc = named.Path;
            return;
        }

        if (files.Tree.Ending(ending).Take(2).ToArray() is [var only])
        {
            files.Findings.Add(ModelFinding.Of("moc_found", only, ("name", reference ?? ending)));
            draft.Moc = only.Path;
            return;
        }

        files.Findings.Add(ModelFinding.Of("moc_missing", definition, ("name", reference ?? ending)));
        draft.Moc = Beside(definition, reference ?? "missing" + ending);
    }

    /// <summary>The textures in the order that the model counts them; missing ones keep their place.</summary>
    public static void Textures(ModelDraft draft, ModelFiles files, ModelFile definition, IEnumerable<JsonElement> references)
    {
        foreach (var reference in references.Select(t => t.AsText() ?? ""))
        {
            var file = reference.Length > 0 ? files.Find(reference, definition) : null;
            if (file is null)
                files.Findings.Add(ModelFinding.Of("texture_missing", definition, ("name", reference)));
            draft.Textures.Add(file?.Path ?? Beside(definition, reference.Length > 0 ? reference : "missing.png"));
        }
    }

    /// <summary>Textures of a model whose definition names none: pictures that are called so, else all in the folder.</summary>
    public static void FindTextures(ModelDraft draft, ModelFiles files, HashSet<ModelFile> others)
    {
        if (draft.Textures.Count > 0)
            return;
        var pictures = files.Tree.Files.Where(f => ModelFileTypes.IsPicture(f.Name) && !others.Contains(f)).ToArray();
        var named = pictures.Where(f => f.Name.StartsWith("texture", StringComparison.OrdinalIgnoreCase)).ToArray();
        var taken = named.Length > 0
            ? named
            : pictures.Where(f => !f.Name.Contains("icon", StringComparison.OrdinalIgnoreCase)).ToArray();
        draft.Textures.AddRange(taken.Select(f => f.Path));
        files.Findings.Add(taken.Length == 0
            ? ModelFinding.Of("textures_missing", draft.Definition)
            : ModelFinding.Of("textures_found", draft.Definition, ("count", taken.Length)));
    }

    /// <summary>The motions of one group.</summary>
    public static void Motions(
        ModelDraft draft, ModelFiles files, ModelFile definition, string group, JsonElement entries, MotionFields fields)
    {
        if (entries.ValueKind != JsonValueKind.Array)
            return;
        var isIdle = group.Equals(IdleGroup, StringComparison.OrdinalIgnoreCase);
        foreach (var entry in entries.EnumerateArray().Take(draft.RoomForMotions))
        {
            draft.RoomForMotions--;
            if (files.Need(entry.Text(fields.File), definition) is not { } file)
                continue;
            var (fadeIn, fadeOut) = (Seconds(entry, fields.FadeIn), Seconds(entry, fields.FadeOut));
            var name = fields.NameOf(file);
            var sound = entry.Text(fields.Sound) is { } reference ? Sound(files, definition, name, reference) : null;
            var known = draft.Motions.Find(m => m.File == file && m.FadeIn == fadeIn && m.FadeOut == fadeOut && m.Sound == sound);

            // A motion of two groups is one motion, unless the groups play it differently or a touch asks for its group.
            var motion = known is not null && (isIdle || known.Group == group)
                ? known
                : draft.Add(name, group, file, fadeIn, fadeOut, sound);
            if (isIdle && !draft.Idle.Contains(motion.Name))
                draft.Idle.Add(motion.Name);
        }

        double? Seconds(JsonElement entry, string field) => entry.Number(field) is { } time and >= 0 ? time * fields.Second : null;
    }

    public static void HitAreas(ModelDraft draft, IEnumerable<JsonElement> areas, string name, string id)
    {
        foreach (var area in areas)
            if (area.Text(id) is { } drawable)
                draft.HitAreas.Add(new ModelHitArea(area.Text(name) ?? drawable, drawable));
    }

    public static Dictionary<string, double>? Layout(JsonElement? layout)
    {
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var field in (layout ?? default).Fields())
            if (LooseJson.NameOf(field) is { } name && layout!.Value.Number(name) is { } number)
                numbers[name] = number;
        return numbers.Count > 0 ? numbers : null;
    }

    /// <summary>Expressions and motions that the definition does not name, which is how models are sold.</summary>
    public static void Lost(ModelDraft draft, ModelFiles files, HashSet<ModelFile> others, string expressions, string motions)
    {
        var (lostExpressions, lostMotions) = (0, 0);
        foreach (var file in files.Tree.Ending(expressions).Where(f => !others.Contains(f) && draft.ExpressionOf(f) is null))
        {
            draft.Add(ModelDraft.Stem(file.Name, expressions), file);
            lostExpressions++;
        }

        foreach (var file in files.Tree.Ending(motions).Where(f => !others.Contains(f) && draft.MotionOf(f) is null))
        {
            draft.Add(ModelDraft.Stem(file.Name, motions), group: null, file, fadeIn: null, fadeOut: null, sound: null);
            lostMotions++;
        }

        if (lostExpressions > 0)
            files.Findings.Add(ModelFinding.Of("expressions_found", draft.Definition, ("count", lostExpressions)));
        if (lostMotions > 0)
            files.Findings.Add(ModelFinding.Of("motions_found", draft.Definition, ("count", lostMotions)));
    }

    private static ModelFile? Sound(ModelFiles files, ModelFile definition, string motion, string reference)
    {
        var sound = files.Find(reference, definition);
        if (sound is null)
            files.Findings.Add(ModelFinding.Of("sound_missing", definition, ("name", reference), ("motion", motion)));
        return sound;
    }

    /// <summary>Where a file would be that is not there.</summary>
    private static string Beside(ModelFile definition, string reference)
    {
        var name = reference.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries).Where(step => step is not ("." or ".."));
        return string.Join('/', definition.Folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Concat(name));
    }
}
