using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat;

/// <summary>
/// Marks an update when all that came as text before it was reasoning: the prompt of the model opens the reasoning, which is not known
/// until it ends. It happens in the first answer of such a model and not again.
/// </summary>
internal static class LateReasoning
{
    /// <summary>Marks it.</summary>
    public static void Mark(ChatResponseUpdate update) => (update.AdditionalProperties ??= [])[LlmSelector.WasReasoning] = true;

    /// <summary>Whether it is marked.</summary>
    public static bool IsMarked(ChatResponseUpdate update) => update.AdditionalProperties?.ContainsKey(LlmSelector.WasReasoning) == true;
}
