using System.Text.Json;

namespace Kotodama.Server.Models;

/// <summary>Reads <c>model.json</c> of Cubism 2.</summary>
internal static class Cubism2Definition
{
    public const string MocEnding = ".moc", ExpressionEnding = ".exp.json", MotionEnding = ".mtn";

    private static readonly string[] Endings = [ExpressionEnding, MotionEnding, ".json"];

    /// <summary>Whether a file of JSON is a definition of Cubism 2.</summary>
    public static bool Is(JsonElement json) =>
        json.Text("model") is { } moc && moc.EndsWith(MocEnding, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the definition into the draft.</summary>
    public static void Read(ModelDraft draft, ModelFiles files, ModelFile definition, JsonElement json)
    {
        draft.Kind = ModelManifest.Cubism2;
        ModelParts.Moc(draft, files, definition, json.Text("model"), MocEnding);
        ModelParts.Textures(draft, files, definition, json.Items("textures"));
        draft.Physics = files.Need(json.Text("physics"), definition);
        draft.Pose = files.Need(json.Text("pose"), definition);
        foreach (var expression in json.Items("expressions"))
            if (files.Need(expression.Text("file"), definition) is { } file && draft.ExpressionOf(file) is null)
                draft.Add(ModelDraft.Stem(expression.Text("name") ?? file.Name, Endings), file);
        foreach (var group in (json.Get("motions") ?? default).Fields())
            ModelParts.Motions(draft, files, definition, LooseJson.NameOf(group) ?? "", group.Value, OldMotions);
        ModelParts.HitAreas(draft, json.Items("hit_areas"), "name", "id");
        draft.Layout = ModelParts.Layout(json.Get("layout"));
    }

    public static string NameOf(ModelFile file) => ModelDraft.Stem(file.Name, Endings);

    // Times are milliseconds here, seconds in everything newer.
    private static MotionFields OldMotions => new("file", "sound", "fade_in", "fade_out", 0.001, NameOf);
}
