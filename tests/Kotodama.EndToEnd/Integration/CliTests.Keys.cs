using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Integration;

/// <summary>Keys of end-to-end encryption on the command line.</summary>
public sealed partial class CliTests
{
    [Fact]
    public async Task A_key_is_made_once_and_what_is_said_with_it_is_encrypted()
    {
        await using var server = await ServeAsync();
        using var page = await server.PageAsync();
        var made = await RunAsync("key", "create", "--data", _data);
        Assert.Equal(0, made.Code);
        var key = MessageKey.Parse(made.Out);
        Assert.Contains($":{server.Url.Port}/#k={key.Reveal()}", made.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(["say", "planted", "--data", _data], "", folder: _data, (KeyVariable, key.Reveal()))).Code);
        var enc = await page.ReceiveAsync<EncMessage>();
        Assert.True(key.TryOpen(enc, out var opened));
        Assert.Equal("planted", ((LlmResponseMessage)opened).Content);
        var history = await RunAsync("history", "--data", _data);
        Assert.Contains("(encrypted)", history.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", history.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_a_file_is_for_its_owner_alone_and_never_written_over_another_file()
    {
        var file = Path.Combine(_data, "key");
        var made = await RunAsync("key", "create", "--out", file, "--channel", "left", "--url", "http://127.0.0.1:9");
        Assert.Equal((0, ""), (made.Code, made.Out));
        var key = MessageKey.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains($"http://127.0.0.1:9/?channel=left#k={key.Reveal()}", made.Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var again = await RunAsync("key", "create", "--out", file);
        Assert.Equal(1, again.Code);
        Assert.Contains("cannot be written", again.Error, StringComparison.Ordinal);
        await using var server = await ServeAsync();
        using var page = await server.PageAsync();
        Assert.Equal(0, (await RunAsync("say", "planted", "--key-file", file, "--data", _data)).Code);
        Assert.True(key.TryOpen(await page.ReceiveAsync<EncMessage>(), out _));
        var sound = Path.Combine(_data, "sound");
        await File.WriteAllBytesAsync(sound, [1, 2, 3], TestContext.Current.CancellationToken);
        Assert.Equal(1, (await RunAsync("say", "planted", "--audio", sound, "--timeout", "100", "--key-file", file, "--data", _data)).Code);
        Assert.True(key.TryOpen(await page.ReceiveAsync<EncMessage>(), out var reply));
        Assert.Equal("AQID", ((LlmResponseMessage)reply).Audio);
        await File.WriteAllBytesAsync(sound, new byte[70_000], TestContext.Current.CancellationToken);
        var large = await RunAsync("say", "planted", "--audio", sound, "--key-file", file, "--data", _data);
        Assert.Equal(1, large.Code);
        Assert.Contains("has 70000 bytes", large.Error, StringComparison.Ordinal);
        foreach (var (name, said) in new[] { (_data, "cannot be read"), (Path.Combine(_data, "none"), "cannot be read") })
        {
            var bad = await RunAsync("say", "planted", "--key-file", name, "--data", _data);
            Assert.Equal(1, bad.Code);
            Assert.Contains(said, bad.Error, StringComparison.Ordinal);
        }

        var wrong = await RunAsync(["say", "planted", "--data", _data], "", folder: _data, (KeyVariable, "half-a-secret"));
        Assert.Equal(1, wrong.Code);
        Assert.Contains("43 characters", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("half-a-secret", wrong.Error, StringComparison.Ordinal);
    }

    private const string KeyVariable = "KOTODAMA_KEY";
}
