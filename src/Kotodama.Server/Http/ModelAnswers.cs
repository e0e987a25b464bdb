using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kotodama.Server.Models;

namespace Kotodama.Server.Http;

/// <summary>The answer of <c>GET /api/models</c>.</summary>
/// <param name="Models">The models by name.</param>
/// <param name="Core">The Core for Cubism 3 and newer.</param>
/// <param name="Core2">The Core for Cubism 2.</param>
/// <param name="Looks">What the page draws itself.</param>
/// <param name="Limits">How much may be added at once.</param>
internal sealed record ModelsAnswer(
    IReadOnlyList<ModelLine> Models,
    CoreAnswer Core,
    CoreAnswer Core2,
    IReadOnlyList<string> Looks,
    UploadLimits Limits)
{
    public static ModelsAnswer Of(ModelFolder folder) => new(
        [.. folder.List().Select(ModelLine.Of)],
        CoreAnswer.Of(folder.Cores.Core),
        CoreAnswer.Of(folder.Cores.Core2),
        ModelName.Looks,
        new UploadLimits(folder.Limits.UploadBytes, folder.Limits.Files));
}

/// <param name="Bytes">See <see cref="ModelLimits.UploadBytes"/>.</param>
/// <param name="Files">See <see cref="ModelLimits.Files"/>.</param>
internal sealed record UploadLimits(long Bytes, int Files);

/// <param name="Name">Its name.</param>
/// <param name="Title">How users see it named.</param>
/// <param name="Kind">See <see cref="ModelManifest.Kind"/>; null for a folder that holds no model.</param>
/// <param name="Expressions">Names.</param>
/// <param name="Motions">Names.</param>
/// <param name="Problems">How many findings are errors or warnings.</param>
internal sealed record ModelLine(
    string Name,
    string Title,
    string? Kind,
    IReadOnlyList<string> Expressions,
    IReadOnlyList<string> Motions,
    int Problems)
{
    public static ModelLine Of(ModelReport report) => new(
        report.Name,
        report.Manifest?.Title ?? report.Name,
        report.Manifest?.Kind,
        [.. (report.Manifest?.Expressions ?? []).Select(e => e.Name)],
        [.. (report.Manifest?.Motions ?? []).Select(m => m.Name)],
        report.Problems);
}

/// <param name="Present">Whether the user has brought it.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record CoreAnswer(bool Present, long? Bytes)
{
    public static CoreAnswer Of(CoreFile? core) => new(core is not null, core?.Bytes);
}

/// <summary>The answer of <c>POST /api/models</c>.</summary>
/// <param name="Added">The model, the first of several; null: only a Core came.</param>
/// <param name="Models">All models that were added.</param>
/// <param name="Core">The Core that was added.</param>
internal sealed record AddedAnswer(string? Added, IReadOnlyList<string> Models, CoreAdded? Core);

/// <param name="File">Its file: which Core it is.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record CoreAdded(string File, long Bytes);

/// <summary>The answer of <c>POST /api/models/core/download</c>.</summary>
internal sealed record CoreFetched(CoreAdded Core);

/// <summary>The answer of <c>GET /api/models/NAME/check</c>.</summary>
internal sealed record CheckAnswer(IReadOnlyList<ModelFinding> Findings);

/// <summary>Whether the user accepted Live2D's licence.</summary>
internal sealed record Acceptance(bool Accepted);

[JsonSerializable(typeof(ModelsAnswer))]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(AddedAnswer))]
[JsonSerializable(typeof(CoreFetched))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(Acceptance))]
internal sealed partial class ModelsJson : JsonSerializerContext
{
    // The page reads fields that are null as they are declared: they are there.
    public static ModelsJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
