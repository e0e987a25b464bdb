using System.Buffers.Binary;
using System.Text;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Faults;
using static Kotodama.Tests.Support.WavFile;

namespace Kotodama.Tests.Voice.Audio;

public sealed class WavReaderTests
{
    private static readonly short[] Samples = [0, 1, -1, 12_345, -12_345, short.MaxValue, short.MinValue, 7];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void The_sound_is_the_same_whatever_pieces_the_file_comes_in(int piece)
    {
        var file = Wav(Format(1, 1, 16), Bytes(Samples), beforeSound: Chunk("LIST", new byte[5]), afterSound: Chunk("LIST", new byte[9]));

        Assert.Equal(Samples, Read(file, piece, out var rate));

        Assert.Equal(22_050, rate);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [InlineData(0x7FFF_F000u)]
    public void A_length_that_was_not_known_means_until_the_end(uint length)
    {
        Assert.Equal(Samples, Read(Wav(Format(1, 1, 16), Bytes(Samples), length), 5, out _));
    }

    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(1, 24, 1)]
    [InlineData(1, 32, 1)]
    [InlineData(3, 32, 1)]
    [InlineData(3, 64, 1)]
    [InlineData(1, 16, 2)]
    [InlineData(3, 32, 2)]
    public void Every_kind_of_samples_becomes_mono_of_16_bits(int kind, int bits, int channels)
    {
        short[] expected = [0, 256, -256, 12_800, -12_800, 32_512, -32_768];
        var sound = expected.SelectMany(s => Enumerable.Repeat(Sample(s, kind, bits), channels)).SelectMany(b => b).ToArray();

        var samples = Read(Wav(Format(kind, channels, bits), sound), 3, out _);

        Assert.Equal(expected.Length, samples.Length);
        Assert.All(expected.Zip(samples), pair => Assert.InRange(pair.Second - pair.First, -1, 1));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(5, null)]
    [InlineData(7, 0u)]
    [InlineData(1_000, uint.MaxValue)]
    [InlineData(3, 0x7FFF_F000u)]
    public void Files_in_a_row_are_all_heard_whatever_their_lengths_say(int piece, uint? length)
    {
        var file = Wav(Format(1, 1, 16), Bytes(Samples), length);
        byte[] empty = Wav(Format(1, 1, 16), [], length);

        Assert.Equal([.. Samples, .. Samples, .. Samples], Read([.. file, .. empty, .. file, .. file], piece, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void What_is_no_file_behind_the_sound_is_silent_also_between_two_files(int piece)
    {
        var file = Wav(Format(1, 1, 16), Bytes(Samples), afterSound: [.. Chunk("LIST", new byte[9]), .. "RIFF and WAVE, but no file"u8]);

        Assert.Equal([.. Samples, .. Samples], Read([.. file, .. file], piece, out _));
    }

    [Fact]
    public void A_file_behind_another_that_is_cut_off_or_broken_leaves_the_sound_before_it()
    {
        var file = Wav(Format(1, 1, 16), Bytes(Samples));
        for (var length = 0; length < 44; length++)
            Assert.Equal(Samples, Read([.. file, .. file[..length]], 9, out _));

        Assert.Equal(Samples, Read([.. file, .. "RIFF----WAVEdata\u0004\0\0\0abcd"u8], 9, out _));
    }

    [Fact]
    public void Sound_that_ends_as_a_file_begins_is_heard_to_its_end()
    {
        byte[] sound = [.. Bytes(Samples), .. "RIFF    WAV"u8, 0, .. "RIFF"u8];

        Assert.Equal(sound, Bytes(Read(Wav(Format(1, 1, 16), sound, 0), 5, out _)));
    }

    [Theory]
    [InlineData(16_000)]
    [InlineData(24_000)]
    [InlineData(44_100)]
    [InlineData(8_000)]
    public void A_file_of_another_rate_takes_as_long_as_before_and_sounds_the_same(int other)
    {
        var tone = Tone(22_050, 0.5);

        var samples = Read([.. Wav(Format(1, 1, 16), tone), .. Wav(Format(1, 1, 16, other), Tone(other, 0.5)), .. Wav(Format(1, 1, 16), tone)], 999, out var rate);

        Assert.Equal(22_050, rate);
        Assert.InRange(samples.Length, (1.5 * 22_050) - 2, (1.5 * 22_050) + 2);
        var expected = Ints(tone);
        for (var i = 500; i < expected.Length - 500; i++)
            Assert.InRange(samples[expected.Length + i] - expected[i], -200, 200);
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public void A_large_file_says_its_lengths_in_a_chunk_of_their_own(string name)
    {
        byte[] sizes = [.. new byte[8], .. BitConverter.GetBytes((long)Samples.Length * 2), .. new byte[12]];
        var file = Wav(Format(1, 1, 16), Bytes(Samples), uint.MaxValue, afterSound: Chunk("LIST", new byte[9]));
        file = [.. Encoding.ASCII.GetBytes(name), .. file[4..12], .. Chunk("ds64", sizes), .. file[12..]];

        Assert.Equal(Samples, Read(file, 7, out _));
    }

    [Fact]
    public void A_file_with_the_high_byte_first_is_read_so()
    {
        byte[] file = [.. "RIFX\0\0\0\0WAVEfmt "u8, 0, 0, 0, 16, 0, 1, 0, 1, 0, 0, 0x3E, 0x80, 0, 0, 0, 0, 0, 2, 0, 16, .. "data"u8, 0, 0, 0, 4, 1, 2, 0xFF, 0xFE];

        Assert.Equal([0x0102, -2], Read(file, 3, out var rate));
        Assert.Equal(16_000, rate);
    }

    [Theory]
    [InlineData(7, 0xFF, 0)]
    [InlineData(7, 0x00, -32_124)]
    [InlineData(7, 0x80, 32_124)]
    [InlineData(6, 0xD5, 8)]
    [InlineData(6, 0xAA, 32_256)]
    [InlineData(6, 0x2A, -32_256)]
    public void The_laws_of_telephones_are_known(int kind, int code, int sample)
    {
        Assert.Equal([(short)sample], Read(Wav(Format(kind, 1, 8), [(byte)code]), 1_000, out _));
    }

    [Fact]
    public void Both_ears_are_mixed()
    {
        Assert.Equal([150, 0], Read(Wav(Format(1, 2, 16), Bytes([100, 200, -30, 30])), 1_000, out _));
    }

    [Fact]
    public void An_extensible_format_says_its_kind_later()
    {
        byte[] format = [.. Format(0xFFFE, 1, 32), 22, 0, 32, 0, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];

        Assert.Equal([16_384], Read(Wav(format, BitConverter.GetBytes(0.5f)), 1_000, out _));
    }

    [Fact]
    public void Numbers_that_are_none_and_too_loud_ones_do_no_harm()
    {
        byte[] sound = [.. BitConverter.GetBytes(float.NaN), .. BitConverter.GetBytes(9f), .. BitConverter.GetBytes(float.NegativeInfinity)];

        Assert.Equal([0, short.MaxValue, short.MinValue], Read(Wav(Format(3, 1, 32), sound), 1_000, out _));
    }

    [Theory]
    [InlineData("<!doctype html><p>404</p>")]
    [InlineData("RIFF----AVI LIST")]
    [InlineData("RIFF----WAVEfmt \u0004\0\0\0\0\0\0\0")]
    [InlineData("RIFF----WAVEdata\u0004\0\0\0\0\0\0\0")]
    [InlineData("RIFF")]
    [InlineData("")]
    public void What_is_not_a_wav_file_is_said_to_be_none(string file)
    {
        Assert.Contains("WAV", Assert.Throws<EngineException>(() => Read(Encoding.Latin1.GetBytes(file), 4, out _)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(85, 16, 22_050, "kind 85")]
    [InlineData(1, 12, 22_050, "12 bits")]
    [InlineData(1, 16, 192_000, "192000 Hz")]
    public void What_cannot_be_played_is_named(int kind, int bits, int rate, string name)
    {
        Assert.Contains(name, Assert.Throws<EngineException>(() => Read(Wav(Format(kind, 1, bits, rate), []), 4, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_make_it_fail_in_another_way()
    {
        var random = new Random(1);
        var good = Wav(Format(1, 2, 24), Bytes(Samples), beforeSound: Chunk("LIST", new byte[5]));
        for (var i = 0; i < 5_000; i++)
        {
            var file = (byte[])good.Clone();
            for (var change = 0; change < 3; change++)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                Read(file[..random.Next(file.Length + 1)], random.Next(1, 20), out _);
            }
            catch (EngineException)
            {
                // The one answer to bad files.
            }
        }
    }

    private static byte[] Sample(short value, int kind, int bits) => (kind, bits) switch
    {
        (1, 8) => [(byte)((value >> 8) + 128)],
        (1, 16) => BitConverter.GetBytes(value),
        (1, 24) => [0, .. BitConverter.GetBytes(value)],
        (1, _) => BitConverter.GetBytes(value << 16),
        (_, 32) => BitConverter.GetBytes(value / 32767f),
        _ => BitConverter.GetBytes(value / 32767.0),
    };

    private static short[] Read(byte[] file, int piece, out int rate)
    {
        var reader = new WavReader();
        byte[] sound = [.. file.Chunk(piece).SelectMany(p => reader.Read(p)), .. reader.End()];
        rate = reader.Rate;
        return Ints(sound);
    }

    private static short[] Ints(byte[] sound) => [.. sound.Chunk(2).Select(b => BitConverter.ToInt16(b))];

    /// <summary>440 Hz.</summary>
    private static byte[] Tone(int rate, double seconds) =>
        Bytes([.. Enumerable.Range(0, (int)(rate * seconds)).Select(i => (short)(10_000 * Math.Sin(2 * Math.PI * 440 * i / rate)))]);
}
