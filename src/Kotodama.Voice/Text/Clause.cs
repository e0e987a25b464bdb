namespace Kotodama.Voice.Text;

/// <summary>A piece of a reply that is said in one go.</summary>
/// <param name="Text">What to say, without what must not be spoken. Not empty.</param>
/// <param name="Places">
/// For each character of <paramref name="Text"/> its place in the reply as it was written, in UTF-16 code units; never falling. Words that
/// stand for a sign share its places.
/// </param>
/// <param name="Language">Its language as a BCP 47 tag, by its script and what is known of the reply.</param>
internal sealed record Clause(string Text, IReadOnlyList<int> Places, string Language)
{
    /// <summary>Where the clause begins in the reply.</summary>
    public int At => Places[0];

    /// <summary>How much of the reply it covers.</summary>
    public int Length => Places[^1] + 1 - At;
}
