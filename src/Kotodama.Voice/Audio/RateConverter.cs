using System.Buffers.Binary;

namespace Kotodama.Voice.Audio;

/// <summary>
/// Gives mono samples of 16 bits another rate while they come, for files in a row that have not the same: the page plays a clause at one.
/// </summary>
/// <remarks>Not safe for threads: one for each sound.</remarks>
/// <param name="from">Samples per second of what comes.</param>
/// <param name="to">Samples per second of what goes out.</param>
internal sealed class RateConverter(int from, int to)
{
    // Zero crossings of the filter on each side.
    private const int Width = 16;

    private readonly double _step = (double)from / to, _keep = Math.Min(1.0, (double)to / from);
    private readonly int _half = (int)Math.Ceiling(Width * Math.Max(1.0, (double)from / to));

    /// <summary>What is still needed of what came, from the place <see cref="_first"/> on.</summary>
    private readonly List<short> _samples = [];
    private long _first, _made;

    private long Came => _first + _samples.Count;

    /// <summary>Takes whole samples and gives those of the new rate that they complete.</summary>
    public byte[] Convert(ReadOnlySpan<byte> samples)
    {
        for (var i = 0; i + 1 < samples.Length; i += 2)
            _samples.Add(BinaryPrimitives.ReadInt16LittleEndian(samples[i..]));
        return Make(Math.Max(_made, (long)Math.Ceiling((Came - _half) / _step)));
    }

    /// <summary>There are no more samples: the rest, after which nothing but silence counts.</summary>
    public byte[] End() => Make(Math.Max(_made, Came * to / from));

    private byte[] Make(long until)
    {
        var result = new byte[(until - _made) * 2];
        for (var i = 0; _made < until; i += 2, _made++)
            BinaryPrimitives.WriteInt16LittleEndian(result.AsSpan(i), At(_made * _step));
        var unneeded = (int)Math.Clamp((long)(_made * _step) - _half - _first, 0, _samples.Count);
        _samples.RemoveRange(0, unneeded);
        _first += unneeded;
        return result;
    }

    private short At(double middle)
    {
        var sum = 0.0;
        for (var n = Math.Max(_first, (long)middle - _half); n < Math.Min(Came, (long)middle + _half); n++)
        {
            var x = n - middle;
            var window = 0.5 + (0.5 * Math.Cos(Math.PI * x / (_half + 1)));
            sum += _samples[(int)(n - _first)] * window * (x == 0 ? _keep : Math.Sin(Math.PI * x * _keep) / (Math.PI * x));
        }

        return (short)Math.Clamp(Math.Round(sum), short.MinValue, short.MaxValue);
    }
}
