using Kotodama.Cli.Configuration;

namespace Kotodama.Tests.Cli;

public sealed class SettingsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_opens_ports_or_loads_code_counts_for_nothing_and_is_told()
    {
        var file = SettingsFile.Read(Write(
            """
            {"Kotodama":{"Port":1},"Kestrel":{"Endpoints":{"X":{"Url":"http://0.0.0.0:9"}}},"Urls":"http://0.0.0.0:9",
             "HostingStartupAssemblies":"evil"}
            """));
        file.Load();
        Assert.Equal(["HostingStartupAssemblies", "Kestrel", "Urls"], file.Ignored.Order(StringComparer.Ordinal));
        Assert.True(file.TryGet("Kotodama:Port", out var port));
        Assert.Equal("1", port);
        Assert.False(file.TryGet("Kestrel:Endpoints:X:Url", out _));
        Assert.False(file.TryGet("Urls", out _));
    }

    [Theory]
    [InlineData("{ broken", "line 1")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("", "cannot be read")]
    public void A_file_that_is_none_is_named(string text, string reason)
    {
        var path = Write(text);
        var problem = Assert.Throws<SettingsFileException>(() => SettingsFile.Read(path)).Message;
        Assert.Contains(path, problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_chosen_and_not_there_is_named()
    {
        var path = Path.Combine(_folder, "none.json");
        Assert.Contains(path, Assert.Throws<SettingsFileException>(() => SettingsFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_is_stronger_than_the_chosen_file_and_that_than_the_one_of_the_data_folder()
    {
        File.WriteAllText(Path.Combine(_folder, SettingsFile.Name), """{"Kotodama":{"Port":1,"PagePort":2,"Open":"auto"}}""");
        var chosen = Path.Combine(_folder, "chosen.json");
        File.WriteAllText(chosen, """{"Kotodama":{"PagePort":3,"Open":"never"}}""");
        var read = Settings.Read([new("Kotodama:Open", "line")], chosen, _folder);
        var configuration = read.Configuration;
        Assert.Equal(("1", "3", "line"), (configuration["Kotodama:Port"], configuration["Kotodama:PagePort"], configuration["Kotodama:Open"]));
        Assert.Equal([Path.Combine(_folder, SettingsFile.Name), chosen], read.Files.Select(f => f.Path).TakeLast(2));
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "settings.json");
        File.WriteAllText(path, text);
        return path;
    }
}
