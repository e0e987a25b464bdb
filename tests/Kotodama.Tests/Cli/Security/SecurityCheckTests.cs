using System.Diagnostics;
using System.Net;
using Kotodama.Cli;
using Kotodama.Cli.Security;
using Kotodama.Server.Access;

namespace Kotodama.Tests.Cli.Security;

/// <summary><c>kotodama doctor --security</c> as a whole.</summary>
public sealed class SecurityCheckTests : IDisposable
{
    private static readonly SecurityFinding[] Each =
        [.. Enum.GetValues<SecurityGrade>().Reverse().Select(grade => new SecurityFinding(grade, $"{grade}.", Reach.You))];

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-security-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_fresh_folder_has_nothing_that_is_dangerous()
    {
        var findings = await CheckAsync();
        Assert.DoesNotContain(findings, f => f.Grade is SecurityGrade.Danger or SecurityGrade.Warning);
        Assert.Contains(findings, f => f.Thing.StartsWith("No hub runs", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Reach == Reach.Programs && f.Grade == SecurityGrade.Note);
    }

    [Fact]
    public void The_worst_comes_first_and_the_grades_are_counted()
    {
        var sorted = SecurityReport.Sort([.. Each, .. Each]);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], sorted.Select(f => (int)f.Grade));
        Assert.Equal("2 dangers, 2 warnings, 2 notes, 2 ok.", SecurityReport.Count(sorted));
        Assert.Equal("1 danger, 1 warning, 1 note, 1 ok.", SecurityReport.Count(Each));
        Assert.Equal("0 dangers, 0 warnings, 0 notes, 0 ok.", SecurityReport.Count([]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[[[]]]")]
    [InlineData("""{"tokens":[{"id":7}],"origins":["*"],"url":"::","processId":"x"}""")]
    [InlineData("""{"url":"ftp://nothing","processId":-1,"lan":"::"}""")]
    public async Task Files_that_are_broken_are_findings_and_end_nothing(string text)
    {
        foreach (var name in new[] { "tokens.json", "origins.json", "hub.json", "llm.json", "appsettings.json", "models", "messages.db" })
            Write(name, text);
        var findings = await CheckAsync();
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Warning && f.Thing.Contains("tokens.json", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Warning && f.Thing.Contains("origins.json", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Thing.StartsWith("SQLite", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"Kotodama":{"Port":"abc"}}""", "Kotodama:Port")]
    [InlineData("""{"Kotodama":{"Bind":"mysite.test"}}""", "--bind")]
    [InlineData("""{"Kotodama":{"AllowRemoteClients":"perhaps"}}""", "AllowRemoteClients")]
    [InlineData("""{"Kotodama":{"Llm":{"Server":"nothing"}}}""", "Kotodama:Llm:Server")]
    [InlineData("""{"Kotodama":{"Voice":{"Engines":["sapi"]}}}""", "Kotodama:Voice:Engines")]
    [InlineData("""{"Kotodama":{"TrustedProxies":["everything"]}}""", "everything")]
    [InlineData("""{"Kotodama":{"Port":1},"Kotodama":{"Port":2}}""", "twice")]
    public async Task Settings_that_make_no_sense_are_findings_and_the_rest_is_looked_at(string text, string said)
    {
        Write("appsettings.json", text);
        var findings = await CheckAsync();
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Warning && f.Thing.Contains(said, StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Thing == "No token counts.");
        Assert.Contains(findings, f => f.Thing.StartsWith("SQLite", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_chosen_file_opens_is_found_and_no_secret_is_told()
    {
        using var tokens = new TokenStore(_folder, _time);
        var token = tokens.Create(AccessRole.Admin, "laptop", null, null);
        Write("chosen.json",
            $$$"""
            {"Kotodama":{"AllowRemoteClients":true,"AllowedOrigins":["null"],"TrustedProxies":["8.8.8.0/24"],
             "Llm":{"Server":"http://llm.test/v1","Key":"planted"},"Data":"{{{_folder.Replace("\\", "\\\\", StringComparison.Ordinal)}}}"}}
            """);
        var findings = await new SecurityCheck(Path.Combine(_folder, "chosen.json"), null, _folder + "-usual", _time).RunAsync(TestContext.Current.CancellationToken);
        foreach (var (grade, said) in new[]
        {
            (SecurityGrade.Danger, "AllowRemoteClients"), (SecurityGrade.Danger, "8.8.8.0/24"), (SecurityGrade.Danger, "http://llm.test"),
            (SecurityGrade.Warning, "without an origin"), (SecurityGrade.Warning, "never expires"),
        })
            Assert.Contains(findings, f => f.Grade == grade && f.Thing.Contains(said, StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Cure?.EndsWith($" --data {_folder}", StringComparison.Ordinal) == true);
        var all = string.Join('\n', findings);
        Assert.DoesNotContain("planted", all, StringComparison.Ordinal);
        Assert.DoesNotContain(token, all, StringComparison.Ordinal);
        Assert.DoesNotContain(token[12..], all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hub_that_runs_is_asked_whether_strangers_need_a_token(bool allowsAll)
    {
        await using var hub = await TestHub.StartAsync(options => options.AllowRemoteClients = allowsAll);
        HubAddress.Write(_folder, new HubAddress(hub.Url.ToString(), Environment.ProcessId));
        var found = await RunningHub.AskAsync(HubAddress.Read(_folder, out _)!, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal((allowsAll, (bool?)false), (found!.AsksNoToken, found.IsReadable));
        if (OperatingSystem.IsLinux())
            Assert.Equal([IPAddress.Loopback], found.Addresses);
        Assert.Equal(allowsAll, (await CheckAsync()).Any(f => f.Grade == SecurityGrade.Danger));
    }

    [Fact]
    public async Task A_hub_that_was_killed_and_one_of_another_process_are_not_taken_for_the_one_that_runs()
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var (url, id) in new[] { (hub.Url.ToString(), 1), ($"http://127.0.0.1:{Ports.Free()}/", Environment.ProcessId) })
        {
            HubAddress.Write(_folder, new HubAddress(url, id));
            Assert.Contains(await CheckAsync(), f => f.Grade == SecurityGrade.Note && f.Thing.Contains($"(pid {id}) was here", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_folder_of_another_account_is_told()
    {
        Assert.SkipUnless(FileOwner.Own == 0, "Only root gives files away.");
        var file = Write("messages.db", "");
        using var chown = TestProcess.Start(new ProcessStartInfo("chown") { ArgumentList = { "65534", file } });
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(65_534u, FileOwner.Of(file));
        Assert.Contains(await CheckAsync(), f => f.Grade == SecurityGrade.Warning && f.Thing.StartsWith("messages.db belongs to another account", StringComparison.Ordinal));
    }

    private Task<IReadOnlyList<SecurityFinding>> CheckAsync() =>
        new SecurityCheck(null, _folder, _folder, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
