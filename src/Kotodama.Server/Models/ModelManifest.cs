using System.Text.Json.Serialization;

namespace Kotodama.Server.Models;

/// <summary>
/// A Live2D model as programs that draw it need it: which files there are and what they are for. The JSON of
/// <c>GET /api/models/NAME</c>; <c>web/src/avatar/manifest.ts</c> is the same for the page. Every file is relative to <see cref="Base"/>
/// and escaped for an address.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>A model of Cubism 3 or newer.</summary>
    public const string Cubism = "cubism";

    /// <summary>A model of Cubism 2.</summary>
    public const string Cubism2 = "cubism2";

    /// <summary>Its name, by which messages and addresses mean it: its folder's.</summary>
    public required string Name { get; init; }

    /// <summary>How users see it named.</summary>
    public required string Title { get; init; }

    /// <summary><see cref="Cubism"/> or <see cref="Cubism2"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What the files are relative to, with a closing slash; itself relative to the address of the hub.</summary>
    public required string Base { get; init; }

    /// <summary>The file of the model itself. It may not be there, which the check tells.</summary>
    public required string Moc { get; init; }

    /// <summary>Textures in the order of the model.</summary>
    public required IReadOnlyList<string> Textures { get; init; }

    /// <summary>The file of the physics; null where there is none.</summary>
    public string? Physics { get; init; }

    /// <summary>The file of the pose; null where there is none.</summary>
    public string? Pose { get; init; }

    /// <summary>Expressions, those that only lie in the folder included.</summary>
    public required IReadOnlyList<ModelExpression> Expressions { get; init; }

    /// <summary>Motions, those that only lie in the folder included.</summary>
    public required IReadOnlyList<ModelMotion> Motions { get; init; }

    /// <summary>Names of the motions that play while nothing else does.</summary>
    public required IReadOnlyList<string> Idle { get; init; }

    /// <summary>Ids of the parameters that close the eyes.</summary>
    public required IReadOnlyList<string> EyeBlink { get; init; }

    /// <summary>Ids of the parameters that open the mouth.</summary>
    public required IReadOnlyList<string> LipSync { get; init; }

    /// <summary>Areas that react to a touch.</summary>
    public required IReadOnlyList<ModelHitArea> HitAreas { get; init; }

    /// <summary>Where the model's author puts it, as it stands in the file; null: nowhere.</summary>
    public IReadOnlyDictionary<string, double>? Layout { get; init; }

    /// <summary>Names for users.</summary>
    public required ModelNames Names { get; init; }

    /// <summary>Notes of the model's author at drawables, by id.</summary>
    public required IReadOnlyDictionary<string, string> Notes { get; init; }

    /// <summary>What the hotkeys of VTube Studio do, in their order.</summary>
    public required IReadOnlyList<ModelHotkey> Hotkeys { get; init; }

    /// <summary>Where the user wants it to stand; null: so that all of it is seen.</summary>
    public ModelPlacement? Placement { get; init; }

    /// <summary>What the character does at an emotion, by its canonical name.</summary>
    public required IReadOnlyDictionary<string, ModelAct> Emotions { get; init; }

    /// <summary>What it does at a motion that the page knows, by its name.</summary>
    public required IReadOnlyDictionary<string, ModelAct> Gestures { get; init; }

    /// <summary>What it does at a touch, by area.</summary>
    public required IReadOnlyDictionary<string, ModelAct> Touches { get; init; }
}

/// <summary>What a character does with what it brings along.</summary>
public sealed record ModelAct
{
    /// <summary>Expressions to show together, by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Expressions { get; init; }

    /// <summary>A motion to play, by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Motion { get; init; }

    /// <summary>Values of parameters, by id, in the model's own units.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Parameters { get; init; }
}

/// <param name="Name">Unique among the model's expressions, without regard to case.</param>
/// <param name="File">Its file.</param>
public sealed record ModelExpression(string Name, string File);

/// <param name="Name">Unique among the model's motions, without regard to case.</param>
/// <param name="Group">Its group in the model's definition; null for one that only lies in the folder.</param>
/// <param name="File">Its file.</param>
/// <param name="FadeIn">In seconds; null: as its file says.</param>
/// <param name="FadeOut">In seconds; null: as its file says.</param>
/// <param name="Sound">A sound file that plays with it.</param>
public sealed record ModelMotion(string Name, string? Group, string File, double? FadeIn, double? FadeOut, string? Sound);

/// <param name="Name">How the model's author calls the area.</param>
/// <param name="Id">The drawable whose outline it is.</param>
public sealed record ModelHitArea(string Name, string Id);

/// <param name="Name">How users see it named.</param>
/// <param name="Action"><c>expression</c>, <c>motion</c> or <c>clear</c>.</param>
/// <param name="Target">The expression or motion; null for <c>clear</c>.</param>
/// <param name="Keys">Its keys, as VTube Studio names them.</param>
public sealed record ModelHotkey(string Name, string Action, string? Target, IReadOnlyList<string> Keys);

/// <param name="X">To the right, in heights of the stage.</param>
/// <param name="Y">Up, in heights of the stage.</param>
/// <param name="Scale">0.1 to 10; 1: all of it is seen.</param>
public sealed record ModelPlacement(double X, double Y, double Scale);

/// <param name="Parameters">Names of parameters, by id.</param>
/// <param name="Parts">Names of parts, by id.</param>
public sealed record ModelNames(IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Parts);
