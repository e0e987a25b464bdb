namespace Kotodama.Server.Models;

/// <summary>Looks into the files of a model for what would go wrong when it is drawn.</summary>
internal static class ModelDoctor
{
    /// <summary>Points that nearly every device draws in one picture, in each direction.</summary>
    private const int LargestTexture = 8_192;

    /// <summary>Megabytes of graphics memory that are worth a word.</summary>
    private const long HeavyTextures = 512;

    /// <summary>Bytes below which no moc can be one: its head alone is longer.</summary>
    private const int ShortestMoc = 64;

    private const int NewestMoc = 6;

    private static readonly string[] Blends = ["Add", "Multiply", "Overwrite"];

    /// <summary>Examines a model that was read.</summary>
    /// <param name="draft">The model.</param>
    /// <param name="files">Its files, which take the findings.</param>
    /// <param name="newestMoc">The newest version of moc that the Core there knows; null: there is none, or it does not say.</param>
    public static void Examine(ModelDraft draft, ModelFiles files, int? newestMoc)
    {
        Moc(draft, files, newestMoc);
        Textures(draft, files);
        if (draft.Kind == ModelManifest.Cubism2)
        {
            files.Findings.Add(ModelFinding.Of("cubism2", draft.Definition));
            return;
        }

        foreach (var expression in draft.Expressions.Select(e => e.File).Distinct())
            Expression(files, expression);
        Motions(draft, files);
        foreach (var sync in files.Tree.Ending(Model3Definition.SyncEnding))
            files.Findings.Add(ModelFinding.Of("motion_sync", sync));
    }

    private static void Moc(ModelDraft draft, ModelFiles files, int? newestMoc)
    {
        if (draft.Moc is not { } path || files.Tree.At(path) is not { } moc || files.Head(moc, ShortestMoc) is not { } head)
            return;
        var isOld = draft.Kind == ModelManifest.Cubism2;
        var isMoc = isOld ? head.AsSpan().StartsWith("moc"u8) : head.AsSpan().StartsWith("MOC3"u8) && head.Length == ShortestMoc;
        if (!isMoc || (!isOld && head[4] is 0))
            files.Findings.Add(ModelFinding.Of("moc_damaged", moc));
        else if (!isOld && head[4] > (newestMoc ?? NewestMoc))
            files.Findings.Add(ModelFinding.Of("core_too_old", moc, ("need", head[4]), ("have", newestMoc ?? NewestMoc)));
    }

    private static void Textures(ModelDraft draft, ModelFiles files)
    {
        var points = 0L;
        foreach (var texture in draft.Textures.Distinct(StringComparer.Ordinal).Select(files.Tree.At).OfType<ModelFile>())
        {
            if (files.Head(texture, PictureHead.Length) is not { } head)
                continue;
            if (PictureHead.Read(head) is not var (width, height))
            {
                files.Findings.Add(ModelFinding.Of("texture_damaged", texture));
                continue;
            }

            points += (long)width * height;
            if (Math.Max(width, height) > LargestTexture)
            {
                files.Findings.Add(ModelFinding.Of(
                    "texture_large", texture, ("width", width), ("height", height), ("limit", LargestTexture)));
            }
        }

        // Four bytes a point, and a third more for the smaller copies.
        var megabytes = points * 16 / 3 / 1_000_000;
        if (megabytes >= HeavyTextures)
            files.Findings.Add(ModelFinding.Of("textures_heavy", null, ("megabytes", megabytes)));
    }

    private static void Expression(ModelFiles files, ModelFile file)
    {
        if (files.Json(file) is not { } json)
            return;
        var unknown = json.Items("Parameters").Select(p => p.Text("Blend"))
            .FirstOrDefault(blend => blend is not null && !Blends.Contains(blend, StringComparer.Ordinal));
        if (unknown is not null)
            files.Findings.Add(ModelFinding.Of("blend_unknown", file, ("blend", unknown)));
    }

    private static void Motions(ModelDraft draft, ModelFiles files)
    {
        var saysWrong = 0;
        foreach (var file in draft.Motions.Select(m => m.File).Distinct())
        {
            if (files.Json(file) is not { } json)
                continue;
            var check = MotionCheck.Of(json);
            if (check.Damaged > 0)
                files.Findings.Add(ModelFinding.Of("motion_damaged", file, ("count", check.Damaged)));
            if (check.SaysWrong)
                saysWrong++;
        }

        if (saysWrong > 0)
            files.Findings.Add(ModelFinding.Of("motion_counts", null, ("count", saysWrong)));
    }
}
