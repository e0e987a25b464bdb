using Kotodama.Cli.Configuration;
using Kotodama.Cli.Security;

namespace Kotodama.Tests.Cli.Security;

/// <summary>Files and folders, as <c>kotodama doctor --security</c> grades them.</summary>
public sealed class FilesCheckTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Own = Private | UnixFileMode.UserExecute;
    private const UnixFileMode Open = Own | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-security-").FullName;

    public FilesCheckTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");

    public void Dispose()
    {
        Mode(_folder, Own);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_closed_folder_with_closed_files_is_well()
    {
        Write("messages.db", Private);
        Assert.All(FilesCheck.Data(_folder), f => Assert.Equal(SecurityGrade.Ok, f.Grade));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_well_and_a_file_in_its_place_is_not()
    {
        Assert.Equal(SecurityGrade.Ok, Assert.Single(FilesCheck.Data(Path.Combine(_folder, "none"))).Grade);
        Assert.Equal(SecurityGrade.Warning, Assert.Single(FilesCheck.Data(Write("file", Private))).Grade);
    }

    [Fact]
    public void Messages_that_other_accounts_can_read_are_a_danger_unless_the_folder_is_closed()
    {
        Write("messages.db", Private | UnixFileMode.OtherRead);
        Write("avatars.json", Private | UnixFileMode.GroupRead);
        var closed = FilesCheck.Data(_folder).ToArray();
        Assert.Contains(closed, f => f.Grade == SecurityGrade.Note && f.Thing.Contains("messages.db", StringComparison.Ordinal));
        Assert.DoesNotContain(closed, f => f.Grade is SecurityGrade.Danger or SecurityGrade.Warning);
        Mode(_folder, Open);
        var open = FilesCheck.Data(_folder).ToArray();
        var danger = Assert.Single(open, f => f.Grade == SecurityGrade.Danger);
        Assert.Contains("messages.db", danger.Thing, StringComparison.Ordinal);
        Assert.Equal($"chmod -R go= {_folder}", danger.Cure);
        Assert.Contains(open, f => f.Grade == SecurityGrade.Warning && f.Thing.Contains("avatars.json", StringComparison.Ordinal));
        Assert.Contains(open, f => f.Grade == SecurityGrade.Warning && f.Thing.Contains("see into", StringComparison.Ordinal));
    }

    [Fact]
    public void The_key_of_the_own_authority_is_looked_at_too()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "lan"));
        Write(Path.Combine("lan", "authority.pem"), Private | UnixFileMode.OtherRead);
        Mode(_folder, Open);
        Assert.Contains(FilesCheck.Data(_folder), f => f.Grade == SecurityGrade.Danger && f.Thing.Contains("authority.pem", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_other_accounts_can_write_is_a_danger()
    {
        Mode(_folder, Open | UnixFileMode.GroupWrite);
        Assert.Contains(FilesCheck.Data(_folder), f => f.Grade == SecurityGrade.Danger && f.Reach == Reach.Accounts);
    }

    [Fact]
    public void What_says_only_that_a_hub_runs_and_links_that_lead_nowhere_are_no_finding()
    {
        Write("hub.json", Private | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(Path.Combine(_folder, "messages.db-link"), Path.Combine(_folder, "gone"));
        Mode(_folder, Open);
        Assert.DoesNotContain(FilesCheck.Data(_folder), f => f.Grade == SecurityGrade.Danger);
    }

    [Fact]
    public void Files_of_this_account_belong_to_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux says it.");
        Assert.Equal(FileOwner.Own, FileOwner.Of(Write("file", Private)));
        Assert.Equal(0u, FileOwner.Of("/"));
        Assert.Null(FileOwner.Of(Path.Combine(_folder, "none")));
    }

    [Theory]
    [InlineData("""{"Kotodama":{"Port":1}}""", "600", "Ok")]
    [InlineData("""{"Kotodama":{"Port":1}}""", "644", "Ok")]
    [InlineData("""{"Kotodama":{"Port":1}}""", "664", "Danger")]
    [InlineData("""{"Kotodama":{"Llm":{"Key":"planted"}}}""", "600", "Note")]
    [InlineData("""{"Kotodama":{"Llm":{"Key":"planted"}}}""", "640", "Danger")]
    [InlineData("""{"Kotodama":{"Llm":{"Fallbacks":[{"Key":"planted"}]}}}""", "604", "Danger")]
    [InlineData("""{"Kotodama":{"Voice":{"Command":{"Arguments":["sk-planted"]}}}}""", "604", "Danger")]
    [InlineData("""{"Kotodama":{"Llm":{"Key":" "},"Tls":{"Key":"key.pem","PasswordFile":"p"}}}""", "644", "Ok")]
    public void A_file_of_settings_is_graded_by_its_rights_and_its_secrets(string text, string mode, string grade)
    {
        var file = Write("settings.json", (UnixFileMode)Convert.ToInt32(mode, 8), text);
        var finding = Assert.Single(FilesCheck.Settings([SettingsFile.Read(file)]));
        Assert.Equal(grade, finding.Grade.ToString());
        Assert.DoesNotContain("planted", finding.Thing, StringComparison.Ordinal);
        Assert.Contains(file, finding.Thing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_settings_that_is_gone_by_now_is_a_warning()
    {
        var file = Write("settings.json", Private, "{}");
        var read = SettingsFile.Read(file);
        File.Delete(file);
        Assert.Equal(SecurityGrade.Warning, Assert.Single(FilesCheck.Settings([read])).Grade);
        Assert.Equal(SecurityGrade.Ok, Assert.Single(FilesCheck.Settings([])).Grade);
    }

    [Fact]
    public void A_key_that_other_accounts_can_read_is_a_danger()
    {
        var file = Write("it's mine.pem", Private);
        Assert.Empty(FilesCheck.Key("The key", file));
        Assert.Empty(FilesCheck.Key("The key", null));
        Assert.Empty(FilesCheck.Key("The key", file + "-none"));
        Mode(file, Private | UnixFileMode.GroupRead);
        var finding = Assert.Single(FilesCheck.Key("The key", file));
        Assert.Equal((SecurityGrade.Danger, $"chmod go= '{_folder}/it'\\''s mine.pem'"), (finding.Grade, finding.Cure));
    }

    private string Write(string name, UnixFileMode mode, string text = "")
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        Mode(path, mode);
        return path;
    }

    private static void Mode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
