using System.Text.Json.Serialization;

namespace Kotodama.Server.Models;

/// <summary>How much a finding matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
public enum FindingSeverity
{
    /// <summary>The model cannot be shown, or not as it is meant.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>Something of the model does not work.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Good to know.</summary>
    [JsonStringEnumMemberName("hint")]
    Hint,

    /// <summary>Something was wrong, and is read as it is meant. The files stay as they are.</summary>
    [JsonStringEnumMemberName("mended")]
    Mended,
}

/// <summary>What the check found at a model.</summary>
public sealed record ModelFinding
{
    /// <summary>What was found; stable.</summary>
    public required string Code { get; init; }

    /// <summary>How much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>The file that it is about, below the model's folder; null: the model as a whole.</summary>
    public string? File { get; init; }

    /// <summary>What stands in the sentences' places.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>The sentence in each language: <c>en</c>, <c>zh</c> and <c>ja</c>.</summary>
    public required IReadOnlyDictionary<string, string> Text { get; init; }

    internal static ModelFinding Of(string code, ModelFile? file, params (string Name, object Value)[] arguments) =>
        OfPath(code, file?.Path, arguments);

    internal static ModelFinding OfPath(string code, string? file, params (string Name, object Value)[] arguments)
    {
        var values = arguments.ToDictionary(a => a.Name, a => $"{a.Value}", StringComparer.Ordinal);
        return new ModelFinding
        {
            Code = code,
            Severity = FindingTexts.SeverityOf(code),
            File = file,
            Arguments = values,
            Text = FindingTexts.Fill(code, file, values),
        };
    }
}

/// <summary>What the check found out about a model's folder.</summary>
public sealed record ModelReport
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The model; null where there is none that could be shown.</summary>
    public ModelManifest? Manifest { get; init; }

    /// <summary>Whom to thank, as <c>avatar.json</c> says.</summary>
    public string? Credit { get; init; }

    /// <summary>Files of the folder.</summary>
    public required int Files { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The findings, the worst first.</summary>
    public required IReadOnlyList<ModelFinding> Findings { get; init; }

    /// <summary>How many findings are errors or warnings.</summary>
    public int Problems => Findings.Count(f => f.Severity is FindingSeverity.Error or FindingSeverity.Warning);

    /// <summary>Whether the model can be shown.</summary>
    public bool IsGood => Manifest is not null && Findings.All(f => f.Severity != FindingSeverity.Error);
}
