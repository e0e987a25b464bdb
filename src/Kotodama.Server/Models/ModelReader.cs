using System.Text.Json;

namespace Kotodama.Server.Models;

/// <summary>
/// Reads a folder as a model: finds its definition, completes it by what lies in the folder and by what the user decided, and tells what is
/// wrong. Whatever a folder holds, reading it ends with a report.
/// </summary>
internal static class ModelReader
{
    /// <summary>Findings of one kind that are told.</summary>
    private const int MostOfOneKind = 50;

    private static readonly string[] EditorEndings = [".cmo3", ".can3", ".cmox", ".canx"];

    private static readonly string[] EyeIds = ["ParamEyeLOpen", "ParamEyeROpen"], OldEyeIds = ["PARAM_EYE_L_OPEN", "PARAM_EYE_R_OPEN"];

    private static readonly string[] MouthIds = ["ParamMouthOpenY"], OldMouthIds = ["PARAM_MOUTH_OPEN_Y"];

    /// <summary>Reads a model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tree">Its files.</param>
    /// <param name="limits">What is read at most.</param>
    /// <param name="newestMoc">See <see cref="ModelDoctor.Examine"/>.</param>
    public static ModelReport Read(string name, ModelTree tree, ModelLimits limits, int? newestMoc)
    {
        var files = new ModelFiles(tree, limits, []);
        files.ExamineFolder();
        var avatar = tree.At(AvatarFile.Name) is { } own ? ReadAvatar(files, own) : null;
        var draft = Draft(files, avatar);
        if (draft is not null)
            ModelDoctor.Examine(draft, files, newestMoc);
        var manifest = draft is { Moc: not null } ? ManifestWriter.Write(name, draft, avatar, files) : null;
        return new ModelReport
        {
            Name = name,
            Manifest = manifest,
            Credit = avatar?.Credit,
            Files = tree.Files.Count,
            Bytes = tree.Files.Sum(f => f.Length),
            Findings = [.. files.Findings
                .DistinctBy(f => (f.Code, f.File, f.Text["en"]))
                .GroupBy(f => f.Code, StringComparer.Ordinal)
                .SelectMany(kind => kind.Take(MostOfOneKind))
                .OrderBy(f => f.Severity)],
        };
    }

    /// <summary>The files that define models in a folder, the one to use first.</summary>
    public static IReadOnlyList<ModelFile> Definitions(ModelTree tree) =>
        [.. tree.Ending(Model3Definition.Ending).OrderBy(f => f.Path.Count(c => c == '/'))];

    /// <summary>Whether a file may define a model although it is not called so: <c>model.json</c> and what else ends so.</summary>
    public static IEnumerable<ModelFile> OtherDefinitions(ModelTree tree) => tree.Files
        .Where(f => f.Name.Equals("model.json", StringComparison.OrdinalIgnoreCase)
            || f.Name.Equals("index.json", StringComparison.OrdinalIgnoreCase)
            || f.Name.EndsWith(".model.json", StringComparison.OrdinalIgnoreCase))
        .OrderBy(f => f.Path.Count(c => c == '/'));

    private static AvatarFile? ReadAvatar(ModelFiles files, ModelFile own)
    {
        if (files.Head(own, AvatarFile.MostBytes + 1) is not { } bytes)
            return null;
        var (avatar, problems) = AvatarFile.Read(bytes);
        foreach (var problem in problems)
        {
            files.Findings.Add(ModelFinding.Of(
                "avatar_bad", own, ("line", problem.Line), ("field", problem.Field), ("limit", problem.Limit), ("got", problem.Got)));
        }

        return avatar;
    }

    private static ModelDraft? Draft(ModelFiles files, AvatarFile? avatar)
    {
        var tree = files.Tree;
        var definitions = Definitions(tree).ToList();
        var vtubes = tree.Ending(VTubeDefinition.Ending)
            .Select(file => (File: file, Json: files.Json(file)))
            .Where(v => v.Json is not null)
            .Select(v => (v.File, Json: v.Json!.Value, Model: VTubeDefinition.ModelOf(v.Json!.Value)))
            .ToList();
        var chosen = Choose(files, definitions, avatar, vtubes.Select(v => (v.File, v.Model)));
        var draft = new ModelDraft();
        var others = new HashSet<ModelFile>();
        if (chosen is not null)
        {
            if (definitions.Count > 1)
                files.Findings.Add(ModelFinding.Of("several_models", chosen, ("count", definitions.Count)));
            draft.Definition = chosen;
            others = Elsewhere(tree, definitions, chosen, files);
            if (files.Json(chosen, "model_broken") is { } json)
                Model3Definition.Read(draft, files, chosen, json);
        }
        else
        {
            ReadOther(draft, files);
        }

        if (draft.Moc is null && !TryPutTogether(draft, files))
            return null;
        ModelParts.FindTextures(draft, files, others);
        if (draft.Kind == ModelManifest.Cubism)
            Model3Definition.ReadFolder(draft, files, others);
        else
            ModelParts.Lost(draft, files, others, Cubism2Definition.ExpressionEnding, Cubism2Definition.MotionEnding);
        var fitting = vtubes.Where(v => v.Model is not null && tree.Find(v.Model, v.File.Folder, out _) == chosen).ToList();
        foreach (var vtube in (fitting.Count > 0 ? fitting : vtubes).Take(1))
            VTubeDefinition.Read(draft, files, vtube.File, vtube.Json);
        Complete(draft, files);
        return draft;
    }

    /// <summary>The definition that the user chose, else the one that VTube Studio uses, else the highest one.</summary>
    private static ModelFile? Choose(
        ModelFiles files, List<ModelFile> definitions, AvatarFile? avatar, IEnumerable<(ModelFile File, string? Model)> vtubes)
    {
        if (avatar?.Model is { } wanted)
        {
            if (files.Tree.Find(wanted, "", out _) is { } found && definitions.Contains(found))
                return found;
            files.Findings.Add(ModelFinding.OfPath("avatar_unknown", AvatarFile.Name, ("field", "model"), ("name", wanted)));
        }

        return vtubes.Where(v => v.Model is not null)
            .Select(v => files.Tree.Find(v.Model!, v.File.Folder, out _))
            .FirstOrDefault(f => f is not null && definitions.Contains(f)) ?? definitions.FirstOrDefault();
    }

    /// <summary>What the other models of the folder name, so that this one does not take it for lost.</summary>
    private static HashSet<ModelFile> Elsewhere(ModelTree tree, List<ModelFile> definitions, ModelFile chosen, ModelFiles files)
    {
        var theirs = new HashSet<ModelFile>();
        foreach (var other in definitions.Where(d => d != chosen))
        {
            if (files.Bytes(other) is not { } bytes || LooseJson.Read(bytes, out var json, out _) is not null)
                continue;
            var scratch = new ModelDraft { Definition = other };
            var quiet = new ModelFiles(tree, files.Limits, []);
            Model3Definition.Read(scratch, quiet, other, json);
            theirs.UnionWith(scratch.Expressions.Select(e => e.File).Concat(scratch.Motions.Select(m => m.File)));
            theirs.UnionWith(new[] { scratch.Physics, scratch.Pose, scratch.DisplayNames, scratch.UserData }.OfType<ModelFile>());
            theirs.UnionWith(scratch.Textures.Select(tree.At).OfType<ModelFile>());
        }

        return theirs;
    }

    private static void ReadOther(ModelDraft draft, ModelFiles files)
    {
        foreach (var file in OtherDefinitions(files.Tree))
        {
            if (files.Json(file, "model_broken") is not { } json)
                continue;
            draft.Definition = file;
            if (Cubism2Definition.Is(json))
                Cubism2Definition.Read(draft, files, file, json);
            else if (json.Get("FileReferences") is not null)
                Model3Definition.Read(draft, files, file, json);
            else
                continue;
            return;
        }

        draft.Definition = null;
    }

    /// <summary>A model without a definition that can be read, from what lies in the folder.</summary>
    private static bool TryPutTogether(ModelDraft draft, ModelFiles files)
    {
        var tree = files.Tree;
        var moc = tree.Ending(Model3Definition.MocEnding).FirstOrDefault() ?? tree.Ending(Cubism2Definition.MocEnding).FirstOrDefault();
        if (moc is not null)
        {
            draft.Moc = moc.Path;
            var isNew = moc.Name.EndsWith(Model3Definition.MocEnding, StringComparison.OrdinalIgnoreCase);
            draft.Kind = isNew ? ModelManifest.Cubism : ModelManifest.Cubism2;
            files.Findings.Add(ModelFinding.Of("definition_missing", moc));
            return true;
        }

        var editor = tree.Ending(EditorEndings).FirstOrDefault();
        files.Findings.Add(editor is null ? ModelFinding.Of("no_model", null) : ModelFinding.Of("editor_file", editor));
        return false;
    }

    private static void Complete(ModelDraft draft, ModelFiles files)
    {
        if (draft.Idle.Count == 0)
            draft.Idle.AddRange(draft.Motions.Where(m => NameGuess.IsIdle(m.Name) || NameGuess.IsIdle(m.Group ?? "")).Select(m => m.Name));
        Group("EyeBlink", draft.EyeBlink, EyeIds, OldEyeIds);
        Group("LipSync", draft.LipSync, MouthIds, OldMouthIds);

        void Group(string group, List<string> ids, string[] usual, string[] old)
        {
            if (ids.Count > 0)
                return;

            // Where the names of the parameters are known, so is what the model has; else both, and the one that is not there is harmless.
            string[] candidates = draft.Kind == ModelManifest.Cubism2 ? old : [.. usual, .. old];
            var known = draft.ParameterNames;
            ids.AddRange(known.Count > 0 ? candidates.Where(known.ContainsKey) : candidates);

            // Cubism 2 has no such groups at all.
            if (ids.Count > 0 && draft.Kind == ModelManifest.Cubism)
                files.Findings.Add(ModelFinding.Of("group_missing", draft.Definition, ("group", group), ("ids", string.Join(", ", ids))));
        }
    }
}
