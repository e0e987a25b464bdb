using System.Collections;

namespace Kotodama.Server.Channels;

/// <summary>
/// The subscriptions of one channel in the order in which they came. Adding and removing cost the same for ten pages and for ten thousand:
/// one that is removed leaves an empty place, and empty places are closed up when they are most of the list. Owned by the core;
/// <see cref="Count"/> may be read from any thread.
/// </summary>
internal sealed class SubscriptionList : IReadOnlyCollection<Subscription>
{
    private const int LeastPlaces = 32;

    private readonly List<Subscription?> _places = [];
    private int _count;

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds one that is in no list.</summary>
    public void Add(Subscription subscription)
    {
        subscription.Place = _places.Count;
        _places.Add(subscription);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Removes one, if it is in this list.</summary>
    /// <returns>Whether it was.</returns>
    public bool Remove(Subscription subscription)
    {
        var place = subscription.Place;
        if (place < 0 || place >= _places.Count || _places[place] != subscription)
            return false;
        _places[place] = null;
        subscription.Place = -1;
        Volatile.Write(ref _count, _count - 1);
        if (_places.Count > LeastPlaces && _places.Count > 2 * _count)
            CloseUp();
        return true;
    }

    /// <summary>Goes through the subscriptions; every message of a channel does, so it allocates nothing.</summary>
    public Enumerator GetEnumerator() => new(_places);

    IEnumerator<Subscription> IEnumerable<Subscription>.GetEnumerator() => _places.OfType<Subscription>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _places.OfType<Subscription>().GetEnumerator();

    private void CloseUp()
    {
        _places.RemoveAll(subscription => subscription is null);
        for (var i = 0; i < _places.Count; i++)
            _places[i]!.Place = i;
    }

    /// <summary>Goes through the places that are taken.</summary>
    public struct Enumerator(List<Subscription?> places)
    {
        private List<Subscription?>.Enumerator _places = places.GetEnumerator();

        /// <summary>The subscription.</summary>
        public readonly Subscription Current => _places.Current!;

        /// <summary>Goes on to the next one.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            while (_places.MoveNext())
                if (_places.Current is not null)
                    return true;
            return false;
        }
    }
}
