using Kotodama.Protocol;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// The replies of one channel that wait to be spoken, in their order, and the sound that publishers bring: for these, and for the one that
/// is spoken. Used by the speaker's loop only.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ReplyQueue(TimeProvider time)
{
    /// <summary>As many as wait on a page: what it has sent to its history is not spoken over another text.</summary>
    private const int MostWaiting = 16;

    /// <summary>Brought sound that waits: more than three of the largest files that a hub takes by default.</summary>
    private const long MostSoundWaiting = 32 * 1024 * 1024;

    /// <summary>More than the replies that are written at the same time.</summary>
    private const int MostSilenced = 16;

    private readonly List<Utterance> _waiting = [];

    /// <summary>Replies that were silenced while they were being written: their ends are not said either.</summary>
    private readonly List<string> _silenced = [];

    /// <summary>The sound that still comes in, by the hub's number.</summary>
    private readonly Dictionary<uint, SoundBuffer> _sounds = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>A reply that waits and whose text is not complete.</summary>
    public Utterance? FindGrowing(string reply) => _waiting.Find(u => u.Reply == reply && !u.IsComplete);

    /// <summary>A reply waits. Of too many the oldest is not spoken.</summary>
    public void Add(Utterance utterance)
    {
        _waiting.Add(utterance);
        if (_waiting.Count > MostWaiting)
            Forget(_waiting[0]);
    }

    /// <summary>A reply is spoken next.</summary>
    public void AddFirst(Utterance utterance) => _waiting.Insert(0, utterance);

    /// <summary>Takes a reply out that is spoken before its time.</summary>
    /// <returns>Whether it waited.</returns>
    public bool TakeOut(Utterance utterance) => _waiting.Remove(utterance);

    /// <summary>Takes the reply out that is spoken next.</summary>
    public Utterance? TakeFirst()
    {
        if (IsEmpty)
            return null;
        var first = _waiting[0];
        _waiting.RemoveAt(0);
        return first;
    }

    /// <summary>Keeps the newest of what is not over.</summary>
    public void KeepNewest()
    {
        var now = time.GetUtcNow();
        ForgetAll(u => u.ExpiresAt <= now);
        foreach (var older in _waiting.SkipLast(1).ToArray())
            Forget(older);
    }

    /// <summary>Replies that wait are not spoken.</summary>
    public void ForgetAll(Predicate<Utterance> matches)
    {
        foreach (var utterance in _waiting.FindAll(matches))
            Forget(utterance);
    }

    /// <summary>A reply is not spoken, or not any more, and what still comes of its sound is not kept.</summary>
    public void Forget(Utterance utterance)
    {
        _waiting.Remove(utterance);
        foreach (var (stream, _) in _sounds.Where(s => s.Value == utterance.Sound).ToArray())
            _sounds.Remove(stream);
    }

    /// <summary>Forgets all that waits, and the ends of these.</summary>
    public void SilenceAll()
    {
        foreach (var utterance in _waiting.ToArray())
            Silence(utterance);
    }

    /// <summary>Forgets a reply, and its end, when that still comes.</summary>
    public void Silence(Utterance utterance)
    {
        Forget(utterance);
        if (utterance.IsComplete)
            return;
        _silenced.Add(utterance.Reply);
        if (_silenced.Count > MostSilenced)
            _silenced.RemoveAt(0);
    }

    /// <summary>The end of a reply came, or the reply begins anew.</summary>
    /// <returns>Whether it was silenced.</returns>
    public bool EndSilence(string reply) => _silenced.Remove(reply);

    /// <summary>Sound with this number comes from now on.</summary>
    public SoundBuffer OpenSound(uint stream) => _sounds[stream] = new SoundBuffer(time);

    /// <summary>Nothing of the sound with this number comes any more.</summary>
    public void EndSound(uint stream)
    {
        if (_sounds.Remove(stream, out var sound))
            sound.End();
    }

    /// <summary>A piece of sound came.</summary>
    /// <returns>Whether it belongs to a reply of this channel.</returns>
    public bool AddSound(AudioMessage piece)
    {
        if (!_sounds.TryGetValue(piece.Stream, out var sound))
            return false;
        sound.Add(piece);
        if (piece.Data.IsEmpty)
            _sounds.Remove(piece.Stream);
        return true;
    }

    /// <summary>Forgets what has waited longest with its sound, when the sound of several is more than may wait.</summary>
    /// <returns>What is not spoken, and why; null when all of it may wait.</returns>
    public (Utterance Oldest, string Reason)? ForgetSurplus()
    {
        var withSound = _waiting.FindAll(u => u.Sound is not null);
        if (withSound.Sum(u => u.Sound!.Bytes) <= MostSoundWaiting || withSound is not [var oldest, _, ..])
            return null;
        Forget(oldest);
        return (oldest, $"more than {MostSoundWaiting} bytes of sound wait for their turn");
    }
}
