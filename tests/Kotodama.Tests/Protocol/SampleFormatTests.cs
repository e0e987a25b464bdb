using Kotodama.Protocol;

namespace Kotodama.Tests.Protocol;

/// <summary>What servers and publishers say of samples, in the spellings that they have for it.</summary>
public sealed class SampleFormatTests
{
    [Theory]
    [InlineData("audio/L16;rate=16000;channels=1")]
    [InlineData("audio/l16; rate=\"16000\"")]
    [InlineData("audio/pcm;rate=16000")]
    [InlineData("audio/pcm; Rate = 16000 ; encoding=signed-integer; bits=16; endian=little")]
    [InlineData("audio/x-raw, format=(string)S16LE, rate=(int)16000, channels=(int)1")]
    [InlineData("audio/x-raw;sample-rate=16000")]
    [InlineData("audio/x-pcm;sample_rate=16000Hz")]
    [InlineData("audio/raw;sampleRate=16kHz")]
    [InlineData("audio/x-wav;codec=pcm;samplerate=16000")]
    [InlineData("audio/pcm;clock-rate=16000;")]
    [InlineData("audio/pcm;format=pcm_16000")]
    [InlineData("audio/pcm;rate='16000'")]
    [InlineData("audio/vnd.example;sample-rate-hertz=16000")]
    public void A_rate_in_the_type_is_found(string type) => Assert.Equal(16_000, SampleFormat.Read(type).Rate);

    [Theory]
    [InlineData("X-Sample-Rate")]
    [InlineData("x-audio-sample-rate")]
    [InlineData("X-Audio-SampleRate")]
    [InlineData("Sample-Rate")]
    [InlineData("X-Sampling-Rate")]
    [InlineData("X-TTS-Sample-Rate-Hz")]
    [InlineData("X-Audio-Rate")]
    [InlineData("X-Sample-Rate-Hertz")]
    public void A_rate_in_another_header_is_found(string name) =>
        Assert.Equal(16_000, SampleFormat.Read("application/octet-stream", [new(name, " 16000 ")]).Rate);

    [Theory]
    [InlineData("audio/pcm", null)]
    [InlineData("audio/pcm;rate=", null)]
    [InlineData("audio/pcm;rate=0", null)]
    [InlineData("audio/pcm;rate=-16000", null)]
    [InlineData("audio/pcm;rate=7999", null)]
    [InlineData("audio/pcm;rate=48001", null)]
    [InlineData("audio/pcm;rate=99999999999999999999", null)]
    [InlineData("audio/pcm;rate=fast", null)]
    [InlineData("audio/pcm;bitrate=16000", null)]
    [InlineData("audio/pcm;rate=8000", 8_000)]
    [InlineData("audio/pcm;rate=48000", 48_000)]
    [InlineData("audio/basic", 8_000)]
    [InlineData("audio/PCMU;rate=16000", 16_000)]
    [InlineData(null, null)]
    [InlineData(";;;=\"", null)]
    public void A_rate_that_makes_no_sense_is_not_said(string? type, int? rate) => Assert.Equal(rate, SampleFormat.Read(type).Rate);

    [Theory]
    [InlineData("X-RateLimit-Limit", "16000")]
    [InlineData("X-Audio-Bitrate", "16000")]
    [InlineData("Sentry-Sample-Rate", "0.25")]
    [InlineData("Content-Length", "16000")]
    public void Headers_of_other_things_say_nothing(string name, string value) =>
        Assert.Equal(new SampleFormat(), SampleFormat.Read(null, [new(name, value)]));

    [Fact]
    public void The_type_counts_more_than_the_headers_beside_it() =>
        Assert.Equal(22_050, SampleFormat.Read("audio/pcm;rate=22050", [new("X-Sample-Rate", "16000")]).Rate);

    [Theory]
    [InlineData("audio/L16;channels=2", SampleKind.Whole, 16, 2, null)]
    [InlineData("audio/L16;rate=16000;endianness=big-endian", SampleKind.Whole, 16, 1, true)]
    [InlineData("audio/L16;endian=little", SampleKind.Whole, 16, 1, false)]
    [InlineData("audio/L24", SampleKind.Whole, 24, 1, null)]
    [InlineData("audio/L8", SampleKind.Offset, 8, 1, null)]
    [InlineData("audio/pcm;bits=8", SampleKind.Offset, 8, 1, false)]
    [InlineData("audio/pcm;encoding=float;bits=32", SampleKind.FloatingPoint, 32, 1, false)]
    [InlineData("audio/x-f32le", SampleKind.FloatingPoint, 32, 1, false)]
    [InlineData("audio/pcm;codec=pcm_s24be", SampleKind.Whole, 24, 1, true)]
    [InlineData("audio/x-raw,format=S16BE,channels=2", SampleKind.Whole, 16, 2, true)]
    [InlineData("audio/pcmu", SampleKind.MuLaw, 8, 1, false)]
    [InlineData("audio/x-mulaw", SampleKind.MuLaw, 8, 1, false)]
    [InlineData("audio/PCMA", SampleKind.ALaw, 8, 1, false)]
    [InlineData("audio/pcm;bits=17", SampleKind.Whole, 16, 1, false)]
    [InlineData("audio/pcm;channels=99", SampleKind.Whole, 16, 1, false)]
    public void What_the_numbers_are_is_found(string type, SampleKind kind, int bits, int channels, bool? isBigEndian)
    {
        var format = SampleFormat.Read(type);
        Assert.Equal((kind, bits, channels, isBigEndian, true), (format.Kind, format.Bits, format.Channels, format.IsBigEndian, format.IsNamed));
    }

    [Theory]
    [InlineData("audio/wav")]
    [InlineData("audio/mpeg;rate=16000")]
    [InlineData("audio/flac")]
    [InlineData("audio/ogg;codecs=opus")]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public void Other_types_name_no_samples(string type) => Assert.False(SampleFormat.Read(type).IsNamed);

    [Fact]
    public void The_headers_say_the_rest_of_the_format()
    {
        var format = SampleFormat.Read(
            "application/octet-stream",
            [new("X-Sample-Rate", "44100"), new("X-Channels", "2"), new("X-Bits-Per-Sample", "32"), new("X-Sample-Format", "f32le")]);
        Assert.Equal((44_100, 2, 32, SampleKind.FloatingPoint, 8), (format.Rate, format.Channels, format.Bits, format.Kind, format.FrameBytes));
        Assert.Equal(24, SampleFormat.Read(null, [new("X-Sample-Width", "3")]).Bits);
    }
}
