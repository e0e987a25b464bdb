using System.Text.Json;

namespace Kotodama.Server.Models;

/// <summary>Reads what belongs to Cubism 3 and newer: <c>model3.json</c>, <c>cdi3.json</c>, <c>userdata3.json</c>.</summary>
internal static class Model3Definition
{
    public const string
        Ending = ".model3.json", MocEnding = ".moc3", ExpressionEnding = ".exp3.json", MotionEnding = ".motion3.json",
        PhysicsEnding = ".physics3.json", PoseEnding = ".pose3.json", NamesEnding = ".cdi3.json", NotesEnding = ".userdata3.json",
        SyncEnding = ".motionsync3.json";

    /// <summary>Reads the definition into the draft.</summary>
    public static void Read(ModelDraft draft, ModelFiles files, ModelFile definition, JsonElement json)
    {
        var references = json.Get("FileReferences") ?? default;
        ModelParts.Moc(draft, files, definition, references.Text("Moc"), MocEnding);
        ModelParts.Textures(draft, files, definition, references.Items("Textures"));
        draft.Physics = files.Need(references.Text("Physics"), definition);
        draft.Pose = files.Need(references.Text("Pose"), definition);
        draft.DisplayNames = files.Need(references.Text("DisplayInfo"), definition);
        draft.UserData = files.Need(references.Text("UserData"), definition);
        foreach (var expression in references.Items("Expressions"))
            if (files.Need(expression.Text("File"), definition) is { } file && draft.ExpressionOf(file) is null)
                draft.Add(expression.Text("Name") is { } name ? ModelDraft.Stem(name, ExpressionEnding) : NameOf(file), file);
        foreach (var group in (references.Get("Motions") ?? default).Fields())
            ModelParts.Motions(draft, files, definition, LooseJson.NameOf(group) ?? "", group.Value, NewMotions);
        foreach (var group in json.Items("Groups"))
        {
            if (group.Text("Name") is not { } name)
                continue;
            if (name.Equals("EyeBlink", StringComparison.OrdinalIgnoreCase))
                draft.EyeBlink.AddRange(Ids(group));
            else if (name.Equals("LipSync", StringComparison.OrdinalIgnoreCase))
                draft.LipSync.AddRange(Ids(group));
        }

        ModelParts.HitAreas(draft, json.Items("HitAreas"), "Name", "Id");
        draft.Layout = ModelParts.Layout(json.Get("Layout"));
    }

    /// <summary>Adds what lies in the folder and is named nowhere, and says so.</summary>
    /// <param name="draft">The model.</param>
    /// <param name="files">Its files.</param>
    /// <param name="others">What belongs to other models of the folder.</param>
    public static void ReadFolder(ModelDraft draft, ModelFiles files, HashSet<ModelFile> others)
    {
        var tree = files.Tree;
        draft.Physics ??= Found(PhysicsEnding);
        draft.Pose ??= Found(PoseEnding);
        draft.DisplayNames ??= Found(NamesEnding);
        draft.UserData ??= Found(NotesEnding);
        ModelParts.Lost(draft, files, others, ExpressionEnding, MotionEnding);
        if (draft.DisplayNames is { } names && files.Json(names) is { } display)
        {
            Names(display.Items("Parameters"), draft.ParameterNames);
            Names(display.Items("Parts"), draft.PartNames);
        }

        if (draft.UserData is { } data && files.Json(data) is { } notes)
            foreach (var note in notes.Items("UserData"))
                if (note.Text("Id") is { } id && note.Text("Value") is { } value)
                    draft.Notes[id] = value;

        // One that is not named belongs to the model if it is the only one, and to none if another one is named.
        ModelFile? Found(string ending)
        {
            if (tree.Ending(ending).Where(f => !others.Contains(f)).Take(2).ToArray() is not [var only])
                return null;
            files.Findings.Add(ModelFinding.Of("part_found", only));
            return only;
        }
    }

    public static string NameOf(ModelFile file) => ModelDraft.Stem(file.Name, ExpressionEnding, MotionEnding);

    private static MotionFields NewMotions => new("File", "Sound", "FadeInTime", "FadeOutTime", 1, NameOf);

    private static IEnumerable<string> Ids(JsonElement group) =>
        group.Items("Ids").Select(id => id.AsText()).OfType<string>().Distinct(StringComparer.Ordinal);

    private static void Names(IEnumerable<JsonElement> entries, Dictionary<string, string> names)
    {
        foreach (var entry in entries)
            if (entry.Text("Id") is { } id && entry.Text("Name") is { } name)
                names[id] = name;
    }
}
