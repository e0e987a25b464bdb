using System.Diagnostics;
using Kotodama.Server.Log;
using Kotodama.Tests.Conformance;

namespace Kotodama.Tests.Faults;

/// <summary>
/// F9: the database is cut, or a bit of it flips. KOTODAMA_PLACES tries more places, KOTODAMA_SEED others. A message that says something else
/// than it did is missing.
/// </summary>
public sealed class F9DamageTests : IDisposable
{
    private const int Messages = 300;
    private const string Name = "a";

    private static readonly LogBounds Bounds = new(1000, 16 * 1024 * 1024, 600_000);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-damage-").FullName;

    private string File => Path.Combine(_folder, "messages.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void F9_a_damaged_database_works_or_is_moved_aside()
    {
        var random = new Random(Volume.Of("KOTODAMA_SEED", 1));
        var whole = Make(out var epoch);
        Assert.True(Starts("as it was", whole, epoch));
        var (working, places) = (0, Volume.Of("KOTODAMA_PLACES", 100));
        for (var place = 0; place < places; place++)
        {
            var damaged = whole.ToArray();
            var at = random.Next(damaged.Length);
            string what;
            if (random.Next(3) == 0)
            {
                what = $"cut at {at}";
                damaged = damaged[..at];
            }
            else
            {
                // Half of them where everything depends on it.
                at = random.Next(2) == 0 ? random.Next(Math.Min(damaged.Length, 100)) : at;
                var bit = random.Next(8);
                what = $"bit {bit} of byte {at} flipped";
                damaged[at] ^= (byte)(1 << bit);
            }

            if (Starts(what, damaged, epoch))
                working++;
        }

        Assert.InRange(working, 1, places - 1);
    }

    private byte[] Make(out string epoch)
    {
        using (var log = Open())
        {
            epoch = log.Position(Name).Epoch;
            for (var i = 0; i < Messages; i += 20)
                log.Append([.. Enumerable.Range(i, 20).Select(n => Draft(n))], 1_000 + i);
            log.MarkDisplayed([(Name, 3), (Name, 200)]);
        }

        return System.IO.File.ReadAllBytes(File);
    }

    /// <summary>Whether the hub went on with the file.</summary>
    private bool Starts(string what, byte[] content, string epoch)
    {
        foreach (var old in Directory.GetFiles(_folder, "messages.db*"))
            System.IO.File.Delete(old);
        System.IO.File.WriteAllBytes(File, content);
        var started = Stopwatch.GetTimestamp();
        using var log = Open();
        Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"{what}: the start took {Stopwatch.GetElapsedTime(started)}");
        var position = log.Position(Name);
        var entries = log.Read(Name, 0);
        var next = log.Append([Draft(Messages + 1)], 10_000)[0];

        // The file is not the one that the hub left, so what is in order goes on in a new epoch.
        if (position.Epoch.Split('.') is [_, var before, _] && before == epoch.Split('.')[0])
        {
            Assert.True(position.Top == Messages, $"{what}: the newest number is {position.Top}");
            Assert.True(log.Failure is not null || entries.Count >= Messages - 1, $"{what}: numbers are missing");
            Assert.Equal(entries.Select(e => e.Seq).Order().Distinct(), entries.Select(e => e.Seq));
            Assert.All(entries, e => Assert.Equal(Text((int)e.Seq - 1), System.Text.Encoding.UTF8.GetString(e.Body)));
            Assert.All(entries, e => Assert.Equal($"m{e.Seq - 1}", e.Id));
            Assert.True(next.Seq == Messages + 1, $"{what}: the next number is {next.Seq}");
            return true;
        }

        // A file that is empty is a new one; any other is worth keeping.
        Assert.True(content.Length == 0 || Directory.GetFiles(_folder, "messages.db.corrupt-*").Length > 0, $"{what}: there is a new epoch and nothing was moved aside");
        Assert.Equal((0L, 1L), (position.Top, next.Seq));
        return false;
    }

    private IMessageLog Open() => MessageLogs.Open(_folder, Bounds, TimeProvider.System, new TestLog());

    private static LogDraft Draft(int number) => Conformance.MessageLogSuite.Draft(Name, $"m{number}", Text(number), expires: 600_000);

    private static string Text(int number) => new('x', 100 + (number % 7 * 100));
}
