namespace Kotodama.Companion.Conversations;

/// <summary>What became of something that was said.</summary>
internal enum ExchangeOutcome
{
    /// <summary>It was answered to the end.</summary>
    Completed,

    /// <summary>The user spoke or wrote before the end of the answer, or the last page left.</summary>
    Interrupted,

    /// <summary>The user, or a publisher, ended it.</summary>
    Cancelled,

    /// <summary>It was not recognized, or there was no answer, or not the whole of it.</summary>
    Failed,

    /// <summary>There were no words in it, or none that are meant as a question.</summary>
    Nothing,

    /// <summary>It was asked too early: the person went on, and is asked again with everything.</summary>
    Discarded,
}
