using Kotodama.Cli.Security;
using Kotodama.Server.Access;

namespace Kotodama.Tests.Cli.Security;

/// <summary>Tokens and web sites, as <c>kotodama doctor --security</c> grades them.</summary>
public sealed class AccessCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_tokens_all_is_well() => Assert.Equal(SecurityGrade.Ok, Assert.Single(AccessCheck.Tokens([], Now)).Grade);

    [Fact]
    public void Tokens_are_counted_by_role_and_graded_by_what_they_may_and_for_how_long()
    {
        var findings = AccessCheck.Tokens(
            [
                Token("aaaaaaaa", AccessRole.Admin, null, "laptop"),
                Token("bbbbbbbb", AccessRole.Admin, Now.AddDays(1)),
                Token("cccccccc", AccessRole.Talker, null),
                Token("dddddddd", AccessRole.Talker, Now.AddDays(1)),
                Token("eeeeeeee", AccessRole.Admin, Now),
            ],
            Now).ToArray();
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Note && f.Thing == "4 tokens count: 2 talker, 2 admin.");
        var lasting = Assert.Single(findings, f => f.Grade == SecurityGrade.Warning);
        Assert.Equal("A token of the role admin does everything and never expires: aaaaaaaa (laptop).", lasting.Thing);
        Assert.Equal("kotodama token revoke aaaaaaaa", lasting.Cure);
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Note && f.Thing.Contains("until it expires: bbbbbbbb", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Note && f.Thing == "Without an end: cccccccc.");
        Assert.Contains(findings, f => f.Grade == SecurityGrade.Ok && f.Thing.Contains("eeeeeeee", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, f => f.Grade == SecurityGrade.Danger);
    }

    [Fact]
    public void A_line_names_a_few_tokens_and_counts_the_rest()
    {
        var findings = AccessCheck.Tokens([.. Enumerable.Range(0, 1_000).Select(i => Token($"t{i:0000000}", AccessRole.Viewer, null))], Now).ToArray();
        Assert.Contains(findings, f => f.Thing.EndsWith("t0000004 and 995 more.", StringComparison.Ordinal));
        Assert.All(findings, f => Assert.InRange(f.Thing.Length, 1, 200));
    }

    [Theory]
    [InlineData("https://mysite.test", "Note")]
    [InlineData("http://localhost:3000", "Note")]
    [InlineData("app://kiosk", "Note")]
    [InlineData("http://mysite.test", "Warning")]
    [InlineData("http://192.168.1.5:8000", "Warning")]
    [InlineData("null", "Warning")]
    [InlineData("file://", "Warning")]
    [InlineData("mysite.test", "Warning")]
    [InlineData("", "Warning")]
    public void An_origin_is_graded_by_who_can_write_its_pages(string origin, string grade)
    {
        var stored = Assert.Single(AccessCheck.Origins([origin], []));
        Assert.Equal(grade, stored.Grade.ToString());
        var set = Assert.Single(AccessCheck.Origins([], [origin]));
        Assert.Equal((grade, stored.Thing), (set.Grade.ToString(), set.Thing));
    }

    [Fact]
    public void Without_origins_all_is_well_and_with_many_the_user_is_asked()
    {
        Assert.Equal(SecurityGrade.Ok, Assert.Single(AccessCheck.Origins([], [])).Grade);
        var many = AccessCheck.Origins([.. Enumerable.Range(0, 21).Select(i => $"https://site{i}.test")], []).ToArray();
        Assert.Equal([SecurityGrade.Warning, SecurityGrade.Note], many.Select(f => f.Grade));
        Assert.StartsWith("21 origins", many[0].Thing, StringComparison.Ordinal);
    }

    private static AccessToken Token(string id, AccessRole role, DateTimeOffset? expires, string? name = null) =>
        new(id, role, name, null, Now.AddDays(-1), expires);
}
