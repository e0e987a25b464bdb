namespace Kotodama.Server.Channels;

/// <summary>The avatar that was chosen for a channel.</summary>
/// <param name="Name">A model or a drawn character; null: as the character says.</param>
internal sealed record AvatarChoice(string? Name);
