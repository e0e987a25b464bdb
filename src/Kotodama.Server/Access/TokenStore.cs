using System.Security.Cryptography;
using Kotodama.Protocol;

namespace Kotodama.Server.Access;

/// <summary>
/// The tokens of a data folder, in <c>tokens.json</c>: of each one's secret only the SHA-256. Programs may make and revoke tokens while a
/// hub runs with the folder; the hub goes by it within a moment. Members may be called from any thread.
/// </summary>
public sealed class TokenStore : IDisposable
{
    /// <summary>Tokens at the same time. One more is refused.</summary>
    public const int Most = 1_000;

    /// <summary>Characters of a token's name.</summary>
    public const int LongestName = 64;

    private const string FileName = "tokens.json";

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly AccessFile<TokenList>? _file;

    /// <summary>What was revoked, and is about to be ended.</summary>
    private readonly List<Entry> _gone = [];
    private Dictionary<string, Entry> _tokens = new(StringComparer.Ordinal);

    /// <summary>Opens the tokens of a folder.</summary>
    /// <param name="folder">The data folder. Null: the tokens live in memory, as long as this object.</param>
    /// <param name="time">The clock, for what expires.</param>
    public TokenStore(string? folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _file = folder is null
            ? null
            : new AccessFile<TokenList>(Path.Combine(folder, FileName), AccessJson.Default.TokenList, list => list.Problem());
    }

    /// <summary>Makes a token.</summary>
    /// <param name="role">What its holder may do.</param>
    /// <param name="name">What the user calls it, at most <see cref="LongestName"/> characters; null: nothing.</param>
    /// <param name="channels">The only channels on which it counts; null: all.</param>
    /// <param name="expires">From when on it counts no more; null: it never expires.</param>
    /// <returns>The token's text, which cannot be had again.</returns>
    /// <exception cref="ArgumentException">The name or a channel is none.</exception>
    /// <exception cref="KotodamaException">The file cannot be changed, or there are too many tokens.</exception>
    public string Create(AccessRole role, string? name, IReadOnlyList<string>? channels, DateTimeOffset? expires)
    {
        if (name is not null && (name.Length is 0 or > LongestName || name.Any(char.IsControl)))
            throw new ArgumentException($"A token's name has 1 to {LongestName} characters on one line.", nameof(name));
        if (channels is { Count: 0 } || channels?.FirstOrDefault(c => !ChannelName.IsValid(c)) is not null)
            throw new ArgumentException("A channel is 1 to 64 characters of a-z 0-9 . _ -.", nameof(channels));
        var id = TokenText.NewId();
        var text = TokenText.New(id, out var hash);
        Change(tokens =>
        {
            var now = _time.GetUtcNow();

            // Who needs room gets that of tokens that count no more.
            var kept = tokens.Count < Most ? tokens : [.. tokens.Where(t => t.Expires is null || t.Expires > now)];
            return kept.Count < Most
                ? [.. kept, new StoredToken(id, name, role, channels, now, expires, Convert.ToHexStringLower(hash))]
                : throw new KotodamaException(
                    ErrorCode.StorageFull, $"there are {kept.Count} tokens, the limit", "Revoke one: kotodama token revoke ID.");
        });
        return text;
    }

    /// <summary>The tokens there are, the oldest first; those that have expired, too.</summary>
    /// <exception cref="KotodamaException">The file cannot be read.</exception>
    public IReadOnlyList<AccessToken> List()
    {
        Refresh();
        lock (_lock)
            return _file?.Problem is not { } problem ? [.. _tokens.Values.Select(e => e.Token).OrderBy(t => t.Created)] : throw problem;
    }

    /// <summary>Ends a token.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="KotodamaException">The file cannot be changed.</exception>
    public bool Revoke(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var found = false;
        Change(tokens =>
        {
            found = tokens.Any(t => t.Id == id);
            return found ? [.. tokens.Where(t => t.Id != id)] : tokens;
        });
        return found;
    }

    /// <summary>Finds what a token lets its holder do; in the same time, however much of a wrong one is right.</summary>
    /// <param name="token">Its text.</param>
    /// <returns>Null: it is none, was revoked, or has expired.</returns>
    public AccessToken? Find(string token) => FindLive(token, out _);

    /// <summary>Stops looking at the file.</summary>
    public void Dispose() => _file?.Dispose();

    /// <summary>Looks at the file again and again, so that what is revoked ends by itself. Only a hub needs that.</summary>
    internal void Watch() => _file?.Watch(_time, Refresh);

    /// <summary>Whether there is a token that counts.</summary>
    internal bool HasAny()
    {
        Refresh();
        lock (_lock)
            return _tokens.Values.Any(e => !e.Ended.IsCancellationRequested);
    }

    /// <summary>Why no token counts: the file cannot be read. Null: it can.</summary>
    internal KotodamaException? Problem
    {
        get
        {
            lock (_lock)
                return _file?.Problem;
        }
    }

    /// <inheritdoc cref="Find"/>
    /// <param name="token">Its text.</param>
    /// <param name="ended">Cancelled when the token is revoked or expires.</param>
    internal AccessToken? FindLive(string token, out CancellationToken ended)
    {
        ArgumentNullException.ThrowIfNull(token);
        ended = CancellationToken.None;
        if (!TokenText.TryRead(token, out var id, out var hash))
            return null;
        Refresh();
        lock (_lock)
        {
            var entry = _tokens.GetValueOrDefault(id);

            // An unknown id is compared as well: who asks must not learn from the time which ids there are.
            var isRight = CryptographicOperations.FixedTimeEquals(entry?.Hash ?? new byte[hash.Length], hash);
            if (!isRight || entry is null || entry.Ended.IsCancellationRequested)
                return null;
            ended = entry.Ended.Token;
            return entry.Token;
        }
    }

    private void Change(Func<IReadOnlyList<StoredToken>, IReadOnlyList<StoredToken>> change)
    {
        lock (_lock)
        {
            if (_file is null)
                Take(change([.. _tokens.Values.Select(e => e.Stored)]));
            else
                _file.Change(list => new TokenList(change(list?.Tokens ?? [])));
        }

        Refresh();
    }

    /// <summary>Goes by the file as it is now, and ends what has been revoked or has expired.</summary>
    private void Refresh()
    {
        List<Entry> ended = [];
        lock (_lock)
        {
            // What cannot be read lets no client in.
            _file?.Refresh(list => Take(list?.Tokens ?? []));
            var now = _time.GetUtcNow();
            foreach (var entry in _tokens.Values.Where(e => e.Token.Expires <= now && !e.Ended.IsCancellationRequested))
                ended.Add(entry);
            ended.AddRange(_gone);
            _gone.Clear();
        }

        // Outside of the lock: connections close in it.
        foreach (var entry in ended)
            entry.Ended.Cancel();
    }

    private void Take(IReadOnlyList<StoredToken> tokens)
    {
        var before = _tokens;
        _tokens = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var stored in tokens)
        {
            // A token whose rights were changed by hand is another one; its connections have the old rights and end.
            var known = before.GetValueOrDefault(stored.Id);
            _tokens[stored.Id] = known is not null && known.Is(stored) ? known : new Entry(stored);
        }

        _gone.AddRange(before.Values.Where(e => _tokens.GetValueOrDefault(e.Stored.Id) != e));
    }

    private sealed class Entry(StoredToken stored)
    {
        public StoredToken Stored => stored;

        public byte[] Hash { get; } = Convert.FromHexString(stored.Hash);

        public AccessToken Token { get; } =
            new(stored.Id, stored.Role, stored.Name, stored.Channels, stored.Created, stored.Expires);

        public CancellationTokenSource Ended { get; } = new();

        public bool Is(StoredToken other) =>
            stored with { Channels = null } == other with { Channels = null }
            && (stored.Channels ?? []).SequenceEqual(other.Channels ?? [], StringComparer.Ordinal)
            && (stored.Channels is null) == (other.Channels is null);
    }
}

/// <summary>What <c>tokens.json</c> holds.</summary>
internal sealed record TokenList(IReadOnlyList<StoredToken> Tokens)
{
    private const int HashDigits = 64;

    /// <summary>Why this cannot be a list that was written here; null: it can.</summary>
    public string? Problem()
    {
        foreach (var token in Tokens)
        {
            if (token is null || !TokenText.IsId(token.Id))
                return "a token has no id";
            if (token.Hash.Length != HashDigits || !token.Hash.All(char.IsAsciiHexDigitLower))
                return $"the hash of the token {token.Id} is none";
            if (!Enum.IsDefined(token.Role))
                return $"the role of the token {token.Id} is none";
            if (token.Channels is { Count: 0 } || token.Channels?.All(c => c is not null && ChannelName.IsValid(c)) == false)
                return $"the channels of the token {token.Id} are none";
        }

        return Tokens.DistinctBy(t => t.Id).Count() == Tokens.Count ? null : "two tokens have the same id";
    }
}

/// <summary>A token as it is stored.</summary>
/// <param name="Id">See <see cref="AccessToken"/>.</param>
/// <param name="Name">See <see cref="AccessToken"/>.</param>
/// <param name="Role">See <see cref="AccessToken"/>.</param>
/// <param name="Channels">See <see cref="AccessToken"/>.</param>
/// <param name="Created">See <see cref="AccessToken"/>.</param>
/// <param name="Expires">See <see cref="AccessToken"/>.</param>
/// <param name="Hash">The SHA-256 of the secret, 64 hexadecimal digits.</param>
internal sealed record StoredToken(
    string Id,
    string? Name,
    AccessRole Role,
    IReadOnlyList<string>? Channels,
    DateTimeOffset Created,
    DateTimeOffset? Expires,
    string Hash);
