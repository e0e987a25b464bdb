using Kotodama.Server.Log;
using Kotodama.Tests.Conformance;

namespace Kotodama.Tests.Faults;

/// <summary>
/// F8: the disk is full, at twenty levels of filling, and has room again. KOTODAMA_ROUNDS fills and frees each of them more often, KOTODAMA_SEED
/// with other messages.
/// </summary>
public sealed class F8FullDiskTests : IDisposable
{
    private const int Levels = 20, PagesOfALevel = 12, Enough = 1_000_000;
    private const string Name = "a";

    private static readonly LogBounds Bounds = new(1000, 16 * 1024 * 1024, 600_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-full-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void F8_a_full_disk_loses_nothing_durable_is_told_and_heals_by_itself()
    {
        var random = new Random(Volume.Of("KOTODAMA_SEED", 1));
        var rounds = Volume.Of("KOTODAMA_ROUNDS", 1);
        for (var level = 1; level <= Levels; level++)
        {
            for (var round = 0; round < rounds; round++)
                FillAndFree(level, round, random);
        }
    }

    private void FillAndFree(int level, int round, Random random)
    {
        var file = Path.Combine(_folder, $"{level}-{round}.db");
        var heard = new TestLog();
        var acknowledged = new Dictionary<string, LogReceipt>(StringComparer.Ordinal);
        var now = 1_000L;
        var store = SqliteMessageLog.Open(file, Bounds);
        using (var log = new FallbackMessageLog(store, new DiskReserve(file + ".reserve", 1 << 16), Bounds, heard))
        {
            store.LimitPages(14 + (level * PagesOfALevel));
            for (var i = 0; log.Failure is null; i += 8)
                Publish(log, i, random.Next(1, 9));
            Assert.True(log.Failure.IsFull);
            Assert.Contains("degraded", Assert.Single(heard.Errors), StringComparison.Ordinal);

            // Full, it shows what it has and takes what comes, without a hole; and the probe does not take a little room for healing.
            Publish(log, 10_000, 20);
            log.Trim(now += 5_000);
            Assert.NotNull(log.Failure);
            var top = log.Position(Name).Top;
            Assert.Equal(Enumerable.Range(1, (int)top), log.Read(Name, 0).Select(e => (int)e.Seq));

            store.LimitPages(Enough);
            log.Trim(now += 5_000);
            Assert.Null(log.Failure);
            Assert.Contains(heard.Lines, line => line.Text.Contains("not degraded any more", StringComparison.Ordinal));
            Publish(log, 20_000, 5);
        }

        using var again = SqliteMessageLog.Open(file, Bounds);
        Assert.Equal(acknowledged.Values.Max(r => r.Seq), again.Position(Name).Top);
        foreach (var (id, receipt) in acknowledged)
            Assert.Equal(receipt.Seq, again.Find(Name, id)?.Seq);

        void Publish(FallbackMessageLog log, int first, int count)
        {
            var drafts = Enumerable.Range(first, count)
                .Select(i => Conformance.MessageLogSuite.Draft(Name, $"{i}", new string('x', random.Next(1, 3_000)), expires: now + 600_000) with { DurableOnly = random.Next(4) == 0 })
                .ToArray();
            foreach (var (draft, receipt) in drafts.Zip(log.Append(drafts, ++now)))
            {
                if (receipt.Outcome == LogOutcome.Refused)
                    Assert.True(draft.DurableOnly && log.Failure is not null);
                else
                    acknowledged.Add(draft.Id, receipt);
                Assert.Equal(log.Failure is null, receipt.Durable);
            }
        }
    }
}
