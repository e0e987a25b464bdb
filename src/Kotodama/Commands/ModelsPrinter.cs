using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kotodama.Server.Models;

namespace Kotodama.Cli.Commands;

/// <summary>Prints models and what is wrong with them.</summary>
internal static class ModelsPrinter
{
    private const int MostNames = 40;

    /// <summary>The languages of findings.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "zh", "ja"];

    public static void Json<T>(T value) =>
        Terminal.TryJson(JsonSerializer.Serialize(value, typeof(T), ModelsCommandJson.Plain));

    public static void List(ModelFolder models, IReadOnlyList<ModelReport> reports)
    {
        var width = reports.Select(r => Width(r.Name)).DefaultIfEmpty(0).Max();
        foreach (var report in reports)
        {
            var name = Terminal.Good(Terminal.Plain(report.Name)) + new string(' ', width - Width(report.Name));
            if (!Terminal.TryLine($"  {name}  {Summary(report)}  {State(report)}"))
                return;
        }

        if (reports.Count == 0)
            Terminal.Error(Terminal.Dim("There are no models yet: kotodama models add PATH takes a folder or a zip file."));
        Terminal.Line();
        Cores(models);
        Terminal.Line(Terminal.Dim($"Models lie in {models.FullPath}; docs/avatars.md tells more."));
    }

    public static void Show(ModelReport report)
    {
        var title = Terminal.Plain(report.Manifest?.Title ?? report.Name);
        Terminal.Line($"{Terminal.Bold(title)}  {Terminal.Dim(Terminal.Plain(report.Name))}");
        Terminal.Line($"  {Summary(report)}  {State(report)}");
        if (report.Credit is { } credit)
            Terminal.Line($"  credit       {Terminal.Plain(credit)}");
        if (report.Manifest is not { } model)
            return;
        Names("expressions", model.Expressions.Select(e => e.Name));
        Names("motions", model.Motions.Select(m => m.Name));
        Names("idle", model.Idle);
        Acts("emotions", model.Emotions);
        Acts("gestures", model.Gestures);
        Acts("touches", model.Touches);
        Names("hit areas", model.HitAreas.Select(a => a.Name));
        Names("hotkeys", model.Hotkeys.Select(h => $"{h.Name} ({(h.Keys.Count > 0 ? string.Join('+', h.Keys) : "no keys")})"));
        Names("eyes close by", model.EyeBlink);
        Names("mouth opens by", model.LipSync);
    }

    public static void Findings(IReadOnlyList<ModelReport> reports, string language)
    {
        foreach (var report in reports)
        {
            Terminal.Line($"{Terminal.Bold(Terminal.Plain(report.Name))}  {Terminal.Dim(Summary(report))}");
            foreach (var finding in report.Findings)
            {
                var text = Terminal.Plain(finding.Text[language]);
                var line = finding.Severity switch
                {
                    FindingSeverity.Error => $"  {Terminal.Bad("FAIL")}    {text}",
                    FindingSeverity.Warning => $"  {Terminal.Warn("warn")}    {text}",
                    FindingSeverity.Mended => $"  {Terminal.Good("mended")}  {text}",
                    _ => $"  {Terminal.Dim("note")}    {text}",
                };
                if (!Terminal.TryLine(line))
                    return;
            }

            if (report.Findings.Count == 0)
                Terminal.Line($"  {Terminal.Good("ok")}      Nothing is wrong.");
        }

        if (reports.Count == 0)
            Terminal.Error(Terminal.Dim("There are no models yet: kotodama models add PATH takes a folder or a zip file."));
    }

    public static void Added(AddedModels added, string language)
    {
        foreach (var core in added.Cores)
            Terminal.Line($"Kept {core.File} ({Bytes(core.Bytes)}).");
        foreach (var model in added.Models)
            Terminal.Line($"Added {Terminal.Good(Terminal.Plain(model.Name))}.");
        if (added.Models.Where(m => m.Findings.Count > 0).ToArray() is { Length: > 0 } told)
            Findings(told, language);
    }

    public static void Cores(ModelFolder models)
    {
        Core(
            "Core",
            models.Cores.Core,
            $"Models need it. It is Live2D's: kotodama models core --accept-licence fetches it; its licence: {ModelCores.Licence}");
        if (models.Cores.Core2 is { } old)
            Core("Core of Cubism 2", old, "");
    }

    /// <summary>Tells on a terminal how much was taken; null where that would be in the way. To be disposed before more is told.</summary>
    public static TerminalProgress? Progress(bool isJson) => isJson || Console.IsErrorRedirected ? null : new TerminalProgress();

    private static void Core(string what, CoreFile? core, string missing)
    {
        if (core is null)
        {
            Terminal.Line($"  {Terminal.Warn($"{what}: none.")} {missing}");
            return;
        }

        var newest = core.NewestMoc is { } version ? $", knows models up to version {version}" : "";
        Terminal.Line($"  {what}: {core.File} {Terminal.Dim($"{Bytes(core.Bytes)}{newest}")}");
    }

    private static string Summary(ModelReport report)
    {
        var model = report.Manifest;
        var kind = model?.Kind switch { ModelManifest.Cubism2 => "Cubism 2", null => "no model", _ => "Cubism" };
        var acts = model is null ? "" : $", {Count(model.Expressions.Count, "expression")}, {Count(model.Motions.Count, "motion")}";
        return $"{kind}{acts}, {Bytes(report.Bytes)}";
    }

    private static string State(ModelReport report) => report.Problems == 0
        ? Terminal.Good("ok")
        : (report.IsGood ? Terminal.Warn(Count(report.Problems, "problem")) : Terminal.Bad(Count(report.Problems, "problem")))
            + Terminal.Dim(": kotodama models check says which");

    private static void Acts(string what, IReadOnlyDictionary<string, ModelAct> acts) => Names(what, acts.Select(a =>
    {
        var does = (a.Value.Expressions ?? []).Append(a.Value.Motion).OfType<string>()
            .Concat((a.Value.Parameters ?? new Dictionary<string, double>(StringComparer.Ordinal)).Select(p => $"{p.Key} {p.Value}"));
        return $"{a.Key}: {string.Join(" + ", does)}";
    }));

    private static void Names(string what, IEnumerable<string> names)
    {
        var all = names.Select(Terminal.Plain).ToArray();
        if (all.Length == 0)
            return;
        var more = all.Length > MostNames ? Terminal.Dim($" and {all.Length - MostNames} more (--json)") : "";
        Terminal.TryLine($"  {what,-14} {string.Join(", ", all.Take(MostNames))}{more}");
    }

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    private static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} bytes",
        < 1_000_000 => $"{bytes / 1_000.0:0.#} kB",
        _ => $"{bytes / 1_000_000.0:0.#} MB",
    };

    /// <summary>Columns of a terminal: letters of Chinese and Japanese take two.</summary>
    private static int Width(string text) => text.Sum(c => c is >= '\u1100' and <= '\ud7ff' or >= '\uf900' and <= '\uff60' ? 2 : 1);

    /// <summary>One line that changes, and goes in the end.</summary>
    internal sealed class TerminalProgress : IProgress<long>, IDisposable
    {
        private const long Step = 5_000_000;

        /// <summary>Columns of the longest line: there may be some ten gigabytes.</summary>
        private const int Columns = 10;

        private long _told;

        public void Report(long value)
        {
            if (value - _told < Step)
                return;
            _told = value;
            Terminal.Overwrite(string.Create(CultureInfo.InvariantCulture, $"{value / 1_000_000} MB …"), Columns);
        }

        public void Dispose()
        {
            if (_told > 0)
                Terminal.Overwrite("", Columns);
        }
    }
}

/// <summary>One model of the list, as JSON.</summary>
internal sealed record ModelRow(
    string Name,
    string Title,
    string? Kind,
    IReadOnlyList<string> Expressions,
    IReadOnlyList<string> Motions,
    int Problems,
    int Files,
    long Bytes)
{
    public static ModelRow Of(ModelReport report) => new(
        report.Name,
        report.Manifest?.Title ?? report.Name,
        report.Manifest?.Kind,
        [.. (report.Manifest?.Expressions ?? []).Select(e => e.Name)],
        [.. (report.Manifest?.Motions ?? []).Select(m => m.Name)],
        report.Problems,
        report.Files,
        report.Bytes);
}

/// <summary>The Cores, as JSON.</summary>
internal sealed record CoresRow(CoreFile? Core, CoreFile? Core2);

[JsonSerializable(typeof(ModelRow[]))]
[JsonSerializable(typeof(ModelReport))]
[JsonSerializable(typeof(ModelReport[]))]
[JsonSerializable(typeof(AddedModels))]
[JsonSerializable(typeof(CoresRow))]
internal sealed partial class ModelsCommandJson : JsonSerializerContext
{
    public static ModelsCommandJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    });
}
