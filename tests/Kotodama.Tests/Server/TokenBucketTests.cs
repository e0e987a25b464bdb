using Kotodama.Protocol;
using Kotodama.Server.Rates;

namespace Kotodama.Tests.Server;

public sealed class TokenBucketTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_full_bucket_has_its_burst_and_then_fills_at_its_rate()
    {
        var bucket = new TokenBucket(20, 3, _time);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TimeSpan.Zero, bucket.Wait);
            bucket.Take();
        }

        Assert.Equal(TimeSpan.FromMilliseconds(50), bucket.Wait);
        _time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(TimeSpan.FromMilliseconds(1), bucket.Wait);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.Zero, bucket.Wait);
        bucket.Take();
        Assert.Equal(TimeSpan.FromMilliseconds(50), bucket.Wait);
    }

    [Fact]
    public void However_long_nothing_is_taken_it_holds_no_more_than_its_burst()
    {
        var bucket = new TokenBucket(20, 3, _time);
        bucket.Take();
        Assert.False(bucket.IsFull);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(bucket.IsFull);
        for (var i = 0; i < 3; i++)
            bucket.Take();
        Assert.Equal(TimeSpan.FromMilliseconds(50), bucket.Wait);
    }

    [Fact]
    public void Rate_0_is_no_limit()
    {
        var bucket = new TokenBucket(0, 1, _time);
        for (var i = 0; i < 1_000; i++)
            bucket.Take();
        Assert.Equal(TimeSpan.Zero, bucket.Wait);
    }

    [Fact]
    public void Kept_messages_and_the_others_do_not_use_up_each_others_allowance()
    {
        var allowance = new Allowance(new ProtocolLimits { PublishRate = 10, PublishBurst = 1, FrameRate = 100, FrameBurst = 2 }, _time);
        Assert.Equal(TimeSpan.Zero, allowance.TryTake(new StatusMessage { Content = "kept" }));
        Assert.Equal(TimeSpan.FromMilliseconds(100), allowance.TryTake(new LlmResponseMessage { Content = "kept" }));
        Assert.Equal(TimeSpan.Zero, allowance.TryTake(new LlmDeltaMessage { Id = "r", Part = 0, Content = "piece" }));
        Assert.Equal(TimeSpan.Zero, allowance.TryTake(new StatusMessage { Content = "not kept", Ttl = 0 }));
        Assert.Equal(TimeSpan.FromMilliseconds(10), allowance.TryTake(null));
        Assert.Equal(TimeSpan.FromMilliseconds(100), allowance.Wait);
        Assert.False(allowance.IsFull);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(allowance.IsFull);
    }
}
