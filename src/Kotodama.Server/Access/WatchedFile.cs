namespace Kotodama.Server.Access;

/// <summary>A file of the data folder that another process may change at any time.</summary>
internal abstract class WatchedFile : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private ITimer? _timer;

    /// <summary>Looks at the file again and again, so that what is taken out of it ends by itself. Only a hub needs that.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="look">Called on a timer's thread.</param>
    public void Watch(TimeProvider time, Action look) => _timer ??= time.CreateTimer(_ => look(), null, LookEvery, LookEvery);

    /// <summary>Stops looking at the file.</summary>
    public void Dispose() => Interlocked.Exchange(ref _timer, null)?.Dispose();
}
