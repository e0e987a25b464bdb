using Kotodama.Cli;
using Kotodama.Companion.Hearing;

namespace Kotodama.Tests.Companion.Hearing;

public sealed class RecordedSoundTests
{
    [Fact]
    public async Task A_reader_that_comes_late_hears_the_sound_from_the_beginning_in_whole_samples()
    {
        var random = new Random(7);
        var all = new byte[500_001];
        random.NextBytes(all);
        var sound = new RecordedSound();
        var early = ReadAsync(sound);
        for (var at = 0; at < all.Length;)
        {
            var length = Math.Min(all.Length - at, random.Next(5_000));
            sound.Write(all.AsSpan(at, length));
            at += length;
        }

        var late = ReadAsync(sound);
        sound.End();
        Assert.Equal(all[..^1], await early.InTime("the sound"));
        Assert.Equal(all[..^1], await late.InTime("the sound"));
        Assert.Equal(all[..^1], (await sound.WholeAsync(TestContext.Current.CancellationToken)).ToArray());
    }

    [Fact]
    public async Task What_goes_beyond_a_minute_and_what_comes_after_the_end_is_left_out()
    {
        var sound = new RecordedSound();
        for (var i = 0; i < 70; i++)
            sound.Write(new byte[32_000]);
        sound.End();
        sound.Write(new byte[2]);
        Assert.Equal(1_920_000, (await sound.WholeAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Theory]
    [InlineData(22_050)]
    [InlineData(24_000)]
    [InlineData(48_000)]
    [InlineData(8_000)]
    [InlineData(16_000)]
    public void Another_rate_keeps_the_tone_and_loses_what_it_cannot_hold(int from)
    {
        short[] Tone(double hertz, int rate) => [.. Enumerable.Range(0, rate / 10).Select(i => (short)(10_000 * Math.Sin(2 * Math.PI * hertz * i / rate)))];
        var (converted, expected) = (Resampler.Convert(Tone(440, from), from, 16_000), Tone(440, 16_000));
        Assert.Equal(expected.Length, converted.Length);
        Assert.All(expected.Zip(converted).Skip(100).SkipLast(100), pair => Assert.InRange(pair.First - pair.Second, -400, 400));
        if (from > 18_000)
            Assert.All(Resampler.Convert(Tone(9_500, from), from, 16_000).Skip(100).SkipLast(100), sample => Assert.InRange(sample, -1_000, 1_000));
    }

    private static async Task<byte[]> ReadAsync(RecordedSound sound)
    {
        var bytes = new List<byte>();
        await foreach (var piece in sound.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(0, piece.Length % 2);
            bytes.AddRange(piece.Span);
        }

        return [.. bytes];
    }
}
