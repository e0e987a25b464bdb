using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kotodama.Protocol;
using Kotodama.Server.Log;

namespace Kotodama.Server.Access;

/// <summary>
/// A small file of the data folder that one process changes while another one, the hub, goes by it. A change replaces the file whole, so
/// no reader gets half of one. One caller at a time.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="type">What it holds.</param>
/// <param name="problem">Says why what was read cannot be right; null: it can.</param>
internal sealed class AccessFile<T>(string path, JsonTypeInfo<T> type, Func<T, string?> problem) : WatchedFile
    where T : class
{
    private static readonly (DateTime, long) Never = (DateTime.MinValue, 0);

    private (DateTime Written, long Length)? _stamp = Never;

    /// <summary>Why nothing in the file counts: when it was last read, it could not be. Null: it could.</summary>
    public KotodamaException? Problem { get; private set; }

    /// <summary>Reads the file if it is another one than before.</summary>
    /// <param name="take">Gets what it holds; null when there is no file, or it cannot be read.</param>
    public void Refresh(Action<T?> take)
    {
        if (!HasChanged())
            return;
        T? content = null;
        Problem = null;
        try
        {
            content = Read();
        }
        catch (KotodamaException e)
        {
            Problem = e;
        }

        take(content);
    }

    /// <summary>Changes the file; what another process changes at the same time is not lost.</summary>
    /// <param name="change">Gets what the file holds, null without one, and returns what it shall hold.</param>
    /// <exception cref="KotodamaException">It cannot be read or written, or another process is changing it in this moment.</exception>
    public void Change(Func<T?, T> change)
    {
        var temporary = path + ".new";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            using var held = new FileStream(path + ".lock", PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite));
            var content = change(Read());
            using (var stream = new FileStream(temporary, PrivateFiles.New()))
            {
                JsonSerializer.Serialize(stream, content, type);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("changed", e);
        }
    }

    /// <summary>Whether the file is another one than when this was last asked; a file that came or went counts.</summary>
    private bool HasChanged()
    {
        var file = new FileInfo(path);
        (DateTime, long)? stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
        if (stamp == _stamp)
            return false;
        _stamp = stamp;
        return true;
    }

    /// <summary>Reads the file. Null: there is none.</summary>
    /// <exception cref="KotodamaException">It cannot be read, or holds something else.</exception>
    private T? Read()
    {
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(path), type) ?? throw new JsonException("it holds nothing");
            return problem(content) is { } wrong ? throw new JsonException(wrong) : content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // To be tried again, because what keeps it from being read may leave no trace in the file.
            _stamp = Never;
            throw Failed("read", e);
        }
    }

    private KotodamaException Failed(string what, Exception cause) => new(
        ErrorCode.StorageFailed,
        $"{path} cannot be {what}: {cause.Message.TrimEnd('.')}",
        "Until it can, nothing in it counts. Mend the file or its folder, or remove it.",
        cause);
}
