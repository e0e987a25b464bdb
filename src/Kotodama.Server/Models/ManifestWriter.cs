namespace Kotodama.Server.Models;

/// <summary>Makes the manifest of a model that was read, with what the user decided and what its names say.</summary>
internal static class ManifestWriter
{
    public static ModelManifest Write(string name, ModelDraft draft, AvatarFile? avatar, ModelFiles files)
    {
        var (parameters, parts) = (draft.ParameterNames, draft.PartNames);
        if (avatar is not null)
        {
            foreach (var (id, text) in avatar.ParameterNames)
                parameters[id] = text;
            foreach (var (id, text) in avatar.PartNames)
                parts[id] = text;
            TellUnknown(draft, avatar, files);
        }

        return new ModelManifest
        {
            Name = name,
            Title = avatar?.Title ?? draft.Title ?? name,
            Kind = draft.Kind,
            Base = $"models/{Uri.EscapeDataString(name)}/",
            Moc = Escape(draft.Moc!),
            Textures = [.. draft.Textures.Select(Escape)],
            Physics = Escape(draft.Physics),
            Pose = Escape(draft.Pose),
            Expressions = [.. draft.Expressions.Select(e => new ModelExpression(e.Name, Escape(e.File.Path)))],
            Motions = [.. draft.Motions.Select(m =>
                new ModelMotion(m.Name, m.Group, Escape(m.File.Path), m.FadeIn, m.FadeOut, Escape(m.Sound)))],
            Idle = Own(avatar?.Idle, draft.Motions.Select(m => m.Name)) ?? draft.Idle,
            EyeBlink = avatar?.EyeBlink ?? draft.EyeBlink,
            LipSync = avatar?.LipSync ?? draft.LipSync,
            HitAreas = draft.HitAreas,
            Layout = draft.Layout,
            Names = new ModelNames(parameters, parts),
            Notes = draft.Notes,
            Hotkeys = draft.Hotkeys,
            Placement = avatar?.Placement,
            Emotions = Decide(Emotions(draft), avatar?.Emotions, draft),
            Gestures = Decide(Gestures(draft), avatar?.Gestures, draft),
            Touches = Decide(Touches(draft), avatar?.Touches, draft),
        };
    }

    /// <summary>A path for an address.</summary>
    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string? Escape(ModelFile? file) => file is null ? null : Escape(file.Path);

    private static Dictionary<string, ModelAct> Emotions(ModelDraft draft)
    {
        // What a hotkey is called says at times what its file does not.
        var toggles = draft.Hotkeys.Where(h => h.Action == "expression").Select(h => (h.Name, h.Target!));
        var expressions = NameGuess.Choose(draft.Expressions.Select(e => (e.Name, e.Name)).Concat(toggles), NameGuess.Emotion);
        var active = draft.Motions.Where(m => !draft.Idle.Contains(m.Name)).Select(m => (m.Name, m.Name));
        var motions = NameGuess.Choose(active, NameGuess.Emotion);
        var acts = expressions.ToDictionary(e => e.Key, e => new ModelAct { Expressions = [e.Value] }, StringComparer.Ordinal);
        foreach (var (emotion, motion) in motions.Where(m => m.Key != "neutral"))
            acts.TryAdd(emotion, new ModelAct { Motion = motion });
        return acts;
    }

    private static Dictionary<string, ModelAct> Gestures(ModelDraft draft)
    {
        var named = draft.Motions.Select(m => (m.Name, m.Name))
            .Concat(draft.Motions.Where(m => m.Group is { Length: > 0 }).Select(m => (m.Group!, m.Name)));
        return NameGuess.Choose(named, NameGuess.Gesture)
            .ToDictionary(g => g.Key, g => new ModelAct { Motion = g.Value }, StringComparer.Ordinal);
    }

    private static Dictionary<string, ModelAct> Touches(ModelDraft draft)
    {
        var touches = new Dictionary<string, ModelAct>(StringComparer.Ordinal);
        foreach (var motion in draft.Motions)
        {
            var named = motion.Group is { Length: > 0 } group ? group : motion.Name;
            if (NameGuess.TouchedArea(named, draft.HitAreas) is { } area)
                touches.TryAdd(area, new ModelAct { Motion = motion.Name });
        }

        return touches;
    }

    /// <summary>What the user decided, over what was guessed; null there takes a guess back.</summary>
    private static Dictionary<string, ModelAct> Decide(
        Dictionary<string, ModelAct> guessed, IReadOnlyDictionary<string, ModelAct?>? decided, ModelDraft draft)
    {
        foreach (var (key, act) in decided ?? new Dictionary<string, ModelAct?>(StringComparer.Ordinal))
        {
            if (act is null)
                guessed.Remove(key);
            else
                guessed[key] = Known(act, draft);
        }

        return guessed;
    }

    /// <summary>The act in the model's own spelling, without what the model does not have.</summary>
    private static ModelAct Known(ModelAct act, ModelDraft draft) => act with
    {
        Expressions = Own(act.Expressions, draft.Expressions.Select(e => e.Name)),
        Motion = act.Motion is null ? null : Own([act.Motion], draft.Motions.Select(m => m.Name))!.FirstOrDefault(),
    };

    private static List<string>? Own(IReadOnlyList<string>? wanted, IEnumerable<string> there) =>
        wanted is null
            ? null
            : [.. wanted.Select(w => there.FirstOrDefault(t => Same(t, w))).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static void TellUnknown(ModelDraft draft, AvatarFile avatar, ModelFiles files)
    {
        Look("idle", null, avatar.Idle);
        foreach (var (group, acts) in new[] { ("emotions", avatar.Emotions), ("gestures", avatar.Gestures), ("touches", avatar.Touches) })
        {
            foreach (var (name, act) in acts)
            {
                Look($"{group}.{name}.expressions", act?.Expressions, null);
                Look($"{group}.{name}.motion", null, act?.Motion is { } motion ? [motion] : null);
            }
        }

        void Look(string field, IReadOnlyList<string>? expressions, IReadOnlyList<string>? motions)
        {
            var unknown = (expressions ?? []).Where(e => !draft.Expressions.Exists(own => Same(own.Name, e)))
                .Concat((motions ?? []).Where(m => !draft.Motions.Exists(own => Same(own.Name, m))));
            foreach (var name in unknown)
                files.Findings.Add(ModelFinding.OfPath("avatar_unknown", AvatarFile.Name, ("field", field), ("name", name)));
        }
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
