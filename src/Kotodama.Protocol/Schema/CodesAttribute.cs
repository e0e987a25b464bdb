namespace Kotodama.Protocol.Schema;

/// <summary>A text that is usually one of the constants of a class. Later versions, and other programs, may send others.</summary>
/// <param name="constants">A static class of text constants.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CodesAttribute(Type constants) : Attribute
{
    public Type Constants { get; } = constants;
}
