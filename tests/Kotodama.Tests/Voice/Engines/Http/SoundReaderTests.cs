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

    [Theory]
    [InlineData("\u001A\u0045\u00DF\u00A3\u0001\0\0\0")]
    [InlineData("\0\0\0\u0020ftypM4A ")]
    [InlineData("\0\0\0\u0018stypmsdh")]
    [InlineData("\u00FF\u00F1\u0050\u0080\u0020\u003F\u00FC")]
    [InlineData("\u00FF\u00F9\u004C\u0040\u001D\u003F\u00FC")]
    public void Files_of_video_and_of_telephones_are_the_pages_too(string beginning)
    {
        byte[] file = [.. Encoding.Latin1.GetBytes(beginning), .. SpeechSounds.Samples(20)];
        foreach (var unsigned in Enum.GetValues<UnsignedSound>())
            for (var a = 0; a <= file.Length; a++)
                Check(Read(unsigned, file, a, a), SpeechFormat.Encoded, 0, file);
    }

    [Theory]
    [InlineData("FORM\0\0\u0010\0AIFFCOMM", "AIFF")]
    [InlineData("FORM\0\0\u0010\0AIFCFVER", "AIFF")]
    [InlineData(".snd\0\0\0\u0018", "AU")]
    [InlineData("caff\0\u0001\0\0desc", "CAF")]
    [InlineData("#!AMR\n", "AMR")]
    [InlineData("\u0030\u0026\u00B2\u0075\u008E\u0066\u00CF\u0011", "WMA")]
    [InlineData("MThd\0\0\0\u0006", "MIDI")]
    [InlineData("PK\u0003\u0004\u0014\0", "ZIP")]
    [InlineData("\u001F\u008B\u0008\0", "gzip")]
    [InlineData("\u0089PNG\r\n\u001A\n", "PNG")]
    public void What_pages_do_not_play_is_named(string beginning, string name)
    {
        byte[] file = [.. Encoding.Latin1.GetBytes(beginning), .. SpeechSounds.Samples(20)];
        foreach (var unsigned in new[] { UnsignedSound.Samples, UnsignedSound.File, UnsignedSound.Nothing })
            Assert.StartsWith(name + " came", Assert.Throws<EngineException>(() => Read(unsigned, file, 3, 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_a_publisher_brings_may_be_one_that_only_some_browsers_play()
    {
        byte[] file = [.. "FORM\0\0\0\0AIFFCOMM"u8, .. Samples];
        Check(Read(UnsignedSound.Brought, file, 3, 9), SpeechFormat.Encoded, 0, file);
        Assert.Throws<EngineException>(() => Read(UnsignedSound.Brought, "This is the text of a reply."u8.ToArray(), 3, 9));
        Assert.Throws<EngineException>(() => Read(UnsignedSound.Brought, [.. "PK\u0003\u0004"u8, .. Samples], 3, 9));
    }

    [Theory]
    [InlineData("Internal Server Error")]
    [InlineData("Not found")]
    [InlineData("null")]
    [InlineData("data: {\"type\":\"speech.audio.delta\",\"audio\":\"AAAA\"}\n\n")]
    [InlineData("错误：没有这个声音。")]
    [InlineData("エラー: その声はありません。もう一度確かめてください。")]
    [InlineData("\uFEFF<html><body>Gone</body></html>")]
    [InlineData("\u001b[31mTraceback (most recent call last):\u001b[0m\n  File \"server.py\", line 1, in <module>\nKeyError: 'voice'")]
    [InlineData("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]")]
    public void A_plain_text_is_no_sound_whatever_the_header_says(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var unsigned in Enum.GetValues<UnsignedSound>())
            for (var a = 0; a <= bytes.Length; a++)
                Assert.StartsWith("A text came instead", Assert.Throws<EngineException>(() => Read(unsigned, bytes, a, a)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_of_every_loudness_are_samples()
    {
        var random = new Random(1);
        for (var loudness = 1; loudness <= short.MaxValue; loudness = (loudness * 3) + 1)
        {
            byte[] sound = WavFile.Bytes([.. Enumerable.Range(0, 400).Select(_ => (short)random.Next(-loudness, loudness))]);
            Check(Read(UnsignedSound.Samples, sound, 100, 200), SpeechFormat.Pcm, 24_000, sound);
        }

        // A tone that does not move looks like letters.
        byte[] still = WavFile.Bytes([.. Enumerable.Repeat((short)0x4E20, 400)]);
        Check(Read(UnsignedSound.Samples, still, 100, 200), SpeechFormat.Pcm, 24_000, still);
    }

    [Fact]
    public void Samples_that_the_header_names_are_samples_whatever_was_asked_for()
    {
        var stereo = SampleFormat.Read("audio/pcm;rate=16000;channels=2");
        byte[] sound = WavFile.Bytes([100, 200, -300, -100, 7, 9]);
        foreach (var unsigned in Enum.GetValues<UnsignedSound>())
            Check(Read(unsigned, stereo, sound, 3, 5), SpeechFormat.Pcm, 16_000, WavFile.Bytes([150, -200, 8]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Which_byte_of_L16_is_the_high_one_is_heard(bool isBigEndian)
    {
        var format = SampleFormat.Read("audio/L16;rate=16000");
        byte[] expected = [.. new byte[400], .. WavFile.Bytes([.. Enumerable.Range(0, 800).Select(i => (short)(3_000 * Math.Sin(i / 9.0)))])];
        byte[] sound = isBigEndian ? [.. expected.Chunk(2).SelectMany(s => s.Reverse())] : expected;
        foreach (var (a, b) in new[] { (0, 0), (1, 2), (399, 401), (700, 1_201), (sound.Length, sound.Length) })
            Check(Read(UnsignedSound.Samples, format, sound, a, b), SpeechFormat.Pcm, 16_000, expected);
    }

    [Fact]
    public void Files_in_a_row_are_all_heard()
    {
        var file = SpeechSounds.Wav(24_000, SpeechSounds.Samples(12_000));
        var sound = Read(UnsignedSound.Samples, [.. file, .. file, .. file], 100, 30_000).OfType<SpeechSoundChunk>().Sum(s => s.Data.Length);
        Assert.Equal(1.5, sound / 2 / 24_000.0);
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

    private static List<SpeechChunk> Read(UnsignedSound unsigned, SampleFormat format, byte[] bytes, int first, int second)
    {
        var reader = new SoundReader(unsigned, format);
        return [.. reader.Read(bytes.AsSpan(0, first)), .. reader.Read(bytes.AsSpan(first, second - first)), .. reader.Read(bytes.AsSpan(second)), .. reader.End()];
    }

    private static void Check(List<SpeechChunk> chunks, SpeechFormat format, int rate, byte[] sound)
    {
        Assert.Equal(new SpeechFormatChunk(format, rate), chunks[0]);
        Assert.All(chunks.Skip(1), c => Assert.True(c is SpeechSoundChunk { Data.Length: > 0 }));
        Assert.Equal(sound, chunks.OfType<SpeechSoundChunk>().SelectMany(s => s.Data.ToArray()));
    }
}
