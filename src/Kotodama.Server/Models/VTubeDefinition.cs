using System.Text.Json;

namespace Kotodama.Server.Models;

/// <summary>
/// Reads what VTube Studio wrote beside a model, <c>*.vtube.json</c>: hotkeys, and the motion that plays when nothing else does. Where the
/// user put the model there is not taken over: that program's picture has another size, and nothing says which.
/// </summary>
internal static class VTubeDefinition
{
    public const string Ending = ".vtube.json";

    private const int MostKeys = 3;

    /// <summary>The model's definition that the file names.</summary>
    public static string? ModelOf(JsonElement json) => (json.Get("FileReferences") ?? default).Text("Model");

    /// <summary>Reads hotkeys and idle motion into the draft, whose expressions and motions are known.</summary>
    public static void Read(ModelDraft draft, ModelFiles files, ModelFile source, JsonElement json)
    {
        draft.Title ??= json.Text("Name");
        var references = json.Get("FileReferences") ?? default;
        if (references.Text("IdleAnimation") is { } idle && files.Need(idle, source) is { } file && draft.MotionOf(file) is { } motion)
        {
            draft.Idle.Clear();
            draft.Idle.Add(motion.Name);
        }

        var unsupported = 0;
        foreach (var hotkey in json.Items("Hotkeys"))
        {
            var read = hotkey.Text("Action") switch
            {
                "ToggleExpression" => Read(draft, files, source, hotkey, "expression"),
                "TriggerAnimation" => Read(draft, files, source, hotkey, "motion"),
                "RemoveAllExpressions" => new ModelHotkey(hotkey.Text("Name") ?? "clear", "clear", null, Keys(hotkey)),
                null => null,
                _ => Unsupported(),
            };
            if (read is not null)
                draft.Hotkeys.Add(read);
        }

        if (unsupported > 0)
            files.Findings.Add(ModelFinding.Of("hotkeys_unsupported", source, ("count", unsupported)));

        ModelHotkey? Unsupported()
        {
            unsupported++;
            return null;
        }
    }

    private static ModelHotkey? Read(ModelDraft draft, ModelFiles files, ModelFile source, JsonElement hotkey, string action)
    {
        var reference = hotkey.Text("File");
        var file = reference is null ? null : files.Find(reference, source);
        var target = file is null ? null : action == "motion" ? draft.MotionOf(file)?.Name : draft.ExpressionOf(file)?.Name;
        var name = hotkey.Text("Name") ?? target ?? reference ?? "";
        if (target is not null)
            return new ModelHotkey(name, action, target, Keys(hotkey));

        // A hotkey without a file was never finished; that is no news.
        if (reference is not null)
            files.Findings.Add(ModelFinding.Of("hotkey_missing", source, ("hotkey", name), ("name", reference)));
        return null;
    }

    private static string[] Keys(JsonElement hotkey)
    {
        var triggers = hotkey.Get("Triggers") ?? default;
        return [.. Enumerable.Range(1, MostKeys).Select(n => triggers.Text($"Trigger{n}")).OfType<string>()];
    }
}
