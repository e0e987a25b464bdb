namespace Kotodama.Protocol;

/// <summary>The version of the wire protocol.</summary>
public static class ProtocolVersion
{
    /// <summary>The version this assembly speaks.</summary>
    public const int Current = 1;
}
