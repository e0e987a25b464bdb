using System.Globalization;
using System.Text.RegularExpressions;

namespace Kotodama.Protocol;

/// <summary>How the bytes of a sample are a number.</summary>
public enum SampleKind
{
    /// <summary>A whole number with a sign.</summary>
    Whole,

    /// <summary>A whole number without a sign; 128 is silence. 8 bits only.</summary>
    Offset,

    /// <summary>A floating point number between -1 and 1.</summary>
    FloatingPoint,

    /// <summary>µ-law of G.711.</summary>
    MuLaw,

    /// <summary>A-law of G.711.</summary>
    ALaw,
}

/// <summary>
/// What bare samples are, as far as their media type and the headers beside them say it. The names have many spellings
/// (<c>audio/L16;rate=16000</c>, <c>X-Audio-Sample-Rate</c>, <c>encoding=signed-integer;bits=16</c> …); what makes no sense counts as not
/// said.
/// </summary>
public sealed partial record SampleFormat
{
    private const int LongestValue = 100, MostChannels = 8;

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Samples per second, 8000 to 48000; null when it is not said.</summary>
    public int? Rate { get; init; }

    /// <summary>1 to 8.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>What the numbers are.</summary>
    public SampleKind Kind { get; init; }

    /// <summary>The bits of a sample.</summary>
    public int Bits { get; init; } = 16;

    /// <summary>
    /// Whether the first byte of a sample is the high one; null when only the sound itself tells. RFC 2586 and 3551 say that <c>L16</c> is,
    /// and most servers that name it send the low byte first.
    /// </summary>
    public bool? IsBigEndian { get; init; } = false;

    /// <summary>Whether the media type, or a header, says that these are bare samples.</summary>
    public bool IsNamed { get; init; }

    /// <summary>The bytes of one sample of all channels.</summary>
    public int FrameBytes => Channels * Bits / 8;

    /// <summary>Reads what a message says of its body.</summary>
    /// <param name="mediaType">Its <c>Content-Type</c>, with parameters; null: there is none.</param>
    /// <param name="headers">Its other headers; those that say nothing of samples are passed over. Null: none.</param>
    public static SampleFormat Read(string? mediaType, IEnumerable<KeyValuePair<string, string>>? headers = null)
    {
        var reading = new Reading();
        if (mediaType is not null && MediaType().Match(mediaType) is { Success: true } type)
            reading.TakeName(type.Groups["name"].Value, isType: true);
        foreach (var (name, value) in headers ?? [])
            reading.Take(Normal(name), value, isHeader: true);
        if (mediaType is not null)
            foreach (Match parameter in Parameter().Matches(mediaType))
                reading.Take(Normal(parameter.Groups["name"].Value), parameter.Groups["value"].Value, isHeader: false);
        return reading.Result();
    }

    /// <summary>
    /// Whether samples look as if their first byte was the high one: read so, they change much less from one to the next. Sound that is
    /// too short, or noise either way, does not.
    /// </summary>
    /// <param name="samples">Samples from the first byte of one on.</param>
    public bool LooksBigEndian(ReadOnlySpan<byte> samples)
    {
        var width = Bits / 8;
        var (low, high) = (0L, 0L);
        for (var at = FrameBytes; at + width <= samples.Length; at += width)
        {
            var before = samples.Slice(at - FrameBytes, width);
            var here = samples.Slice(at, width);
            low += Math.Abs(Value(here, highFirst: false) - Value(before, highFirst: false));
            high += Math.Abs(Value(here, highFirst: true) - Value(before, highFirst: true));
        }

        return high < low / 2;
    }

    private static long Value(ReadOnlySpan<byte> bytes, bool highFirst)
    {
        long value = (sbyte)(highFirst ? bytes[0] : bytes[^1]);
        for (var i = 1; i < bytes.Length; i++)
            value = (value << 8) | (highFirst ? bytes[i] : bytes[bytes.Length - 1 - i]);
        return value;
    }

    /// <summary>A name without what its spellings differ in: <c>X-Sample_Rate</c> is <c>samplerate</c>.</summary>
    private static string Normal(string name)
    {
        var lower = name.Trim().ToLowerInvariant();
        if (lower.StartsWith("x-", StringComparison.Ordinal))
            lower = lower[2..];
        return string.Concat(lower.Where(char.IsAsciiLetterOrDigit));
    }

    [GeneratedRegex(@"^\s*(audio|application)/(?<name>[\w.+-]{1,60})", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MediaType();

    // Commas stand between the parameters of GStreamer, which also writes (int)16000.
    [GeneratedRegex(
        """(?<=[;,\s])(?<name>[\w.-]{1,60})\s*=\s*("(?<value>[^"]{0,100})"|(\(\w+\)\s*)?(?<value>[^;,\s"]{1,100}))""",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(
        "(sampl(es?|ing)(rate|frequency)|audiorate|pcmrate|clockrate)(in)?(hz|hertz)?$",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex RateName();

    [GeneratedRegex("(channels|channelcount)$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ChannelsName();

    [GeneratedRegex("(bitspersample|bitdepth|^bits)$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BitsName();

    [GeneratedRegex("(samplewidth|bytespersample)$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BytesName();

    [GeneratedRegex("((sample|audio|pcm)(format|encoding|codec|type)|^dtype)$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormatName();

    [GeneratedRegex("(endian|endianness|endianess|byteorder)$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OrderName();

    [GeneratedRegex(@"^(?<number>\d{1,9}(\.\d{1,6})?)\s*(?<thousand>k)?\s*(hz|hertz)?$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    /// <summary>What samples are called: <c>L16</c>, <c>pcm_s16le</c>, <c>linear16</c>, <c>pcm_24000</c>, <c>signed-integer</c>.</summary>
    [GeneratedRegex(
        "^(?<pcm>(linear)?l?pcm|raw(pcm)?|linear|l(?=[0-9]))?"
        + "(?<kind>(un)?signed(int|integer)?|u?int|float|floatingpoint|[sufi])?"
        + "(?<bits>8|16|24|32|64)?(bit)?(?<order>le|be|littleendian|bigendian)?(?<rate>[0-9]{4,5})?$",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex SamplesName();

    /// <summary>What is known so far; what comes later counts more.</summary>
    private sealed class Reading
    {
        private int? _rate, _bits;
        private int _channels = 1;
        private SampleKind? _kind;
        private bool? _isBigEndian;
        private bool _isNamed, _isNetworkType;

        public void Take(string name, string value, bool isHeader)
        {
            value = value.Trim().Trim('\'');
            if (value.Length is 0 or > LongestValue)
                return;
            if (RateName().IsMatch(name) || (!isHeader && name is "rate" or "frequency" or "freq" or "hz" or "sr" or "fs"))
                TakeRate(value);
            else if (ChannelsName().IsMatch(name) || (!isHeader && name is "channel" or "ch"))
                _channels = Integer(value) is >= 1 and <= MostChannels and var channels ? channels : _channels;
            else if (BitsName().IsMatch(name) || (!isHeader && name is "bit" or "depth" or "width"))
                _bits = Integer(value) ?? _bits;
            else if (BytesName().IsMatch(name))
                _bits = Integer(value) * 8 ?? _bits;
            else if (OrderName().IsMatch(name))
                _isBigEndian = Normal(value) is var order && order.StartsWith('l') ? false : order.StartsWith('b') ? true : _isBigEndian;
            else if (FormatName().IsMatch(name) || (!isHeader && name is "format" or "encoding" or "codec" or "codecs"))
                TakeName(value, isType: false);
        }

        public void TakeName(string value, bool isType)
        {
            var name = Normal(value);
            if (name is "basic" or "pcmu" || name.Contains("ulaw", StringComparison.Ordinal))
                TakeLaw(SampleKind.MuLaw);
            else if (name is "pcma" || name.Contains("alaw", StringComparison.Ordinal))
                TakeLaw(SampleKind.ALaw);
            else if (name.Length > 0 && SamplesName().Match(name) is { Success: true } match)
                TakeName(match, isType);
        }

        public SampleFormat Result()
        {
            var kind = _kind ?? (_bits == 8 ? SampleKind.Offset : SampleKind.Whole);
            var bits = _bits ?? (kind is SampleKind.FloatingPoint ? 32 : kind is SampleKind.Whole ? 16 : 8);
            var makesSense = kind switch
            {
                SampleKind.Whole => bits is 8 or 16 or 24 or 32,
                SampleKind.FloatingPoint => bits is 32 or 64,
                _ => bits is 8,
            };
            var format = new SampleFormat
            {
                Rate = _rate,
                Channels = _channels,
                IsNamed = _isNamed,
                IsBigEndian = _isBigEndian ?? (_isNetworkType ? null : false),
            };
            return makesSense ? format with { Kind = kind, Bits = bits } : format;
        }

        private void TakeName(Match match, bool isType)
        {
            var group = match.Groups;
            if (group["kind"].Success)
                _kind = char.ToLowerInvariant(group["kind"].Value[0]) switch
                {
                    'u' => SampleKind.Offset,
                    'f' => SampleKind.FloatingPoint,
                    _ => SampleKind.Whole,
                };
            if (group["bits"].Success)
                _bits = Integer(group["bits"].Value);
            if (group["order"].Success)
                _isBigEndian = group["order"].Value[0] is 'b';
            if (group["rate"].Success)
                TakeRate(group["rate"].Value);
            _isNamed |= isType || group["pcm"].Success || group["bits"].Success;
            _isNetworkType |= isType && group["pcm"].Value is "l";
        }

        private void TakeLaw(SampleKind law)
        {
            (_kind, _bits, _isNamed) = (law, 8, true);
            _rate ??= SpeechFields.LowestRate;
        }

        private void TakeRate(string value)
        {
            if (Number().Match(value) is not { Success: true } match)
                return;
            var unit = match.Groups["thousand"].Success ? 1000 : 1;
            var number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * unit;
            if (number is >= SpeechFields.LowestRate and <= SpeechFields.HighestRate)
                _rate = (int)Math.Round(number);
        }

        private static int? Integer(string value) =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
