namespace Kotodama.Bench;

/// <summary>How fast the server is there, and how much memory it takes.</summary>
internal static class StartBench
{
    private const int Starts = 9;

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title("Start");
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            using var once = PublishedServer.Start(folder);
            times.Add(once.StartTime.TotalMilliseconds);
        }

        Figures.Spread("process start to listening", times, "ms");
        using var server = PublishedServer.Start(folder);
        await using var browser = await PageBrowser.StartAsync();
        await browser.OpenAsync(server.Page);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
        Figures.Line("resident memory, idle with one page", $"{server.ResidentMiB:0} MiB");
    }
}
