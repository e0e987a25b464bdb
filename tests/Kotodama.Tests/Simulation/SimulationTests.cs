using System.Globalization;

namespace Kotodama.Tests.Simulation;

public sealed class SimulationTests
{
    /// <summary>KOTODAMA_SCHEDULES runs more of them, KOTODAMA_SEED begins elsewhere.</summary>
    [Fact]
    public void No_schedule_loses_repeats_or_reorders_a_message()
    {
        var schedules = Number("KOTODAMA_SCHEDULES", 5_000);
        var first = Number("KOTODAMA_SEED", 1);
        var failure = Enumerable.Range(first, schedules).AsParallel().Select(seed => new Schedule(seed).Run(60)).FirstOrDefault(f => f is not null);
        Assert.True(failure is null, failure);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
