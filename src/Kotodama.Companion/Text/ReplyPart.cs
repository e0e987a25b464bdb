namespace Kotodama.Companion.Text;

/// <summary>What came next of a reply.</summary>
/// <param name="At">Where the text begins in the clean text of the reply, in UTF-16 units.</param>
/// <param name="Text">The text without tags and reasoning; empty when only the emotion came.</param>
/// <param name="Emotion">The emotion that holds from here on; null: as before.</param>
public sealed record ReplyPart(int At, string Text, string? Emotion);
