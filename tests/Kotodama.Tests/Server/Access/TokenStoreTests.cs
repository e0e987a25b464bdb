using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;

namespace Kotodama.Tests.Server.Access;

public sealed class TokenStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-tokens-").FullName;
    private readonly ManualTime _time = new();

    private string TokenFile => Path.Combine(_folder, "tokens.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_token_is_found_by_its_text_and_by_nothing_else()
    {
        using var store = Open();
        var text = store.Create(AccessRole.Talker, "phone", ["left", "right"], null);
        var token = Assert.IsType<AccessToken>(store.Find(text));
        Assert.Equal((AccessRole.Talker, "phone", _time.GetUtcNow()), (token.Role, token.Name, token.Created));
        Assert.Equal(["left", "right"], token.Channels);
        Assert.Matches("^kt_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", text);
        Assert.Equal(token.Id, text[3..11]);
        for (var i = 0; i < text.Length; i++)
        {
            var wrong = new StringBuilder(text) { [i] = text[i] == 'a' ? 'b' : 'a' }.ToString();
            Assert.True(store.Find(wrong) is null, $"{i} letters of {text} were enough.");
        }

        foreach (var wrong in new[] { "", "kt_", text[..^1], text + "A", text + "=", " " + text, text.ToUpperInvariant(), text.Replace('_', '-'), "kt_\0" + text[4..] })
            Assert.Null(store.Find(wrong));
    }

    /// <summary>Two of the last letter's six bits stand for nothing; a decoder would take four texts for one secret.</summary>
    [Fact]
    public void The_last_letter_counts_whole()
    {
        using var store = Open();
        var text = store.Create(AccessRole.Viewer, null, null, null);
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Assert.Equal(text[^1], Assert.Single(letters, c => store.Find(text[..^1] + c) is not null));
    }

    [Fact]
    public void The_file_holds_no_secret_and_belongs_to_its_owner_alone()
    {
        using var store = Open();
        var text = store.Create(AccessRole.Admin, "desk", null, null);
        var stored = File.ReadAllText(TokenFile);
        Assert.DoesNotContain(text[12..], stored, StringComparison.Ordinal);
        Assert.DoesNotContain(text[12..30], stored, StringComparison.Ordinal);
        Assert.Contains("\"admin\"", stored, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TokenFile));
    }

    [Fact]
    public void What_another_process_makes_and_revokes_counts_at_once()
    {
        using var hub = Open();
        using var program = Open();
        Assert.False(hub.HasAny());
        var text = program.Create(AccessRole.Publisher, null, null, null);
        var token = Assert.IsType<AccessToken>(hub.FindLive(text, out var ended));
        Assert.True(hub.HasAny());
        Assert.True(program.Revoke(token.Id));
        Assert.Null(hub.Find(text));
        Assert.True(ended.IsCancellationRequested);
        Assert.False(program.Revoke(token.Id));
    }

    [Fact]
    public void A_hub_that_watches_ends_a_token_by_itself()
    {
        using var hub = Open();
        hub.Watch();
        using var program = Open();
        var gone = program.Create(AccessRole.Viewer, null, null, null);
        var stays = program.Create(AccessRole.Viewer, null, null, null);
        Assert.NotNull(hub.FindLive(gone, out var ended));
        Assert.NotNull(hub.FindLive(stays, out var other));
        program.Revoke(gone[3..11]);
        Assert.False(ended.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal((true, false), (ended.IsCancellationRequested, other.IsCancellationRequested));
        hub.Dispose();
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public void A_token_expires_while_it_is_used()
    {
        using var hub = Open();
        hub.Watch();
        var text = hub.Create(AccessRole.Viewer, null, null, _time.GetUtcNow() + TimeSpan.FromMinutes(1));
        Assert.NotNull(hub.FindLive(text, out var ended));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(hub.Find(text));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(ended.IsCancellationRequested);
        Assert.Null(hub.Find(text));
        Assert.Single(hub.List());
    }

    [Fact]
    public void A_token_whose_rights_were_changed_by_hand_is_another_one()
    {
        using var hub = Open();
        var text = hub.Create(AccessRole.Admin, null, null, null);
        Assert.NotNull(hub.FindLive(text, out var ended));
        File.WriteAllText(TokenFile, File.ReadAllText(TokenFile).Replace("\"admin\"", "\"viewer\"", StringComparison.Ordinal));
        Assert.Equal(AccessRole.Viewer, hub.Find(text)?.Role);
        Assert.True(ended.IsCancellationRequested);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"tokens":null}""")]
    [InlineData("""{"tokens":[null]}""")]
    [InlineData("""{"tokens":[{"id":"abcdefgh"}]}""")]
    [InlineData("""{"tokens":[{"id":"abcdefgh","name":null,"role":"owner","channels":null,"created":"2026-01-01T00:00:00Z","expires":null,"hash":"00"}]}""")]
    [InlineData("""{"tokens":[{"id":"abcdefgh","name":null,"role":"admin","channels":null,"created":"2026-01-01T00:00:00Z","expires":null,"hash":"00"}]}""")]
    [InlineData("""{"tokens":[{"id":"abcdefgh","name":null,"role":99,"channels":null,"created":"2026-01-01T00:00:00Z","expires":null,"hash":"0000000000000000000000000000000000000000000000000000000000000000"}]}""")]
    [InlineData("""{"tokens":[{"id":"abcdefgh","name":null,"role":"admin","channels":[null],"created":"2026-01-01T00:00:00Z","expires":null,"hash":"0000000000000000000000000000000000000000000000000000000000000000"}]}""")]
    public void A_file_that_cannot_be_read_lets_nobody_in_and_is_not_overwritten(string content)
    {
        using var store = Open();
        var text = store.Create(AccessRole.Admin, null, null, null);
        Assert.NotNull(store.FindLive(text, out var ended));
        File.WriteAllText(TokenFile, content);
        Assert.Null(store.Find(text));
        Assert.True(ended.IsCancellationRequested);
        Assert.Contains("tokens.json", Assert.Throws<KotodamaException>(() => store.List()).Message, StringComparison.Ordinal);
        Assert.Throws<KotodamaException>(() => store.Create(AccessRole.Viewer, null, null, null));
        Assert.Throws<KotodamaException>(() => store.Revoke(text[3..11]));
        Assert.Equal(content, File.ReadAllText(TokenFile));
        File.Delete(TokenFile);
        Assert.Empty(store.List());
    }

    [Fact]
    public void Of_more_than_the_limit_those_that_have_expired_make_room()
    {
        using var store = new TokenStore(null, _time);
        for (var i = 0; i < TokenStore.Most - 1; i++)
            store.Create(AccessRole.Viewer, null, null, null);
        store.Create(AccessRole.Viewer, null, null, _time.GetUtcNow() + TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.StorageFull, Assert.Throws<KotodamaException>(() => store.Create(AccessRole.Viewer, null, null, null)).Code);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(store.Find(store.Create(AccessRole.Viewer, null, null, null)));
        Assert.Equal(TokenStore.Most, store.List().Count);
    }

    [Fact]
    public void Names_and_channels_are_checked()
    {
        using var store = new TokenStore(null, _time);
        foreach (var name in new[] { "", "a\nb", "\u001b[31m", new string('x', 65) })
            Assert.Throws<ArgumentException>(() => store.Create(AccessRole.Viewer, name, null, null));
        foreach (var channels in new string[][] { [], [""], ["Left"], ["left", "no space"] })
            Assert.Throws<ArgumentException>(() => store.Create(AccessRole.Viewer, null, channels, null));
        Assert.Empty(store.List());
    }

    /// <summary>Two programs at the same moment: no token is lost, and one of them is told to try again at the worst.</summary>
    [Fact]
    public async Task Tokens_made_at_the_same_time_are_all_there()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var store = Open();
            var texts = new List<string>();
            while (texts.Count < 5)
            {
                try
                {
                    texts.Add(store.Create(AccessRole.Viewer, null, null, null));
                }
                catch (KotodamaException e) when (e.Code == ErrorCode.StorageFailed)
                {
                    // Another one holds the file.
                }
            }

            return texts;
        })));
        using var hub = Open();
        Assert.All(made.SelectMany(t => t), text => Assert.NotNull(hub.Find(text)));
        Assert.Equal(40, hub.List().Count);
    }

    private TokenStore Open() => new(_folder, _time);
}
