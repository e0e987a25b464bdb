namespace Kotodama.Client;

/// <summary>Says that a client's connection has changed.</summary>
/// <param name="state">Where it stands now.</param>
/// <param name="reason">Why, for people; empty when connected.</param>
/// <param name="attempt">The number of failed attempts since the connection was lost.</param>
public sealed class ConnectionChangedEventArgs(ConnectionState state, string reason, int attempt) : EventArgs
{
    /// <summary>Where it stands now.</summary>
    public ConnectionState State { get; } = state;

    /// <summary>Why, for people; empty when connected.</summary>
    public string Reason { get; } = reason;

    /// <summary>The number of failed attempts since the connection was lost.</summary>
    public int Attempt { get; } = attempt;
}
