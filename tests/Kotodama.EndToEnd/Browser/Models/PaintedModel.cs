using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Models;

/// <summary>
/// A Live2D model of rectangles, each in one flat colour, on the fake Core of the page's own tests. The files come from the test, by the
/// addresses at which the hub has them.
/// </summary>
internal sealed class PaintedModel
{
    /// <summary>Colours of the texture, straight: red, green, blue, alpha.</summary>
    private readonly List<byte[]> _palette = [];
    private readonly List<object> _drawables = [];

    public int Shape { get; set; } = 6;

    public byte Version { get; set; } = 6;

    public IReadOnlyList<object> Parts { get; init; } = [];

    public IReadOnlyList<object> Offscreens { get; init; } = [];

    /// <summary>Adds a rectangle, in units of the model, and returns its index.</summary>
    /// <param name="colour">Straight red, green, blue and alpha.</param>
    /// <param name="backwards">Shows its back.</param>
    public int Add(
        double left, double bottom, double right, double top, byte[] colour, int flags = 4, int[]? masks = null, int[]? blend = null,
        double opacity = 1, double[]? multiply = null, double[]? screen = null, int part = -1, int? order = null, bool backwards = false,
        bool visible = true)
    {
        var cell = _palette.FindIndex(one => one.AsSpan().SequenceEqual(colour));
        if (cell < 0)
        {
            cell = _palette.Count;
            _palette.Add(colour);
        }

        _drawables.Add(new Dictionary<string, object?>
        {
            ["id"] = $"ArtMesh{_drawables.Count}",
            ["vertices"] = new[] { left, bottom, right, bottom, right, top, left, top },
            ["cell"] = cell,
            ["indices"] = backwards ? new[] { 0, 2, 1, 0, 3, 2 } : [0, 1, 2, 0, 2, 3],
            ["flags"] = flags,
            ["masks"] = masks ?? [],
            ["blend"] = blend ?? [0, 0],
            ["opacity"] = opacity,
            ["multiply"] = multiply ?? [1, 1, 1, 1],
            ["screen"] = screen ?? [0, 0, 0, 1],
            ["part"] = part,
            ["order"] = order ?? _drawables.Count,
            ["visible"] = visible,
        });
        return _drawables.Count - 1;
    }

    /// <summary>Shows the model in a page. Null, or why it cannot be shown.</summary>
    public async Task<JsonElement?> ShowAsync(TestPage page, bool core = true)
    {
        var files = new Dictionary<string, (string Kind, byte[] Body)>(StringComparer.Ordinal)
        {
            ["test/texture.png"] = ("image/png", Texture()),
            ["test/test.moc3"] = ("application/octet-stream", Moc()),
        };
        if (core)
            files["_core/live2dcubismcore.min.js"] = ("text/javascript", await File.ReadAllBytesAsync(Repository.PathOf("web", "test", "live2d", "fakecore.js")));
        await page.Page.RouteAsync("**/models/**", route => files.TryGetValue(new Uri(route.Request.Url).AbsolutePath["/models/".Length..], out var file)
            ? route.FulfillAsync(new() { ContentType = file.Kind, BodyBytes = file.Body })
            : route.FulfillAsync(new() { Status = 404 }));
        var helper = await File.ReadAllTextAsync(Repository.PathOf("tests", "Kotodama.EndToEnd", "Browser", "Models", "models.js"));
        await page.Page.EvaluateAsync($"() => {{ {helper} }}");
        // Of the renderer's files the one that the page asks for.
        var script = Directory.EnumerateFiles(Repository.PathOf("src", "Kotodama.Server", "wwwroot", "assets"), "live2d-*.js")
            .Single(file => File.ReadAllText(file).Contains("loadModel", StringComparison.Ordinal));
        return await page.Page.EvaluateAsync<JsonElement?>("([script, manifest]) => window.models.show(script, manifest)", new object[]
        {
            $"/assets/{Path.GetFileName(script)}",
            new
            {
                name = "test", title = "Test", kind = "cubism", @base = "/models/test/", moc = "test.moc3", textures = new[] { "texture.png" },
                physics = (string?)null, pose = (string?)null, expressions = Array.Empty<object>(), motions = Array.Empty<object>(),
                idle = Array.Empty<string>(), eyeBlink = Array.Empty<string>(), lipSync = Array.Empty<string>(), hitAreas = Array.Empty<object>(),
                layout = new { height = 2, centerX = 0, centerY = 0 }, names = new { parameters = new { }, parts = new { } }, notes = new { },
                hotkeys = Array.Empty<object>(), placement = (object?)null, emotions = new { }, gestures = new { }, touches = new { },
            },
        });
    }

    /// <summary>Premultiplied colours at points of the model.</summary>
    public static async Task<byte[][]> PixelsAsync(TestPage page, params (double X, double Y)[] points)
    {
        var pixels = await page.Page.EvaluateAsync<int[][]>("points => window.models.pixels(points)", points.Select(p => new[] { p.X, p.Y }).ToArray());
        return [.. pixels.Select(p => p.Select(c => (byte)c).ToArray())];
    }

    private byte[] Moc()
    {
        var drawables = _drawables.Cast<Dictionary<string, object?>>().Select(drawable =>
        {
            var x = ((int)drawable["cell"]! + 0.5) / _palette.Count;
            return new Dictionary<string, object?>(drawable) { ["uvs"] = Enumerable.Repeat(new[] { x, 0.5 }, 4).SelectMany(place => place) };
        });
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            shape = Shape,
            canvas = new { width = 600, height = 600, originX = 300, originY = 300, pixelsPerUnit = 300 },
            parameters = Array.Empty<object>(),
            parts = Parts,
            drawables,
            offscreens = Offscreens,
        });
        return [.. "MOC3"u8, Version, .. json];
    }

    /// <summary>A PNG with one square of 8 x 8 pixels for each colour.</summary>
    private byte[] Texture()
    {
        const int Side = 8;
        using var pixels = new MemoryStream();
        using (var packed = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < Side; y++)
            {
                packed.WriteByte(0);
                foreach (var colour in _palette)
                {
                    for (var x = 0; x < Side; x++)
                        packed.Write(colour);
                }
            }
        }

        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, Side * _palette.Count);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), Side);
        (head[8], head[9]) = (8, 6);
        Chunk("IHDR", head);
        Chunk("IDAT", pixels.ToArray());
        Chunk("IEND", []);
        return png.ToArray();

        void Chunk(string name, byte[] body)
        {
            var word = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(word, body.Length);
            png.Write(word);
            byte[] named = [.. Encoding.ASCII.GetBytes(name), .. body];
            png.Write(named);
            BinaryPrimitives.WriteUInt32BigEndian(word, Checksum(named));
            png.Write(word);
        }
    }

    private static uint Checksum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xedb88320;
        }

        return ~sum;
    }
}
