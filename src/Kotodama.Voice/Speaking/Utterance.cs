using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Text;
using Kotodama.Voice.Text.Saying;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// One reply on its way to be spoken, from the first piece of its text to its last clause. The speaker's loop writes it; one turn at a time
/// reads it.
/// </summary>
/// <param name="reply">The id of the reply.</param>
/// <param name="time">The clock.</param>
internal sealed class Utterance(string reply, TimeProvider time)
{
    /// <summary>The hub has its own limit for a reply; this only bounds what a sender of endless pieces can fill.</summary>
    private const int MostText = 65_536;

    /// <summary>How long a reply waits for a page when its sender does not say, as the hub counts it.</summary>
    private static readonly TimeSpan DefaultTtl = TimeSpan.FromMinutes(1);

    /// <summary>Says that there is more to read, or nothing any more.</summary>
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, SingleWriter = true });
    private readonly List<Clause> _clauses = [];
    private readonly long _began = time.GetTimestamp();
    private ClauseReader? _reader;
    private Task<bool>? _more;
    private volatile string _text = "";
    private int _read;
    private int? _again;
    private long _nextPart;
    private bool _isOver;

    public string Reply { get; } = reply;

    /// <summary>The language that its sender named.</summary>
    public string? Lang { get; init; }

    /// <summary>The voice that its sender named.</summary>
    public string? Voice { get; private set; }

    /// <summary>After which it is not worth saying if no page was there before. Null as long as its text grows.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The sound that its sender brings; null when a voice makes it.</summary>
    public SoundBuffer? Sound { get; init; }

    /// <summary>The text so far, for a publisher that brings the sound of it.</summary>
    public string Text => _text;

    /// <summary>The clause that is read next.</summary>
    public int Next { get; private set; }

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>Another piece of a reply that is being written. One that comes again is not said again.</summary>
    public void Append(LlmDeltaMessage piece)
    {
        if (piece.Part < _nextPart)
            return;
        _nextPart = piece.Part + 1;
        Voice ??= piece.Voice;
        Append(piece.Content);
    }

    private void Append(string piece)
    {
        if (_text.Length + piece.Length > MostText)
            return;
        _text += piece;
        _news.Writer.TryWrite(true);
    }

    /// <summary>
    /// The whole reply. What was said cannot be unsaid: of a text that begins in another way nothing more is spoken than its pieces had. Of
    /// one that is shorter than its pieces the rest is left out, as far as it has not become a clause.
    /// </summary>
    public void Finish(LlmResponseMessage whole)
    {
        Voice = whole.Voice ?? Voice;
        ExpiresAt = time.GetUtcNow() + (whole.Ttl is { } ttl ? TimeSpan.FromMilliseconds(ttl) : DefaultTtl);
        if (whole.Content.StartsWith(_text, StringComparison.Ordinal))
            Append(whole.Content[_text.Length..]);
        else if (_text.StartsWith(whole.Content, StringComparison.Ordinal))
            _text = whole.Content;
        _news.Writer.TryComplete();
    }

    /// <summary>The next turn that reads it begins with this clause again.</summary>
    public void SayAgainFrom(int clause) => _again = clause;

    /// <summary>The clauses from <see cref="Next"/> on, each as soon as it is known to be complete.</summary>
    public async IAsyncEnumerable<Clause> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _reader ??= new ClauseReader(Lang);
        (Next, _again) = (_again ?? Next, null);
        while (true)
        {
            while (Next < _clauses.Count)
                yield return _clauses[Next++];
            if (_reader.TryRead(Now, out var clause))
                _clauses.Add(SignsInWords.Of(clause));
            else if (_isOver)
                yield break;
            else
                await TakeAsync(_reader, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes more text, or its end; returns without when the time has come to say what there is.</summary>
    private async Task TakeAsync(ClauseReader reader, CancellationToken cancellationToken)
    {
        // Only one may wait at the channel, so a wait that was given up is taken up again.
        _more ??= _news.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        if (reader.Deadline - Now is { } wait)
        {
            try
            {
                await _more.WaitAsync(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return;
            }
        }

        var isOver = !await _more.WaitAsync(cancellationToken).ConfigureAwait(false);
        _more = null;
        _news.Reader.TryRead(out _);
        var text = _text;
        if (text.Length > _read)
            reader.Append(text.AsSpan(_read), Now);
        _read = Math.Max(_read, text.Length);
        if (!isOver)
            return;
        reader.End(text.Length);
        _isOver = true;
    }
}
