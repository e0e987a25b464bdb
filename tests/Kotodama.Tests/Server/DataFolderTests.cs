using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server;

/// <summary>The data folder belongs to one process and one account, and nothing piles up in it.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _root = Directory.CreateTempSubdirectory("kotodama-folder-").FullName;
    private readonly string _folder;

    public DataFolderTests() => _folder = Path.Combine(_root, "data");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Whatever_the_hub_makes_is_for_its_account_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        Open().Dispose();
        Assert.True(IsPrivate(_folder));
        using var log = Open();
        Assert.All(Directory.GetFiles(_folder), file => Assert.True(IsPrivate(file), file));
        Assert.True(Directory.GetFiles(_folder).Length > 4);
    }

    [Fact]
    public void A_folder_of_the_version_before_is_taken_away_from_others()
    {
        if (OperatingSystem.IsWindows())
            return;
        Loosen("llm.json", "avatars.json", "hub.json", "messages.db.corrupt-20200101-000000");
        Open().Dispose();
        Assert.True(IsPrivate(_folder));
        Assert.All(Directory.GetFiles(_folder), file => Assert.True(IsPrivate(file), file));
    }

    [Fact]
    public void A_folder_in_which_the_user_keeps_other_things_stays_open_and_so_do_these()
    {
        if (OperatingSystem.IsWindows())
            return;
        Loosen("llm.json", "holiday.jpg");
        var before = File.GetUnixFileMode(Path.Combine(_folder, "holiday.jpg"));
        Open().Dispose();
        Assert.False(IsPrivate(_folder));
        Assert.Equal(before, File.GetUnixFileMode(Path.Combine(_folder, "holiday.jpg")));
        Assert.True(IsPrivate(Path.Combine(_folder, "llm.json")));
    }

    [Fact]
    public void What_killed_processes_left_goes_and_of_damaged_files_the_newest_stay()
    {
        var model = Directory.CreateDirectory(Path.Combine(_folder, "models", "cat")).FullName;
        var core = Directory.CreateDirectory(Path.Combine(_folder, "models", "_core")).FullName;
        string[] leftovers =
        [
            Path.Combine(_folder, "avatars.json.new"), Path.Combine(_folder, "llm.json.new"), Path.Combine(_folder, "messages.db-12.seal.new"),
            Path.Combine(model, "avatar.json.0123.tmp"), Path.Combine(core, "live2dcubismcore.min.js.0123.tmp"),
        ];
        string[] others = [Path.Combine(_folder, "notes.tmp"), Path.Combine(model, "avatar.json"), Path.Combine(model, "x.tmp")];
        foreach (var file in leftovers.Concat(others))
            File.WriteAllText(file, "");
        for (var day = 10; day < 20; day++)
            foreach (var ending in new[] { "", "-wal", "-shm" })
                File.WriteAllText(Path.Combine(_folder, $"conversations.db.corrupt-202601{day}-000000{ending}"), "");
        Open().Dispose();
        Assert.DoesNotContain(leftovers, File.Exists);
        Assert.All(others, file => Assert.True(File.Exists(file), file));
        var aside = Directory.GetFiles(_folder, "*.corrupt-*");
        Assert.Equal(15, aside.Length);
        Assert.All(aside, file => Assert.Contains("2026011", file, StringComparison.Ordinal));
        Assert.DoesNotContain(aside, file => file.Contains("20260114", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_there_are_no_locks_a_second_hub_is_refused_while_the_first_lives()
    {
        using var first = FolderClaim.Acquire(_folder, Unlocked);
        Assert.False(first.HasLock);
        var refused = Assert.Throws<LogFailedException>(() => FolderClaim.Acquire(_folder, Unlocked));
        Assert.Contains($"in use by another hub (pid {Environment.ProcessId})", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_are_no_locks_a_hub_that_was_killed_keeps_no_other_out()
    {
        Directory.CreateDirectory(_folder);
        var owner = Path.Combine(_folder, "hub.pid");
        File.WriteAllText(owner, "999999999");
        FolderClaim.Acquire(_folder, Unlocked).Dispose();

        // Its number belongs to a process that began later.
        File.WriteAllText(owner, $"{Environment.ProcessId}");
        File.SetLastWriteTimeUtc(owner, DateTime.UnixEpoch.AddYears(40));
        FolderClaim.Acquire(_folder, Unlocked).Dispose();
        File.WriteAllText(owner, "none");
        FolderClaim.Acquire(_folder, Unlocked).Dispose();
    }

    [Fact]
    public void Where_there_are_locks_they_count_alone()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "hub.pid"), $"{Environment.ProcessId}");
        using var claim = FolderClaim.Acquire(_folder);
        Assert.True(claim.HasLock);
        Assert.Throws<LogFailedException>(() => FolderClaim.Acquire(_folder));
    }

    private void Loosen(params string[] files)
    {
        Directory.CreateDirectory(_folder);
        foreach (var file in files)
            File.WriteAllText(Path.Combine(_folder, file), "{}");
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in files.Select(file => Path.Combine(_folder, file)).Append(_folder))
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    private static bool IsPrivate(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == UnixFileMode.None;

    private static FileStream Unlocked(string file) => new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private IMessageLog Open() =>
        MessageLogs.Open(_folder, new LogBounds(1000, 16 * 1024 * 1024, 600_000), TimeProvider.System, NullLogger.Instance);
}
