using Kotodama.Server.Channels;

namespace Kotodama.Tests.Server;

/// <summary>F10: wall clocks that jump.</summary>
public sealed class HubClockTests
{
    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-86_400_000)]
    [InlineData(315_360_000_000)]
    public void F10_a_wall_clock_that_jumps_moves_nothing(long jump)
    {
        var wall = new JumpingTime();
        var clock = new HubClock(wall, notBefore: 0);
        var before = clock.Now;
        wall.Jump(jump);
        Assert.Equal(before, clock.Now);
        Assert.Equal(before + jump, clock.Wall);
        wall.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(before + 5_000, clock.Now);
    }

    [Fact]
    public void F10_a_hub_that_starts_with_a_clock_behind_its_log_goes_on_from_the_log()
    {
        var wall = new JumpingTime();
        var stored = wall.GetUtcNow().ToUnixTimeMilliseconds() + 1_000_000;
        Assert.Equal(stored, new HubClock(wall, stored).Now);
    }

    /// <summary>A machine whose wall clock is set while its monotonic clock runs on.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private DateTimeOffset _wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _ticks;

        public void Jump(long milliseconds) => _wall += TimeSpan.FromMilliseconds(milliseconds);

        public void Pass(TimeSpan time)
        {
            _wall += time;
            _ticks += time.Ticks;
        }
    }
}
