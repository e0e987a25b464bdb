using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>A Core that the user brought.</summary>
/// <param name="File">Its file in the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="NewestMoc">The newest version of moc that it says it knows; null: it does not say.</param>
public sealed record CoreFile(string File, long Bytes, int? NewestMoc);

/// <summary>
/// Live2D's scripts that draw models, in the folder <c>_core</c> beside the models. Kotodama brings none: each user accepts Live2D's
/// licence and puts the file there, or has it fetched. Any number of threads.
/// </summary>
public sealed partial class ModelCores
{
    /// <summary>The folder beside the models.</summary>
    public const string FolderName = "_core";

    /// <summary>The script that models of Cubism 3 and newer need.</summary>
    public const string Cubism = "live2dcubismcore.min.js";

    /// <summary>The script that models of Cubism 2 need.</summary>
    public const string Cubism2 = "live2d.min.js";

    /// <summary>Live2D's licence of the Core.</summary>
    public static readonly Uri Licence = new("https://www.live2d.com/eula/live2d-proprietary-software-license-agreement_en.html");

    /// <summary>Letters at the beginning of a script that are looked through.</summary>
    private const int FirstLetters = 1_024;

    /// <summary>The versions of moc by how a Core names them.</summary>
    private static readonly FrozenDictionary<int, int> MocVersions = new Dictionary<int, int>
    {
        [30] = 1,
        [33] = 2,
        [40] = 3,
        [42] = 4,
        [50] = 5,
        [53] = 6,
    }.ToFrozenDictionary();

    private static readonly Dictionary<string, string[]> Spellings = new(StringComparer.Ordinal)
    {
        [Cubism] = [Cubism, "live2dcubismcore.js"],
        [Cubism2] = [Cubism2, "live2d.js"],
    };

    private readonly string? _folder;
    private readonly ModelLimits _limits;
    private readonly TimeProvider _time;
    private Known? _known;

    internal ModelCores(string? models, ModelLimits limits, TimeProvider time)
    {
        _folder = models is null ? null : Path.Combine(models, FolderName);
        (_limits, _time) = (limits, time);
    }

    /// <summary>The Core for Cubism 3 and newer; null: there is none.</summary>
    public CoreFile? Core
    {
        get
        {
            if (Locate(Cubism) is not { } file)
                return null;
            var known = Volatile.Read(ref _known);
            if (known?.Written == file.LastWriteTimeUtc && known.Core.File == file.Name && known.Core.Bytes == file.Length)
                return known.Core;
            var core = new CoreFile(file.Name, file.Length, NewestMocOf(file));
            Volatile.Write(ref _known, new Known(file.LastWriteTimeUtc, core));
            return core;
        }
    }

    /// <summary>The Core for Cubism 2; null: there is none.</summary>
    public CoreFile? Core2 => Locate(Cubism2) is { } file ? new CoreFile(file.Name, file.Length, null) : null;

    /// <summary>Finds a Core's file on this machine: <see cref="Cubism"/> or <see cref="Cubism2"/>, in any of its spellings.</summary>
    internal FileInfo? Locate(string name) =>
        _folder is null || !Spellings.TryGetValue(name, out var spellings)
            ? null
            : spellings.Select(s => new FileInfo(Path.Combine(_folder, s)))
                .FirstOrDefault(f => f.Exists && !f.Attributes.HasFlag(FileAttributes.ReparsePoint) && f.Length <= _limits.CoreBytes);

    /// <summary>Which Core a script is; null: none.</summary>
    internal static string? Recognize(ReadOnlySpan<byte> script)
    {
        var head = Encoding.Latin1.GetString(script[..Math.Min(script.Length, FirstLetters)]);
        if (head.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\r', '\n').StartsWith('<'))
            return null;
        if (script.IndexOf("Live2DCubismCore"u8) >= 0 || script.IndexOf("PurismCore"u8) >= 0)
            return Cubism;
        return script.IndexOf("Live2DModelWebGL"u8) >= 0 ? Cubism2 : null;
    }

    /// <summary>Keeps a script as the Core that it is, in place of the one that was there.</summary>
    /// <param name="script">The script.</param>
    /// <exception cref="ModelException">It is none, too large, or cannot be stored.</exception>
    public CoreFile Put(ReadOnlySpan<byte> script)
    {
        if (script.Length > _limits.CoreBytes)
            throw TooLarge();
        if (Recognize(script) is not { } name)
        {
            throw new ModelException(
                ErrorCode.BadModel,
                "the script is no Core of Live2D",
                $"Take {Cubism} of the Cubism SDK for Web, or {Cubism2} for models of Cubism 2.");
        }

        if (_folder is null)
            throw ModelFolder.NoFolder();
        var path = Path.Combine(_folder, name);
        try
        {
            Directory.CreateDirectory(_folder);
            var draft = $"{path}.{Guid.NewGuid():n}.tmp";
            try
            {
                File.WriteAllBytes(draft, script);
                File.Move(draft, path, overwrite: true);
            }
            finally
            {
                File.Delete(draft);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage("the Core cannot be stored", e);
        }

        return (name == Cubism ? Core : Core2) ?? new CoreFile(name, script.Length, null);
    }

    /// <summary>
    /// Fetches the Core from Live2D's own host and keeps it. Call it only when a user has accepted <see cref="Licence"/>; nothing else in
    /// Kotodama fetches it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ModelException">The host does not answer, or with something else; or the Core cannot be stored.</exception>
    public async Task<CoreFile> FetchAsync(CancellationToken cancellationToken = default)
    {
        if (_folder is null)
            throw ModelFolder.NoFolder();
        var address = _limits.CoreAddress;
        using var patience = new CancellationTokenSource(_limits.CoreTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var handler = new SocketsHttpHandler { MaxAutomaticRedirections = 3, UseCookies = false };
            using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
                throw Failed($"it answered {(int)response.StatusCode}", null);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var script = new MemoryStream();
            var buffer = new byte[81_920];
            for (int read; (read = await body.ReadAsync(buffer, either.Token)) > 0;)
            {
                script.Write(buffer, 0, read);
                if (script.Length > _limits.CoreBytes)
                    throw TooLarge();
            }

            var bytes = script.GetBuffer().AsSpan(0, (int)script.Length);
            if (Recognize(bytes) != Cubism)
                throw Failed("what came is no Core", null);
            return Put(bytes);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"it took longer than {_limits.CoreTimeout.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failed(e.Message, e);
        }

        ModelException Failed(string why, Exception? e) => new(
            ErrorCode.FetchFailed,
            $"the Core could not be fetched from {address.Host}: {why}",
            $"Get the Cubism SDK for Web from live2d.com yourself and bring its {Cubism}.",
            e);
    }

    private ModelException TooLarge() => new(
        ErrorCode.TooBig,
        $"the script is larger than {_limits.CoreBytes} bytes",
        $"A Core is smaller. The limit is {ModelFolder.Setting(nameof(ModelLimits.CoreBytes))}.");

    /// <summary>By the names that a Core's own interface has for the versions, or by what came with the newest.</summary>
    private static int? NewestMocOf(FileInfo file)
    {
        try
        {
            var script = File.ReadAllText(file.FullName, Encoding.Latin1);
            var named = VersionName().Matches(script)
                .Select(m => int.Parse(m.Groups["version"].Value, CultureInfo.InvariantCulture))
                .ToArray();
            if (named.Length == 0)
                return null;
            var newest = MocVersions.TryGetValue(named.Max(), out var version) ? version : MocVersions.Values.Max() + 1;
            var hasOffscreens = script.Contains("csmGetOffscreen", StringComparison.Ordinal);
            return hasOffscreens ? Math.Max(newest, MocVersions[53]) : newest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The page will say that it cannot load it.
            return null;
        }
    }

    /// <summary>What was read of the Core, as long as its file stays as it is.</summary>
    private sealed record Known(DateTime Written, CoreFile Core);

    [GeneratedRegex(@"MocVersion_(?<version>\d{2})\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex VersionName();
}
