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
        var sound = file.Chunk(piece).SelectMany(p => reader.Read(p)).ToArray();
        reader.End();
        rate = reader.Rate;
        return [.. sound.Chunk(2).Select(b => BitConverter.ToInt16(b))];
    }
}
