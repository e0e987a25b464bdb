using Kotodama.Protocol;

namespace Kotodama.Server.Access;

/// <summary>
/// The origins of web pages that users allowed, in <c>origins.json</c> of the data folder. Programs may change them while a hub runs with
/// the folder; the hub goes by it within a moment. Members may be called from any thread.
/// </summary>
public sealed class OriginStore : IDisposable
{
    /// <summary>Origins at the same time. One more is refused.</summary>
    public const int Most = 100;

    private const string FileName = "origins.json";

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly AccessFile<OriginList>? _file;
    private readonly List<CancellationTokenSource> _gone = [];
    private Dictionary<string, CancellationTokenSource> _origins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Opens the origins of a folder.</summary>
    /// <param name="folder">The data folder. Null: there are none.</param>
    /// <param name="time">The clock.</param>
    public OriginStore(string? folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _file = folder is null
            ? null
            : new AccessFile<OriginList>(Path.Combine(folder, FileName), AccessJson.Default.OriginList, list => list.Problem());
    }

    /// <summary>What browsers send for the pages that are allowed.</summary>
    /// <exception cref="KotodamaException">The file cannot be read.</exception>
    public IReadOnlyList<string> List()
    {
        Refresh();
        lock (_lock)
            return _file?.Problem is not { } problem ? [.. _origins.Keys.Order(StringComparer.Ordinal)] : throw problem;
    }

    /// <summary>Allows pages of an origin.</summary>
    /// <param name="origin">The origin as a user writes it.</param>
    /// <returns>What was added: what browsers send for such pages. Empty: it was allowed already.</returns>
    /// <exception cref="KotodamaException">
    /// It is no origin (<see cref="ErrorCode.BadValue"/>; the message says what to write), the file cannot be changed, or there are too
    /// many.
    /// </exception>
    public IReadOnlyList<string> Allow(string origin)
    {
        IReadOnlyList<string> added = [];
        var asked = Read(origin);
        Change(known =>
        {
            added = [.. asked.Except(known, StringComparer.Ordinal)];
            return known.Count + added.Count <= Most
                ? [.. known, .. added]
                : throw new KotodamaException(
                    ErrorCode.StorageFull, $"there are {known.Count} origins, the limit is {Most}", "Remove one: kotodama origin remove.");
        });
        return added;
    }

    /// <summary>Allows pages of an origin no more.</summary>
    /// <param name="origin">The origin as a user writes it.</param>
    /// <returns>Whether it was allowed.</returns>
    /// <exception cref="KotodamaException">It is no origin (<see cref="ErrorCode.BadValue"/>), or the file cannot be changed.</exception>
    public bool Remove(string origin)
    {
        var found = false;
        var asked = Read(origin);
        Change(known =>
        {
            found = asked.Intersect(known, StringComparer.Ordinal).Any();
            return [.. known.Except(asked, StringComparer.Ordinal)];
        });
        return found;
    }

    /// <summary>Stops looking at the file.</summary>
    public void Dispose() => _file?.Dispose();

    /// <summary>Looks at the file again and again, so that pages of an origin that was removed end. Only a hub needs that.</summary>
    internal void Watch() => _file?.Watch(_time, Refresh);

    /// <summary>Whether pages of an origin are allowed.</summary>
    /// <param name="origin">What a browser sent.</param>
    /// <param name="ended">Cancelled when it is removed.</param>
    internal bool Allows(string origin, out CancellationToken ended)
    {
        Refresh();
        lock (_lock)
        {
            var found = _origins.GetValueOrDefault(origin);
            ended = found?.Token ?? CancellationToken.None;
            return found is not null;
        }
    }

    private static IReadOnlyList<string> Read(string origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return WebOrigin.TryRead(origin, out var origins, out var problem)
            ? origins
            : throw new KotodamaException(ErrorCode.BadValue, $"\"{origin}\" is no origin: {problem}", "");
    }

    private void Change(Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        if (_file is null)
            throw new InvalidOperationException("Without a data folder no origin is kept.");
        lock (_lock)
            _file.Change(list => new OriginList(change(list?.Origins ?? [])));
        Refresh();
    }

    private void Refresh()
    {
        CancellationTokenSource[] gone;
        lock (_lock)
        {
            // What cannot be read allows no page.
            _file?.Refresh(list => Take(list?.Origins ?? []));
            gone = [.. _gone];
            _gone.Clear();
        }

        // Outside of the lock: connections close in it.
        foreach (var origin in gone)
            origin.Cancel();
    }

    private void Take(IReadOnlyList<string> origins)
    {
        var before = _origins;
        _origins = new Dictionary<string, CancellationTokenSource>(StringComparer.OrdinalIgnoreCase);
        foreach (var origin in origins)
            _origins[origin] = before.GetValueOrDefault(origin) ?? new CancellationTokenSource();
        _gone.AddRange(before.Where(o => !_origins.ContainsKey(o.Key)).Select(o => o.Value));
    }
}

/// <summary>What <c>origins.json</c> holds.</summary>
internal sealed record OriginList(IReadOnlyList<string> Origins)
{
    /// <summary>Why this cannot be a list of origins; null: it can.</summary>
    public string? Problem()
    {
        foreach (var origin in Origins)
        {
            if (origin is null || !WebOrigin.TryRead(origin, out var read, out _))
                return $"\"{origin}\" is no origin";
            if (!read.Contains(origin, StringComparer.Ordinal))
                return $"browsers write {string.Join(" or ", read)} for \"{origin}\"";
        }

        return null;
    }
}
