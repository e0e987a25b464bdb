using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>One Chromium for all browser tests. CHROMIUM names another executable than the system's.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _loud;
    private IBrowser? _painting;

    public IBrowser Chromium { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Chromium = await LaunchAsync();
    }

    /// <summary>A second browser, which lets pages make sounds without a click.</summary>
    public async Task<IBrowser> LoudAsync() => _loud ??= await LaunchAsync("--autoplay-policy=no-user-gesture-required");

    /// <summary>A browser that draws with WebGL, on the processor.</summary>
    public async Task<IBrowser> PaintingAsync() => _painting ??= await LaunchAsync("--use-angle=swiftshader", "--enable-unsafe-swiftshader");

    /// <summary>A browser whose microphone hears a sound file once, from when a page asks for it; without a file there is none to ask for.</summary>
    public Task<IBrowser> ListeningAsync(string? file, params string[] more) => LaunchAsync(
    [
        "--autoplay-policy=no-user-gesture-required",
        .. file is null ? Array.Empty<string>() : ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-audio-capture={file}%noloop"],
        .. more,
    ]);

    /// <summary>A browser of a user with a home of its own, where the certificates are that the user trusts.</summary>
    public Task<IBrowser> TrustingAsync(string home, params string[] more) => LaunchAsync(more, home);

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        if (_loud is not null)
            await _loud.DisposeAsync();
        if (_painting is not null)
            await _painting.DisposeAsync();
        _playwright?.Dispose();
    }

    private Task<IBrowser> LaunchAsync(params string[] more) => LaunchAsync(more, home: null);

    private Task<IBrowser> LaunchAsync(string[] more, string? home) => _playwright!.Chromium.LaunchAsync(new()
    {
        Env = home is null ? null : [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string)variable.Value!)).Where(variable => variable.Key != "HOME"), new("HOME", home)],
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? Candidates.FirstOrDefault(File.Exists),
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-quic", .. more,
        ],
    });
}

/// <summary>
/// Runs alone, after what may run side by side: these tests measure sound and movement, and no other test should keep the page from playing.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
