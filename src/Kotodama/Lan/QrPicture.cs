using System.Text;
using QRCoder;

namespace Kotodama.Cli.Lan;

/// <summary>A QR code as modules, with the empty edge that cameras need around it.</summary>
internal sealed class QrPicture
{
    private readonly bool[,] _dark;

    private QrPicture(bool[,] dark) => _dark = dark;

    /// <summary>Modules on each side, the edge included.</summary>
    public int Size => _dark.GetLength(0);

    /// <summary>Makes a picture of a text.</summary>
    public static QrPicture Of(string text)
    {
        // A screen is not scratched: the least redundancy makes the largest modules.
        using var data = QRCodeGenerator.GenerateQrCode(Encoding.UTF8.GetBytes(text), QRCodeGenerator.ECCLevel.L);
        var matrix = data.ModuleMatrix;
        var dark = new bool[matrix.Count, matrix.Count];
        for (var y = 0; y < matrix.Count; y++)
            for (var x = 0; x < matrix.Count; x++)
                dark[y, x] = matrix[y][x];
        return new QrPicture(dark);
    }

    /// <summary>
    /// Lines of half blocks, two modules above each other in a character. With <paramref name="dark"/> the dark modules are drawn, for
    /// black on white; without, the light ones, as for a dark terminal: cameras read the negative, too.
    /// </summary>
    public IReadOnlyList<string> Lines(bool dark)
    {
        var lines = new List<string>();
        for (var y = 0; y < Size; y += 2)
        {
            var line = new StringBuilder();
            for (var x = 0; x < Size; x++)
            {
                // Below an odd last row nothing is drawn, which is light as the edge is.
                var (upper, lower) = (_dark[y, x], y + 1 < Size && _dark[y + 1, x]);
                line.Append((upper == dark, lower == dark) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                });
            }

            lines.Add(line.ToString());
        }

        return lines;
    }

    /// <summary>The dark modules as the path of an SVG drawing whose unit is one module.</summary>
    public string Path()
    {
        var path = new StringBuilder();
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                if (!_dark[y, x])
                    continue;
                var begin = x;
                while (x + 1 < Size && _dark[y, x + 1])
                    x++;
                path.Append($"M{begin} {y}h{x - begin + 1}v1h-{x - begin + 1}z");
            }
        }

        return path.ToString();
    }
}
