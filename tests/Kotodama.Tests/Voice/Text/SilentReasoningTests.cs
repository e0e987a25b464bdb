namespace Kotodama.Tests.Voice.Text;

/// <summary>The voice knows reasoning by the spellings that the companion knows, and speaks none of it.</summary>
public sealed class SilentReasoningTests
{
    [Theory]
    [InlineData("<think>Hmm.</think>Yes.")]
    [InlineData("<thought>Hmm.</thought>Yes.")]
    [InlineData("<THINK>Hmm.</think>\n\nYes.")]
    [InlineData("<seed:think>Hmm.</seed:think>Yes.")]
    [InlineData("<思考>嗯。</思考>Yes.")]
    [InlineData("<scratchpad>Hmm. <b>So?</b></scratchpad>Yes.")]
    [InlineData("<|think|>Hmm.<|/think|>Yes.")]
    [InlineData("&lt;think&gt;Hmm.&lt;/think&gt;Yes.")]
    [InlineData("[THINK]Hmm.[/THINK]Yes.")]
    [InlineData("◁think▷Hmm.◁/think▷Yes.")]
    [InlineData("<|begin_of_thought|>Hmm.<|end_of_thought|><|begin_of_solution|>Yes.<|end_of_solution|>")]
    [InlineData("START_THINKING Hmm. END_THINKING START_RESPONSE Yes. END_RESPONSE")]
    [InlineData("<think>Hmm.</think><answer>Yes.</answer>")]
    [InlineData("<think>Hmm.</think><think>More.</think>Yes.")]
    [InlineData("<|channel|>analysis<|message|>Hmm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.")]
    [InlineData("analysisHmm.assistantfinalYes.")]
    [InlineData("<unused94>Hmm.<unused95>Yes.")]
    [InlineData("Here is my thought process: Hmm. Here is my response: Yes.")]
    [InlineData("```thinking\nHmm.\n```\nYes.")]
    [InlineData("</think>Yes.")]
    [InlineData("◁/think▷Yes.")]
    [InlineData("<think/>Yes.")]
    public void Reasoning_is_silent_however_it_is_spelled(string reply) => Same("Yes.", reply);

    [Theory]
    [InlineData("[THINK] before you act.", "before you act.")]
    [InlineData("[Think] before you act.", "before you act.")]
    [InlineData("Here is my thought process: it is late.", "Here is my thought process:|it is late.")]
    [InlineData("analysis is fun, and an analysis of it.", "analysis is fun,|and an analysis of it.")]
    [InlineData("Start with START_THINKING and go on.", "Start with START THINKING and go on.")]
    [InlineData("Say <scratchpad> or <answer> and go on.", "Say or and go on.")]
    [InlineData("The <think> tag begins it. More <think>of this</think> follows.", "The tag begins it.|More follows.")]
    [InlineData("<|channel|> is a sign of its own.", "is a sign of its own.")]
    [InlineData("<answer>Yes.</answer> And no.", "Yes.|And no.")]
    public void What_is_no_reasoning_is_spoken(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("<think>never ends")]
    [InlineData("<think>ends in </thi")]
    [InlineData("<|channel|>analysis<|message|>never ends")]
    public void Reasoning_that_has_no_end_is_silent(string reply) => Same("", reply);

    private static void Same(string expected, string reply)
    {
        Assert.Equal(expected, string.Join('|', ClauseReaderTests.Read(reply).Select(c => c.Text)));
        Assert.Equal(expected, string.Join('|', ClauseReaderTests.Read(reply, piece: () => 1).Select(c => c.Text)));
    }
}
