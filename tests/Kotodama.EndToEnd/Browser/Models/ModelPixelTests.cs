namespace Kotodama.EndToEnd.Browser.Models;

/// <summary>What a Live2D model looks like, by single pixels, against formulas that are written here a second time.</summary>
[Collection(BrowserTests.Name)]
public sealed class ModelPixelTests(BrowserFixture browser)
{
    private const int ColourModes = 18;
    private const int AlphaModes = 5;

    private static readonly byte[] Red = [255, 0, 0, 255];
    private static readonly byte[] Green = [0, 255, 0, 255];
    private static readonly byte[] Blue = [0, 0, 255, 255];

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Drawables_are_drawn_in_their_order_with_old_and_new_Cores(int shape)
    {
        var model = new PaintedModel { Shape = shape };
        model.Add(-0.5, -0.5, 0.5, 0.5, Green, order: 9);
        model.Add(-1, -1, 1, 1, Red, order: 3);
        model.Add(-1, -1, 1, 1, Blue, opacity: 0);
        model.Add(-1, -1, 1, 1, Blue, visible: false);
        await PixelsAreAsync(model, ((0, 0), Green), ((0.75, 0), Red));
    }

    [Fact]
    public async Task Opacity_and_colours_of_a_drawable_change_its_colour()
    {
        var model = new PaintedModel();
        model.Add(-1, -1, 0, 1, [200, 100, 50, 255], opacity: 0.5);
        model.Add(0, -1, 1, 1, [200, 100, 50, 255], multiply: [0.5, 1, 0, 1], screen: [0, 0.5, 1, 1]);
        await PixelsAreAsync(model, ((-0.5, 0), [100, 50, 25, 128]), ((0.5, 0), [100, 178, 255, 255]));
    }

    [Fact]
    public async Task Only_what_is_double_sided_shows_its_back()
    {
        var model = new PaintedModel();
        model.Add(-1, -1, -0.5, 1, Red, flags: 0);
        model.Add(-0.5, -1, 0, 1, Red, flags: 0, backwards: true);
        model.Add(0, -1, 0.5, 1, Red, backwards: true);
        await PixelsAreAsync(model, ((-0.75, 0), Red), ((-0.25, 0), [0, 0, 0, 0]), ((0.25, 0), Red));
    }

    [Fact]
    public async Task Masks_cut_inverted_ones_spare_and_the_index_minus_one_is_none()
    {
        var model = new PaintedModel();
        var left = model.Add(-0.9, -0.9, -0.3, 0.9, Blue, visible: false, opacity: 0);
        var right = model.Add(0.3, -0.9, 0.9, 0.9, [255, 255, 255, 128], visible: false);
        model.Add(-1, 0.5, 1, 1, Red, masks: [left]);
        model.Add(-1, 0, 1, 0.5, Green, masks: [left, right]);
        model.Add(-1, -0.5, 1, 0, Red, flags: 12, masks: [left, -1]);
        model.Add(-1, -1, 1, -0.5, Green, masks: [-1]);
        await PixelsAreAsync(
            model,
            ((-0.6, 0.7), Red), ((0, 0.7), [0, 0, 0, 0]), ((-0.95, 0.7), [0, 0, 0, 0]),
            ((-0.6, 0.25), Green), ((0.6, 0.25), [0, 128, 0, 128]), ((0, 0.25), [0, 0, 0, 0]),
            ((-0.6, -0.25), [0, 0, 0, 0]), ((0, -0.25), Red), ((-0.95, -0.25), Red),
            ((0, -0.75), Green));
    }

    [Fact]
    public async Task A_hundred_masks_are_kept_apart()
    {
        var model = new PaintedModel();
        var points = new List<((double, double), byte[])>();
        for (var i = 0; i < 100; i++)
        {
            var (x, y) = ((i % 10 * 0.2) - 1, (i / 10 * 0.2) - 1);
            var mask = model.Add(x, y, x + (i % 3 == 0 ? 0.15 : 0.1), y + 0.2, Blue, visible: false);
            // Each is much larger than what its own mask shows of it.
            model.Add(-1, -1, 1, 1, [(byte)(i * 2), 255, 0, 255], masks: [mask]);
            points.Add(((x + 0.05, y + 0.1), [(byte)(i * 2), 255, 0, 255]));
            points.Add(((x + 0.175, y + 0.1), [0, 0, 0, 0]));
        }

        await PixelsAreAsync(model, [.. points]);
    }

    [Fact]
    public async Task Every_way_to_blend_follows_its_formula()
    {
        var model = new PaintedModel();
        // Of these every premultiplied colour is a whole number.
        byte[][] belows = [[204, 102, 51, 255], [40, 220, 130, 153], [130, 130, 130, 51]];
        byte[][] sources = [[51, 178, 229, 255], [230, 30, 140, 102]];
        var points = new List<((double, double), byte[])>();
        var cell = 0;
        for (var colour = 0; colour < ColourModes; colour++)
        {
            for (var alpha = 0; alpha < AlphaModes; alpha++)
            {
                // Adding and multiplying as before 5.3 know no other alpha.
                if (colour is 1 or 2 && alpha > 0)
                    continue;
                foreach (var below in belows)
                {
                    foreach (var source in sources)
                    {
                        var (x, y) = ((cell % 24 * 0.08) - 0.98, (cell / 24 * 0.08) - 0.98);
                        model.Add(x, y, x + 0.07, y + 0.07, below);
                        model.Add(x, y, x + 0.07, y + 0.07, source, blend: [colour, alpha]);
                        points.Add(((x + 0.035, y + 0.035), Blending.Of(colour, alpha, source, below)));
                        cell++;
                    }
                }
            }
        }

        await PixelsAreAsync(model, [.. points]);
    }

    [Fact]
    public async Task Flags_blend_as_before_for_old_Cores()
    {
        var model = new PaintedModel { Shape = 5 };
        model.Add(-1, -1, 1, 1, [100, 150, 200, 255]);
        model.Add(-1, -1, 0, 1, [200, 50, 0, 128], flags: 5);
        model.Add(0, -1, 1, 1, [128, 255, 0, 255], flags: 6);
        await PixelsAreAsync(model, ((-0.5, 0), [200, 175, 200, 255]), ((0.5, 0), [50, 150, 0, 255]));
    }

    [Fact]
    public async Task What_a_part_holds_is_laid_down_as_one_picture()
    {
        var model = new PaintedModel
        {
            Parts = [new { id = "Outer", parent = -1 }, new { id = "Inner", parent = 0 }, new { id = "Cut", parent = -1 }],
            Offscreens =
            [
                new { part = 0, order = 1, opacity = 0.5 },
                new { part = 1, order = 3, blend = new[] { 6, 0 } },
                new { part = 2, order = 10, masks = new[] { 5 }, multiply = new[] { 1, 0.5, 1, 1 } },
            ],
        };
        model.Add(-1, -1, 1, 1, Blue, order: 0);
        model.Add(-1, -1, 0, 0.5, Red, part: 0, order: 2);
        // Multiplied with the red of its part it is red, and yellow where the part holds nothing yet.
        model.Add(-0.5, -1, 0.5, 0, [255, 255, 0, 255], part: 1, order: 4);
        model.Add(0.5, 0.5, 1, 1, Green, part: 2, order: 11);
        model.Add(0.75, 0.5, 1, 1, [0, 255, 0, 255], part: 2, order: 12);
        model.Add(0.5, 0.5, 1, 0.75, Red, visible: false, order: 13);
        await PixelsAreAsync(
            model,
            ((-0.75, 0.25), [128, 0, 128, 255]), ((-0.25, -0.5), [128, 0, 128, 255]), ((0.25, -0.5), [128, 128, 128, 255]),
            ((0.75, -0.5), Blue), ((0.6, 0.6), [0, 128, 0, 255]), ((0.9, 0.6), [0, 128, 0, 255]), ((0.6, 0.9), Blue));
    }

    [Fact]
    public async Task Out_erases_within_its_part_only()
    {
        var model = new PaintedModel
        {
            Parts = [new { id = "Part", parent = -1 }],
            Offscreens = [new { part = 0, order = 1 }],
        };
        model.Add(-1, -1, 1, 1, Blue, order: 0);
        model.Add(-1, -1, 1, 0, Red, part: 0, order: 2);
        model.Add(-0.5, -1, 0.5, 0, Green, part: 0, order: 3, blend: [0, 2]);
        await PixelsAreAsync(model, ((-0.75, -0.5), Red), ((0, -0.5), Blue), ((0, 0.5), Blue));
    }

    [Fact]
    public async Task Lost_graphics_come_back_with_the_same_picture()
    {
        var model = new PaintedModel();
        var mask = model.Add(-1, -1, 0, 1, Red, visible: false);
        model.Add(-1, -1, 1, 1, Green, masks: [mask]);
        await using var hub = await TestHub.StartAsync();
        await using var page = await OpenAsync(hub);
        Assert.Null(await model.ShowAsync(page));
        await page.Page.EvaluateAsync("() => window.models.lose()");
        await page.HoldsAsync("() => window.models.pixels([[-0.5, 0]])[0][1] === 255");
        byte[][] expected = [Green, [0, 0, 0, 0]];
        Assert.Equal(expected, await PaintedModel.PixelsAsync(page, (-0.5, 0), (0.5, 0)));
    }

    [Fact]
    public async Task A_model_that_needs_a_newer_Core_says_so_and_so_does_a_missing_Core()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await OpenAsync(hub);
        page.Expected = complaint => complaint.Contains("404", StringComparison.Ordinal);
        var model = new PaintedModel { Version = 99 };
        model.Add(-1, -1, 1, 1, Red);
        Assert.Equal("core_missing", (await model.ShowAsync(page, core: false))!.Value.GetProperty("code").GetString());
        Assert.Equal("core_too_old", (await model.ShowAsync(page))!.Value.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_page_lets_a_Core_compile_WebAssembly_and_nothing_else()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await OpenAsync(hub);
        page.Expected = _ => true;

        // A moment later: what a debugger evaluates itself is exempt.
        const string Later = "then => new Promise(done => setTimeout(async () => { try { done(String(await then())); } catch (e) { done(e.name); } }))";
        Assert.Equal("[object WebAssembly.Module]", await page.Page.EvaluateAsync<string>($"() => ({Later})(() => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])))"));
        Assert.Equal("EvalError", await page.Page.EvaluateAsync<string>($"() => ({Later})(() => new Function('return 1')())"));
    }

    private async Task<TestPage> OpenAsync(TestHub hub) => await TestPage.OpenAsync(await browser.PaintingAsync(), hub.Url);

    private async Task PixelsAreAsync(PaintedModel model, params ((double X, double Y) Point, byte[] Colour)[] expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await OpenAsync(hub);
        Assert.Null(await model.ShowAsync(page));
        var pixels = await PaintedModel.PixelsAsync(page, [.. expected.Select(one => one.Point)]);
        var wrong = expected.Zip(pixels).Where(pair => pair.First.Colour.Zip(pair.Second).Any(c => Math.Abs(c.First - c.Second) > 2))
            .Select(pair => $"at {pair.First.Point} expected {string.Join(' ', pair.First.Colour)}, found {string.Join(' ', pair.Second)}");
        Assert.Empty(wrong);
    }
}
