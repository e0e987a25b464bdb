using System.Text.Json;

namespace Kotodama.Server.Models;

/// <summary>Reads files of one model within their limits, and tells what cannot be read.</summary>
internal sealed class ModelFiles(ModelTree tree, ModelLimits limits, List<ModelFinding> findings)
{
    private const string Section = $"{KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.Models)}";

    public ModelTree Tree => tree;

    public ModelLimits Limits => limits;

    public List<ModelFinding> Findings => findings;

    /// <summary>Finds the file that a reference means, and tells when it is spelled otherwise.</summary>
    public ModelFile? Find(string reference, ModelFile from)
    {
        var found = tree.Find(reference, from.Folder, out var spelling);
        if (found is not null && spelling == Spelling.Mended)
            findings.Add(ModelFinding.Of("path_mended", from, ("name", reference), ("found", found.Path)));
        return found;
    }

    /// <summary>Finds a file that is wanted; a missing one is told.</summary>
    public ModelFile? Need(string? reference, ModelFile from)
    {
        if (reference is null)
            return null;
        var found = Find(reference, from);
        if (found is null)
            findings.Add(ModelFinding.Of("reference_missing", from, ("name", reference)));
        return found;
    }

    /// <summary>Reads a file that is JSON; null: it cannot be read, which was told.</summary>
    /// <param name="file">The file.</param>
    /// <param name="code">The finding when it is broken.</param>
    public JsonElement? Json(ModelFile file, string code = "file_broken")
    {
        if (Bytes(file) is not { } bytes)
            return null;
        if (LooseJson.Read(bytes, out var json, out var isOldEncoding) is { } problem)
        {
            findings.Add(ModelFinding.Of(
                code, file, ("line", problem.Line), ("column", problem.Column), ("problem", problem.Problem)));
            return null;
        }

        if (isOldEncoding)
            findings.Add(ModelFinding.Of("encoding_mended", file));
        return json;
    }

    /// <summary>Reads a whole file of at most the limit for JSON.</summary>
    public byte[]? Bytes(ModelFile file)
    {
        if (file.Length > limits.JsonBytes)
        {
            TooLarge(file, limits.JsonBytes, nameof(limits.JsonBytes));
            return null;
        }

        return Head(file, (int)file.Length);
    }

    /// <summary>The first bytes of a file, fewer where it is shorter; null: it cannot be opened, which was told.</summary>
    public byte[]? Head(ModelFile file, int count)
    {
        // A pipe has no length, and opening it would wait for its other end.
        if (file.Length == 0)
            return [];
        try
        {
            using var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var bytes = new byte[Math.Min(count, file.Length)];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read == bytes.Length ? bytes : bytes[..read];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Add(ModelFinding.Of("unreadable", file, ("problem", e.Message)));
            return null;
        }
    }

    public void TooLarge(ModelFile file, long limit, string setting) => findings.Add(ModelFinding.Of(
        "file_too_large", file, ("bytes", file.Length), ("limit", limit), ("setting", $"{Section}:{setting}")));

    /// <summary>Tells what is wrong with the folder as a whole.</summary>
    public void ExamineFolder()
    {
        if (tree.IsCut)
        {
            findings.Add(ModelFinding.Of(
                "too_many_files", null, ("limit", limits.Files), ("setting", $"{Section}:{nameof(limits.Files)}")));
        }

        foreach (var link in tree.Links.Take(10))
            findings.Add(ModelFinding.OfPath("link_ignored", link));
        foreach (var file in tree.Files.Where(f => f.Length > limits.FileBytes && ModelFileTypes.TypeOf(f.Name) is not null).Take(10))
            TooLarge(file, limits.FileBytes, nameof(limits.FileBytes));
    }
}
