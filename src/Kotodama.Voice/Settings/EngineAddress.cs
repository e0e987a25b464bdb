namespace Kotodama.Voice.Settings;

/// <summary>Addresses of servers in settings.</summary>
internal static class EngineAddress
{
    /// <summary>
    /// Whether an address may stand in a setting: absolute, of one of the schemes, and without a part that could hold a key, which would
    /// get into logs.
    /// </summary>
    /// <param name="address">The setting; null when it is not set.</param>
    /// <param name="schemes">The schemes that the engine speaks, such as <c>https</c>.</param>
    public static bool IsUsable(Uri? address, params string[] schemes) =>
        address is { IsAbsoluteUri: true }
        && schemes.Contains(address.Scheme, StringComparer.Ordinal)
        && address.UserInfo.Length == 0
        && address.Query.Length == 0
        && address.Fragment.Length == 0;
}
