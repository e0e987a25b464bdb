namespace Kotodama.Server.Sockets;

/// <summary>
/// What the hub's loop sends while it works on a batch. It waits in the outboxes until the end of the batch, so that each connection gets
/// all of it in one send, and the sends of many connections are shared among the processors. One thread opens and ends it.
/// </summary>
/// <param name="helpers">Other threads that may take part in sending.</param>
internal sealed class Bundle(int helpers)
{
    /// <summary>Connections that one thread takes at once; fewer than two of these portions are not worth waking another.</summary>
    private const int Portion = 64;

    [ThreadStatic]
    private static Bundle? _open;

    private readonly List<Outbox> _waiting = [];

    /// <summary>The bundle that is open on this thread; null: there is none.</summary>
    public static Bundle? Open => _open;

    /// <summary>From now on what this thread sends waits.</summary>
    public void Begin() => _open = this;

    /// <summary>An outbox has something that waits for the end; it adds itself once.</summary>
    public void Add(Outbox outbox) => _waiting.Add(outbox);

    /// <summary>Sends all that waits, and returns when it has been sent or is on its way.</summary>
    public void End()
    {
        _open = null;
        if (helpers > 0 && _waiting.Count >= 2 * Portion)
            new Sending(_waiting).Run(helpers);
        else
            foreach (var outbox in _waiting)
                outbox.EndBundle();
        _waiting.Clear();
    }

    /// <summary>One end of a bundle that several threads work on. A thread that comes too late finds nothing left.</summary>
    private sealed class Sending(List<Outbox> outboxes) : IThreadPoolWorkItem
    {
        private readonly int _count = outboxes.Count;
        private readonly object _ending = new();
        private int _next;
        private int _done;

        public void Run(int helpers)
        {
            for (var i = Math.Min(helpers, (_count / Portion) - 1); i > 0; i--)
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            Execute();
            lock (_ending)
                while (Volatile.Read(ref _done) < _count)
                    Monitor.Wait(_ending);
        }

        public void Execute()
        {
            while (Interlocked.Add(ref _next, Portion) - Portion is var from && from < _count)
            {
                var to = Math.Min(from + Portion, _count);
                for (var i = from; i < to; i++)
                    outboxes[i].EndBundle();
                if (Interlocked.Add(ref _done, to - from) < _count)
                    continue;
                lock (_ending)
                    Monitor.Pulse(_ending);
            }
        }
    }
}
