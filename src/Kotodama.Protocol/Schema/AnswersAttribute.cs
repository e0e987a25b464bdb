namespace Kotodama.Protocol.Schema;

/// <summary>Which question of <see cref="AskName"/> a record answers, for the published schema.</summary>
/// <param name="question">The name of the question.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnswersAttribute(string question) : Attribute
{
    public string Question { get; } = question;
}
