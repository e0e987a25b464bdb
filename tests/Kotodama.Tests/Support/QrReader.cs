using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kotodama.Tests.Support;

/// <summary>
/// Reads a QR code (ISO/IEC 18004, versions 1 to 10) that is drawn without a fault: no error is corrected, so one that is drawn wrongly is not
/// read. It shares nothing with what draws.
/// </summary>
internal sealed partial class QrReader
{
    private const int FormatMask = 0b101_0100_0001_0010;

    /// <summary>Of versions 1 to 10 with the level L: data codewords of the short blocks, their count, and the count of those with one more.</summary>
    private static readonly (int Data, int Short, int Long)[] Blocks =
        [(19, 1, 0), (34, 1, 0), (55, 1, 0), (80, 1, 0), (108, 1, 0), (68, 2, 0), (78, 2, 0), (97, 2, 0), (116, 2, 0), (68, 2, 2)];

    private static readonly int[][] Alignments =
        [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];

    private readonly bool[,] _dark;
    private readonly int _size;
    private readonly int _version;

    private QrReader(bool[,] dark)
    {
        (_dark, _size) = (dark, dark.GetLength(0));
        _version = (_size - 17) / 4;
        Assert.Equal(_version * 4 + 17, _size);
        Assert.InRange(_version, 1, 10);
    }

    /// <summary>The text of a code.</summary>
    /// <param name="modules">By row and column, with an empty edge of four.</param>
    public static string Read(bool[,] modules)
    {
        const int Edge = 4;
        var all = modules.GetLength(0);
        Assert.Equal(all, modules.GetLength(1));
        var dark = new bool[all - 2 * Edge, all - 2 * Edge];
        for (var y = 0; y < all; y++)
        {
            for (var x = 0; x < all; x++)
            {
                if (y >= Edge && x >= Edge && y < all - Edge && x < all - Edge)
                    dark[y - Edge, x - Edge] = modules[y, x];
                else
                    Assert.False(modules[y, x], "The edge is not empty.");
            }
        }

        return new QrReader(dark).Text();
    }

    /// <summary>The text of a code that is drawn as runs of dark modules, as in the path of an SVG drawing.</summary>
    public static string ReadPath(string path)
    {
        var runs = Run().Matches(path).Select(run => run.Groups.Values.Skip(1).Select(g => int.Parse(g.Value, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.Equal(path, string.Concat(runs.Select(run => $"M{run[0]} {run[1]}h{run[2]}v1h-{run[2]}z")));

        // The edge is empty on all sides, and as wide on each.
        var size = runs.Max(run => run[1]) + 1 + 4;
        var dark = new bool[size, size];
        foreach (var run in runs)
            for (var i = 0; i < run[2]; i++)
                dark[run[1], run[0] + i] = true;
        return Read(dark);
    }

    private string Text()
    {
        var mask = Mask();
        var bits = new List<bool>();
        for (int right = _size - 1, up = 1; right > 0; right -= 2, up = -up)
        {
            if (right == 6)
                right--;
            for (var i = 0; i < _size; i++)
            {
                var y = up > 0 ? _size - 1 - i : i;
                for (var x = right; x > right - 2; x--)
                    if (!IsPattern(y, x))
                        bits.Add(_dark[y, x] ^ IsMasked(mask, y, x));
            }
        }

        var codewords = Enumerable.Range(0, bits.Count / 8).Select(i => bits.Skip(i * 8).Take(8).Aggregate(0, (all, bit) => all << 1 | (bit ? 1 : 0))).ToArray();
        return Decode(Ordered(codewords));
    }

    /// <summary>The mask, as the format says at both of its places.</summary>
    private int Mask()
    {
        int first = 0, second = 0;
        (int Y, int X)[] around = [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8), (5, 8), (4, 8), (3, 8), (2, 8), (1, 8), (0, 8)];
        foreach (var (y, x) in around)
            first = first << 1 | (_dark[y, x] ? 1 : 0);
        for (var i = 0; i < 15; i++)
            second = second << 1 | (i < 7 ? _dark[_size - 1 - i, 8] : _dark[8, _size - 15 + i]) switch { true => 1, false => 0 };
        Assert.Equal(first, second);
        var format = first ^ FormatMask;
        Assert.True(format >> 13 == 0b01, "The level is not L.");
        return format >> 10 & 7;
    }

    private static bool IsMasked(int mask, int y, int x) => mask switch
    {
        0 => (y + x) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (y + x) % 3 == 0,
        4 => (y / 2 + x / 3) % 2 == 0,
        5 => y * x % 2 + y * x % 3 == 0,
        6 => (y * x % 2 + y * x % 3) % 2 == 0,
        _ => ((y + x) % 2 + y * x % 3) % 2 == 0,
    };

    private bool IsPattern(int y, int x)
    {
        if (y == 6 || x == 6 || (y <= 8 && x <= 8) || (y <= 8 && x >= _size - 8) || (y >= _size - 8 && x <= 8))
            return true;
        if (_version >= 7 && ((y < 6 && x >= _size - 11) || (x < 6 && y >= _size - 11)))
            return true;
        var places = Alignments[_version - 1];
        return places.Any(cy => Math.Abs(y - cy) <= 2 && places.Any(cx => Math.Abs(x - cx) <= 2 && !IsCorner(cy, cx)));
    }

    private bool IsCorner(int y, int x) => (y == 6 && x == 6) || (y == 6 && x == _size - 7) || (y == _size - 7 && x == 6);

    /// <summary>The data of all blocks, which stand in the code in turns.</summary>
    private List<int> Ordered(int[] codewords)
    {
        var (data, shorts, longs) = Blocks[_version - 1];
        var blocks = Enumerable.Range(0, shorts + longs).Select(_ => new List<int>()).ToArray();
        var next = 0;
        for (var i = 0; i <= data; i++)
            for (var block = 0; block < blocks.Length; block++)
                if (i < data || block >= shorts)
                    blocks[block].Add(codewords[next++]);
        return [.. blocks.SelectMany(block => block)];
    }

    private string Decode(List<int> codewords)
    {
        var position = 0;
        Assert.Equal(0b0100, Next(4));
        var length = Next(_version < 10 ? 8 : 16);
        return Encoding.UTF8.GetString([.. Enumerable.Range(0, length).Select(_ => (byte)Next(8))]);

        int Next(int count)
        {
            var value = 0;
            for (var i = 0; i < count; i++, position++)
                value = value << 1 | (codewords[position / 8] >> (7 - position % 8) & 1);
            return value;
        }
    }

    [GeneratedRegex(@"M(?<x>\d+) (?<y>\d+)h(?<length>\d+)v1h-\d+z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Run();
}
