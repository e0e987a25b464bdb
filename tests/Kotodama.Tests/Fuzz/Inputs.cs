namespace Kotodama.Tests.Fuzz;

/// <summary>
/// Runs a check on many inputs. KOTODAMA_INPUTS is how many the codec gets (the costlier checks get a share of it), KOTODAMA_SEED the seed of the
/// first. The n-th input depends on the seed and n alone, so a failure is repeated with its own seed and one input.
/// </summary>
internal static class Inputs
{
    /// <summary>What reading one input may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private static readonly int First = Volume.Of("KOTODAMA_SEED", 1);

    /// <summary>How many inputs a check gets of which each costs as much as <paramref name="cost"/> messages of the codec.</summary>
    public static int Share(int cost) => Math.Max(1, Volume.Of("KOTODAMA_INPUTS", 100_000) / cost);

    public static async Task RunAsync<T>(int count, Func<Random, T> make, Func<T, byte[]> bytes, TimeSpan longest, Func<T, Task> check)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, count), TestContext.Current.CancellationToken, async (i, _) =>
        {
            var seed = unchecked(First + i);
            var input = make(new Random(seed));
            await CheckAsync(input, bytes(input), longest, check, $"KOTODAMA_SEED={seed} KOTODAMA_INPUTS=1");
        });
    }

    /// <summary>Checks one input, and that it takes no longer than it may. A busy machine gets two more tries.</summary>
    public static async Task CheckAsync<T>(T input, byte[] bytes, TimeSpan longest, Func<T, Task> check, string origin)
    {
        try
        {
            for (var tries = 1; ; tries++)
            {
                var start = TimeProvider.System.GetTimestamp();
                await check(input);
                var took = TimeProvider.System.GetElapsedTime(start);
                if (took <= longest)
                    return;
                if (tries == 3)
                    throw new TimeoutException($"took {took.TotalMilliseconds:0} ms");
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{origin}: {e.Message}\n{Convert.ToBase64String(bytes)}", e);
        }
    }
}
