using System.Runtime.InteropServices;

namespace Kotodama.Bench.Beside;

/// <summary>What the load generator asks Linux for, past the framework: it has to cost less than the servers that it measures.</summary>
internal static partial class Kernel
{
    public const int Add = 1, Readable = 1, DontWait = 0x40, NoSignal = 0x4000;

    private const int ProcessorClockOfProcess = 2;

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct Event
    {
        public uint Events;
        public int Number;
        public int Unused;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    public static partial int CreatePoller(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    public static partial int ChangePoller(int poller, int change, int socket, ref Event wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    public static unsafe partial int Poll(int poller, Event* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv")]
    public static unsafe partial nint Receive(int socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    public static unsafe partial nint Send(int socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int process, nint length, ref long mask);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static unsafe partial int Time(int clock, long* time);

    /// <summary>Keeps this process, with the threads that it has yet to start, on one processor.</summary>
    public static void StayOn(int processor)
    {
        var mask = 1L << processor;
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
            _ = SetAffinity(int.Parse(Path.GetFileName(thread), null), sizeof(long), ref mask);
    }

    /// <summary>The processor time of all threads of a process.</summary>
    public static unsafe TimeSpan ProcessorTime(int process)
    {
        var time = stackalloc long[2];

        // The number of a process's clock, as clock_getcpuclockid makes it.
        if (Time((~process << 3) | ProcessorClockOfProcess, time) != 0)
            throw new InvalidOperationException($"Process {process} has ended.");
        return TimeSpan.FromSeconds(time[0]) + TimeSpan.FromTicks(time[1] / 100);
    }
}
