namespace Kotodama.Server.Models;

/// <summary>A folder that holds one model, in what a user brought.</summary>
/// <param name="Folder">Below the top; empty: the top itself.</param>
/// <param name="Definition">The model's definition, or its moc.</param>
internal sealed record ModelRoot(string Folder, ModelFile Definition)
{
    private static readonly string[] Nameless = ["model", "index", "model3", "model0"];

    /// <summary>How the model is called: by its definition, else by its folder, else as given.</summary>
    public string Name(string otherwise)
    {
        var stem = ModelDraft.Stem(
            Definition.Name, Model3Definition.Ending, ".model.json", ".json", Model3Definition.MocEnding, Cubism2Definition.MocEnding);
        if (!Nameless.Contains(stem, StringComparer.OrdinalIgnoreCase) && ModelName.From(stem) is var own && own != "model")
            return own;
        var folder = Folder[(Folder.LastIndexOf('/') + 1)..];
        return ModelName.From(folder.Length > 0 ? folder : otherwise);
    }
}

/// <summary>Finds the models in a tree of folders: packs hold several, and sellers wrap one into many folders.</summary>
internal static class ModelRoots
{
    public static IReadOnlyList<ModelRoot> Of(ModelTree tree)
    {
        IEnumerable<ModelFile> found = [.. ModelReader.Definitions(tree), .. ModelReader.OtherDefinitions(tree)];
        if (!found.Any())
            found = tree.Ending(Model3Definition.MocEnding, Cubism2Definition.MocEnding);
        var definitions = new List<ModelFile>();
        foreach (var file in found.OrderBy(f => f.Folder.Length))
            if (!definitions.Exists(d => IsWithin(file.Folder, d.Folder)))
                definitions.Add(file);

        // As much around a definition as is not shared: expressions often lie in a folder beside it.
        return [.. definitions.Select(d => new ModelRoot(Strip(tree, Widen(d.Folder, definitions.Where(o => o != d))), d))];
    }

    private static string Widen(string folder, IEnumerable<ModelFile> others)
    {
        while (folder.Length > 0)
        {
            var parent = folder.LastIndexOf('/') is var slash and >= 0 ? folder[..slash] : "";
            if (others.Any(o => IsWithin(o.Folder, parent)))
                return folder;
            folder = parent;
        }

        return folder;
    }

    /// <summary>Leaves folders that hold nothing but another folder.</summary>
    private static string Strip(ModelTree tree, string folder)
    {
        while (true)
        {
            var start = folder.Length == 0 ? 0 : folder.Length + 1;
            var steps = tree.Files.Where(f => IsWithin(f.Folder, folder))
                .Select(f => f.Path.IndexOf('/', start) is var slash and >= 0 ? f.Path[..slash] : null)
                .Distinct(StringComparer.Ordinal)
                .Take(2)
                .ToArray();
            if (steps is not [{ } only])
                return folder;
            folder = only;
        }
    }

    private static bool IsWithin(string folder, string outer) =>
        outer.Length == 0 || folder == outer || folder.StartsWith(outer + "/", StringComparison.Ordinal);
}
