namespace Kotodama.Server.Models;

/// <summary>A model while its files are read: paths as they are in the folder, names made unique.</summary>
internal sealed class ModelDraft
{
    private readonly Dictionary<string, int> _expressionNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _motionNames = new(StringComparer.Ordinal);

    public string Kind { get; set; } = ModelManifest.Cubism;

    /// <summary>The file that lists the others; null: there is none.</summary>
    public ModelFile? Definition { get; set; }

    public string? Title { get; set; }

    /// <summary>Where the model itself is, or should be; null: unknown.</summary>
    public string? Moc { get; set; }

    /// <summary>Where the textures are, or should be.</summary>
    public List<string> Textures { get; } = [];

    public ModelFile? Physics { get; set; }

    public ModelFile? Pose { get; set; }

    public ModelFile? DisplayNames { get; set; }

    public ModelFile? UserData { get; set; }

    public List<DraftExpression> Expressions { get; } = [];

    public List<DraftMotion> Motions { get; } = [];

    /// <summary>Entries of motions that may still be read. Each of thousands of groups could have thousands of them.</summary>
    public int RoomForMotions { get; set; } = LooseJson.MostEntries;

    public List<string> Idle { get; } = [];

    public List<string> EyeBlink { get; } = [];

    public List<string> LipSync { get; } = [];

    public List<ModelHitArea> HitAreas { get; } = [];

    public Dictionary<string, double>? Layout { get; set; }

    public Dictionary<string, string> ParameterNames { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> PartNames { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);

    public List<ModelHotkey> Hotkeys { get; } = [];

    public DraftExpression Add(string name, ModelFile file)
    {
        var expression = new DraftExpression(Unique(name, _expressionNames), file);
        Expressions.Add(expression);
        return expression;
    }

    public DraftMotion Add(string name, string? group, ModelFile file, double? fadeIn, double? fadeOut, ModelFile? sound)
    {
        var motion = new DraftMotion(Unique(name, _motionNames), group, file, fadeIn, fadeOut, sound);
        Motions.Add(motion);
        return motion;
    }

    public DraftExpression? ExpressionOf(ModelFile file) => Expressions.Find(e => e.File == file);

    public DraftMotion? MotionOf(ModelFile file) => Motions.Find(m => m.File == file);

    /// <summary>A file's name without folder and endings.</summary>
    public static string Stem(string name, params string[] endings)
    {
        var ending = endings.FirstOrDefault(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase) && name.Length > e.Length);
        return ending is null ? name : name[..^ending.Length];
    }

    /// <summary>The name, or with a number behind it. Of a taken one the number is noted from which on it may be free.</summary>
    private static string Unique(string name, Dictionary<string, int> taken)
    {
        var plain = name.ToLowerInvariant();
        for (var number = taken.GetValueOrDefault(plain, 1); ; number++)
        {
            var unique = number == 1 ? name : $"{name}-{number}";
            if (!taken.TryAdd(unique.ToLowerInvariant(), 2))
                continue;
            taken[plain] = number + 1;
            return unique;
        }
    }
}

internal sealed record DraftExpression(string Name, ModelFile File);

/// <param name="Name">Unique among the model's motions.</param>
/// <param name="Group">Its group in the definition.</param>
/// <param name="File">Its file.</param>
/// <param name="FadeIn">In seconds.</param>
/// <param name="FadeOut">In seconds.</param>
/// <param name="Sound">Plays with it.</param>
internal sealed record DraftMotion(string Name, string? Group, ModelFile File, double? FadeIn, double? FadeOut, ModelFile? Sound);
