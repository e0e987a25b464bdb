using Kotodama.Protocol;

namespace Kotodama.Server.Channels;

/// <summary>
/// The pages of one channel that can play its speech, by the order in which they came: those with sound, and those that could switch it on.
/// Owned by the core.
/// </summary>
internal sealed class Candidates
{
    private static readonly Comparer<Subscription> ByOrder = Comparer<Subscription>.Create((a, b) => a.Order.CompareTo(b.Order));

    private readonly SortedSet<Subscription> _audible = new(ByOrder);
    private readonly SortedSet<Subscription> _silent = new(ByOrder);

    /// <summary>The page that plays the speech: the one with sound that came first, else the first that could switch it on.</summary>
    public Viewer? First => (_audible.Min ?? _silent.Min)?.Viewer;

    /// <summary>A page has come, or its sound is another.</summary>
    public void Note(Subscription subscription)
    {
        Remove(subscription);
        if (!subscription.Viewer.PlaysSpeech || subscription.Viewer.Sound == SoundState.Off)
            return;
        (subscription.Viewer.Sound == SoundState.On ? _audible : _silent).Add(subscription);
    }

    /// <summary>A page has gone.</summary>
    public void Remove(Subscription subscription)
    {
        if (!_audible.Remove(subscription))
            _silent.Remove(subscription);
    }
}
