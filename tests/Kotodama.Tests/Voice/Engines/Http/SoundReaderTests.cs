using System.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Tests.Voice.Engines.Http;

public sealed class SoundReaderTests
{
    private static readonly byte[] Samples = SpeechSounds.Samples(40);

    [Fact]
    public void Samples_survive_every_split()
    {
        for (var a = 0; a <= Samples.Length; a++)
            for (var b = a; b <= Samples.Length; b++)
                Check(Read(UnsignedSound.Samples, Samples, a, b), SpeechFormat.Pcm, 24_000, Samples);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void A_WAV_file_is_known_although_samples_were_asked_for_at_every_split(uint? length)
    {
        var file = SpeechSounds.Wav(32_000, Samples, length);
        for (var a = 0; a <= file.Length; a++)
            for (var b = a; b <= file.Length; b++)
                Check(Read(UnsignedSound.Samples, file, a, b), SpeechFormat.Pcm, 32_000, Samples);
    }

    [Theory]
    [InlineData("ID3\u0004")]
    [InlineData("\u00FF\u00FB\u0090\u0064")]
    [InlineData("\u00FF\u00F3\u0084\u00C4")]
    [InlineData("OggS")]
    [InlineData("fLaC")]
    public void A_file_that_the_page_decodes_is_known_although_samples_were_asked_for(string beginning)
    {
        byte[] file = [.. Encoding.Latin1.GetBytes(beginning), .. SpeechSounds.Samples(20)];
        for (var a = 0; a <= file.Length; a++)
            Check(Read(UnsignedSound.Samples, file, a, a), SpeechFormat.Encoded, 0, file);
    }

    [Theory]
    [InlineData(0xFF, 0xFF, 0xFF, 0xFF)]
    [InlineData(0xFF, 0xFF, 0xFE, 0xFF)]
    [InlineData(0x7B, 0x22, 0x00, 0x00)]
    [InlineData(0x3C, 0x01, 0x20, 0x00)]
    public void Samples_are_not_taken_for_something_else(params int[] beginning)
    {
        byte[] sound = [.. beginning.Select(b => (byte)b), .. Samples];
        Check(Read(UnsignedSound.Samples, sound, 3, 7), SpeechFormat.Pcm, 24_000, sound);
    }

    [Theory]
    [InlineData("""{"error":{"message":"secret","code":"model_not_found"}}""", " (model_not_found)")]
    [InlineData("""{ "detail": "secret" }""", "")]
    [InlineData("{}", "")]
    [InlineData("<html><body>secret</body></html>", "")]
    public void A_text_is_no_sound_whatever_the_header_says(string text, string code)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var a = 0; a <= bytes.Length; a++)
        {
            var e = Assert.Throws<EngineException>(() => Read(UnsignedSound.Samples, bytes, a, a));
            Assert.Equal($"A text came instead of sound{code}.", e.Message);
        }
    }

    [Fact]
    public void A_plain_text_is_no_sound_when_the_header_says_text()
    {
        Assert.Throws<EngineException>(() => Read(UnsignedSound.Samples, "Internal Server Error"u8.ToArray(), 4, 4, saysText: true));
        Check(Read(UnsignedSound.Samples, Samples, 4, 4, saysText: true), SpeechFormat.Pcm, 24_000, Samples);
    }

    [Fact]
    public void Nothing_at_all_and_bytes_of_no_known_kind_are_failures()
    {
        Assert.Throws<EngineException>(() => Read(UnsignedSound.Samples, [], 0, 0));
        Assert.Throws<EngineException>(() => Read(UnsignedSound.Nothing, Samples, 4, 9));
        Assert.Throws<EngineException>(() => Read(UnsignedSound.Samples, SpeechSounds.Wav(24_000, []), 4, 9));
    }

    [Fact]
    public void Half_a_sample_at_the_end_is_left_out() =>
        Check(Read(UnsignedSound.Samples, [.. Samples, 7], 5, 6), SpeechFormat.Pcm, 24_000, Samples);

    [Fact]
    public void A_text_without_end_is_not_collected_without_end()
    {
        var reader = new SoundReader(UnsignedSound.Samples, 24_000);
        reader.Read("""{"error":"aaaaaaaaaaaa"""u8);
        Assert.Throws<EngineException>(() => reader.Read(new byte[5000]));
    }

    private static List<SpeechChunk> Read(UnsignedSound unsigned, byte[] bytes, int first, int second, bool saysText = false)
    {
        var reader = new SoundReader(unsigned, 24_000, saysText);
        return [.. reader.Read(bytes.AsSpan(0, first)), .. reader.Read(bytes.AsSpan(first, second - first)), .. reader.Read(bytes.AsSpan(second)), .. reader.End()];
    }

    private static void Check(List<SpeechChunk> chunks, SpeechFormat format, int rate, byte[] sound)
    {
        Assert.Equal(new SpeechFormatChunk(format, rate), chunks[0]);
        Assert.All(chunks.Skip(1), c => Assert.True(c is SpeechSoundChunk { Data.Length: > 0 }));
        Assert.Equal(sound, chunks.OfType<SpeechSoundChunk>().SelectMany(s => s.Data.ToArray()));
    }
}
