using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>
/// What the client of a connection is, as far as it has said so. The connection's reader changes it; any thread may read it.
/// </summary>
/// <param name="channel">The channel of a client that names none.</param>
internal sealed class ClientProfile(string channel)
{
    private volatile bool _isPage = true;

    /// <summary>What the client called itself; null without hello.</summary>
    public string? Name { get; private set; }

    /// <summary>Null as long as the client has neither said hello nor published.</summary>
    public PeerRole? Role { get; private set; }

    /// <summary>The viewer's channels; of a publisher the first one is the default.</summary>
    public IReadOnlyList<string> Channels { get; private set; } = [channel];

    public bool SaidHello { get; private set; }

    /// <summary>Whether a user sees what is sent there. A bare viewer counts: the founding protocol's page is one.</summary>
    public bool IsPage => _isPage;

    /// <summary>Whether it is a page that wants the sound of speech.</summary>
    public bool PlaysSpeech { get; private set; }

    /// <summary>Whether it wants to be told when a user touches the character. A companion is told anyway.</summary>
    public bool HearsTouches { get; private set; }

    /// <summary>The client said hello.</summary>
    public void Introduce(HelloMessage hello)
    {
        Name = hello.Client;
        _isPage = hello.Role == PeerRole.Viewer && HasCapability(hello, HelloMessage.DisplayCapability);
        SaidHello = true;
        Role = hello.Role;
        Channels = hello.Channels ?? Channels;
        HearsTouches = hello.Role is PeerRole.Viewer or PeerRole.Publisher && HasCapability(hello, HelloMessage.TouchCapability);
        PlaysSpeech = _isPage && HasCapability(hello, HelloMessage.SpeakCapability);
    }

    /// <summary>The client publishes without hello, as the founding protocol's backends do.</summary>
    public void BecomePublisher()
    {
        Role = PeerRole.Publisher;
        _isPage = false;
    }

    /// <summary>Another connection of the same page has taken over.</summary>
    public void BecomeReplaced() => _isPage = false;

    /// <summary>
    /// Whether the client understands a message. Without hello it knows the founding protocol's two types and nothing else.
    /// </summary>
    public bool Understands(Publication message) => Role switch
    {
        null or PeerRole.Viewer => SaidHello || message is LlmResponseMessage or StatusMessage,
        _ => false,
    };

    private static bool HasCapability(HelloMessage hello, string capability) =>
        hello.Caps?.Contains(capability, StringComparer.Ordinal) == true;
}
