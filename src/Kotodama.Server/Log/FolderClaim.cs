using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Kotodama.Server.Log;

/// <summary>
/// The lock of a data folder, which belongs to one process at a time. Held until disposed. Where the file system has no locks, the number
/// of the process that lies beside it takes their place, which tells of processes of this machine only.
/// </summary>
internal sealed class FolderClaim : IDisposable
{
    private const string LockName = "hub.lock", OwnerName = "hub.pid";

    /// <summary>A process that began so much after its number was written is another one with the same number.</summary>
    private static readonly TimeSpan StartedWithin = TimeSpan.FromSeconds(1);

    private readonly FileStream _lock;
    private readonly string _owner;

    private FolderClaim(FileStream held, string owner, bool hasLock)
    {
        _lock = held;
        _owner = owner;
        HasLock = hasLock;
        try
        {
            // Beside the lock, because other processes cannot open a file that is held.
            using var stream = new FileStream(owner, PrivateFiles.New());
            using var writer = new StreamWriter(stream);
            writer.Write(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only helps the user; a full disk must not keep the hub from starting.
        }
    }

    /// <summary>Whether the file system keeps other processes out, on whatever machine they run.</summary>
    public bool HasLock { get; }

    /// <param name="folder">The folder; made when it is not there, for this account alone.</param>
    /// <param name="open">Opens the lock for one process at a time; null: as the file system does it.</param>
    /// <exception cref="LogFailedException">The folder is in use by another process, or cannot be written.</exception>
    public static FolderClaim Acquire(string folder, Func<string, FileStream>? open = null)
    {
        open ??= static file => new FileStream(file, PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        var (file, owner) = (Path.Combine(folder, LockName), Path.Combine(folder, OwnerName));
        try
        {
            PrivateFiles.MakeFolder(folder);
            var held = open(file);
            var hasLock = IsLocked(file, open);
            if (!hasLock && Owner(owner) is { } other && IsAlive(other, owner))
            {
                held.Dispose();
                throw InUse(folder, owner);
            }

            return new FolderClaim(held, owner, hasLock);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LogFailedException($"the data folder {folder} cannot be written: {e.Message}", isFull: false, innerException: e);
        }
        catch (IOException e)
        {
            throw Directory.Exists(folder)
                ? InUse(folder, owner, e)
                : new LogFailedException($"the data folder {folder} cannot be made: {e.Message}", isFull: false, innerException: e);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next hub overwrites it.
        }

        _lock.Dispose();
    }

    /// <summary>
    /// Whether the lock that was just taken is one: a file system without locks lets it be taken a second time, and says nothing.
    /// </summary>
    private static bool IsLocked(string file, Func<string, FileStream> open)
    {
        try
        {
            open(file).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static LogFailedException InUse(string folder, string owner, Exception? cause = null)
    {
        var who = Owner(owner) is { } pid ? string.Create(CultureInfo.InvariantCulture, $" (pid {pid})") : "";
        return new LogFailedException(
            $"the data folder {folder} is in use by another hub{who}, or cannot be written", isFull: false, innerException: cause);
    }

    private static int? Owner(string owner)
    {
        try
        {
            return int.TryParse(File.ReadAllText(owner), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsAlive(int pid, string owner)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(owner) + StartedWithin;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // There is no such process, or not any more.
            return false;
        }
    }
}
