namespace Kotodama.Server;

/// <summary>
/// Invites phones to the page. A program that listens on a local network registers one as a singleton; the hub's own page then shows what
/// it says. Members may be called from any thread.
/// </summary>
public interface IPhoneInvitations
{
    /// <summary>The root certificate that a phone may install to trust this machine, in DER; null: phones trust it anyway.</summary>
    byte[]? RootCertificate { get; }

    /// <summary>Invites a phone.</summary>
    /// <returns>Null: this machine has no address that a phone could reach.</returns>
    /// <exception cref="Protocol.KotodamaException">The phone's token cannot be made.</exception>
    PhoneInvitation? Invite();
}
