using System.Globalization;

namespace Kotodama.Server.Log;

/// <summary>The lock of a data folder, which belongs to one process at a time. Held until disposed.</summary>
internal sealed class FolderClaim : IDisposable
{
    private const string LockName = "hub.lock", OwnerName = "hub.pid";

    private readonly FileStream _lock;
    private readonly string _owner;

    private FolderClaim(FileStream held, string owner)
    {
        _lock = held;
        _owner = owner;
        try
        {
            // Beside the lock, because other processes cannot open a file that is held.
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only helps the user; a full disk must not keep the hub from starting.
        }
    }

    /// <exception cref="LogFailedException">The folder is in use by another process, or cannot be written.</exception>
    public static FolderClaim Acquire(string folder)
    {
        var owner = Path.Combine(folder, OwnerName);
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderClaim(
                new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None),
                owner);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LogFailedException($"the data folder {folder} cannot be written: {e.Message}", isFull: false, innerException: e);
        }
        catch (IOException e)
        {
            throw new LogFailedException(
                Directory.Exists(folder)
                    ? $"the data folder {folder} is in use by another hub{Pid(owner)}, or cannot be written"
                    : $"the data folder {folder} cannot be made: {e.Message}",
                isFull: false, innerException: e);
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

    private static string Pid(string owner)
    {
        try
        {
            return int.TryParse(
                File.ReadAllText(owner),
                CultureInfo.InvariantCulture,
                out var pid) ? string.Create(CultureInfo.InvariantCulture, $" (pid {pid})") : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
