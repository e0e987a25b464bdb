using System.Text;
using Kotodama.Companion.Text;

namespace Kotodama.Tests.Companion.Text;

/// <summary>How models write that they reason, and what only looks so.</summary>
public sealed class ReasoningSplitterTests
{
    [Theory]
    [InlineData("<think>x</think>Hello")]
    [InlineData("\n\n<think>\nx\n</think>\n\nHello")]
    [InlineData("<thinking>x</thinking>Hello")]
    [InlineData("<THINK>x</Think>Hello")]
    [InlineData("<think >x</think >Hello")]
    [InlineData("< think >x< / think >Hello")]
    [InlineData("<think\n>x</think\n>Hello")]
    [InlineData("<think type=\"deep\" budget='9'>x</think>Hello")]
    [InlineData("<think/>Hello")]
    [InlineData("<think></think>Hello")]
    [InlineData("<think>x</thinking>Hello")]
    [InlineData("<thought>x</thought>Hello")]
    [InlineData("<Thought>x</Thought>Hello")]
    [InlineData("<thoughts>x</thoughts>Hello")]
    [InlineData("<reasoning>x</reasoning>Hello")]
    [InlineData("<reason>x</reason>Hello")]
    [InlineData("<reflection>x</reflection>Hello")]
    [InlineData("<analysis>x</analysis>Hello")]
    [InlineData("<scratchpad>x</scratchpad>Hello")]
    [InlineData("<inner_monologue>x</inner_monologue>Hello")]
    [InlineData("<chain-of-thought>x</chain-of-thought>Hello")]
    [InlineData("<思考>x</思考>Hello")]
    [InlineData("<seed:think>x</seed:think>Hello")]
    [InlineData("<any:thinking>x</any:thinking>Hello")]
    [InlineData("<longcat_think>x</longcat_think>Hello")]
    [InlineData("<think>a</think><think>b</think>Hello")]
    [InlineData("<thinking>a<reflection>b</reflection>c</thinking><output>Hello</output>")]
    [InlineData("<think>a</think>\n<answer>\nHello</answer>")]
    [InlineData("<details type=\"reasoning\" done=\"true\"><summary>Thought</summary>x</details>Hello")]
    [InlineData("&lt;think&gt;x&lt;/think&gt;Hello")]
    [InlineData("＜think＞x＜/think＞Hello")]
    [InlineData("[THINK]x[/THINK]Hello")]
    [InlineData("[THINKING]x[/THINKING]Hello")]
    [InlineData("[REASONING]x[/REASONING]Hello")]
    [InlineData("[BEGIN_THINK]x[END_THINK]Hello")]
    [InlineData("◁think▷x◁/think▷Hello")]
    [InlineData("<|think|>x<|/think|>Hello")]
    [InlineData("<|begin_of_thought|>x<|end_of_thought|>\n\n<|begin_of_solution|>Hello<|end_of_solution|>")]
    [InlineData("|begin_of_thought|x|end_of_thought|Hello")]
    [InlineData("<|START_THINKING|>x<|END_THINKING|><|START_RESPONSE|>Hello<|END_RESPONSE|>")]
    [InlineData("START_THINKINGxEND_THINKINGSTART_RESPONSEHelloEND_RESPONSE")]
    [InlineData("START_THINKING\nx\nEND_THINKING\nHello")]
    [InlineData("<｜begin▁of▁thinking｜>x<｜end▁of▁thinking｜>Hello")]
    [InlineData("<|thinking_start|>x<|thinking_end|>Hello")]
    [InlineData("<|inner_prefix|>x<|inner_suffix|>Hello")]
    [InlineData("<unused94>thought\nx<unused95>Hello")]
    [InlineData("<|channel>thought\nx<channel|>Hello")]
    [InlineData("<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>Hello<|return|>")]
    [InlineData("<|channel|>analysis<|message|>x<|channel|>final<|message|>Hello")]
    [InlineData("<|start|>assistant<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>Hello<|end|>")]
    [InlineData("<|channel|>commentary<|message|>x<|end|><|channel|>final <|constrain|>text<|message|>Hello")]
    [InlineData("<|channel|>final<|message|>Hello")]
    [InlineData("analysisThe user greets.assistantfinalHello")]
    [InlineData("Here is my thought process:\nx\n\nHere is my response:\nHello")]
    [InlineData("Here's my thought process: x Here's my response: Hello")]
    [InlineData("```thinking\nx\n```\nHello")]
    [InlineData("<think>A tag `</think>` ends it, \"</think>\" too.</think>Hello")]
    [InlineData("<think>a\n```\n</think>\n```\nb</think>Hello")]
    [InlineData("<think>a\n```\nno end of the code\n</think>Hello")]
    public void Reasoning_is_not_said_in_any_spelling_wherever_it_is_cut(string answer) => Check(answer, "Hello", isBegun: null);

    [Theory]
    [InlineData("Write `<think>` first. After it comes the answer.")]
    [InlineData("Write `<think>` first, and `</think>` at the end.")]
    [InlineData("The tags <think> and </think> stand around it.")]
    [InlineData("Put it between <think></think> and go on.")]
    [InlineData("Close it with </think> and go on.")]
    [InlineData("Close it with \"</think>\", then go on.")]
    [InlineData("思考は「</think>」で終わります。")]
    [InlineData("标签 </think> 表示结束。")]
    [InlineData("在</think>，然后回答。")]
    [InlineData("It ends with [/THINK], or with ◁/think▷.")]
    [InlineData("`<think>` begins it.")]
    [InlineData("```xml\n<think>x</think>\n```\nDone.")]
    [InlineData("Like this:\n\n~~~\nx\n</think>\ny\n~~~\nDone.")]
    [InlineData("```ls -l``` lists files, ``</think>`` does not.")]
    [InlineData("Hello <think>x</think>there.")]
    [InlineData("A <b>bold</b> word, 1 < 2, [1], |x|, &amp; and <thin")]
    [InlineData("[THINK] Well, hello.")]
    [InlineData("Here is my thought process: first I look around.")]
    [InlineData("analysis of the text follows.")]
    [InlineData("| think | x |\n|---|---|")]
    [InlineData("<answer>7</answer>")]
    [InlineData("gpt-oss writes <|channel|> before each part.")]
    [InlineData("<thinker>x</thinker>")]
    public void What_only_looks_like_reasoning_is_said(string answer)
    {
        Check(answer, answer, isBegun: null);
        var splitter = new ReasoningSplitter();
        splitter.Read(answer, (_, _) => { });
        splitter.End(isWhole: true, (_, _) => { });
        Assert.NotEqual(true, splitter.IsBegun);
        Assert.False(splitter.HasMistaken);
    }

    [Theory]
    [InlineData("plan</think>Hello")]
    [InlineData("plan\n</think>\n\nHello")]
    [InlineData("I answer. </think> Hello")]
    [InlineData("It can`t wait.</think>Hello")]
    [InlineData("`a` and `b`\n</think>Hello")]
    [InlineData("plan[/THINK]Hello")]
    [InlineData("plan◁/think▷Hello")]
    [InlineData("plan</seed:think>Hello")]
    [InlineData("plan<|END_THINKING|><|START_RESPONSE|>Hello<|END_RESPONSE|>")]
    [InlineData("plan<|end|><|start|>assistant<|channel|>final<|message|>Hello")]
    [InlineData("plan<channel|>Hello")]
    [InlineData("</think>Hello")]
    public void Reasoning_whose_beginning_was_in_the_prompt_ends_at_its_end(string answer)
    {
        Check(answer, "Hello", isBegun: true);
        Check(answer, "Hello", isBegun: true, begun: true);
    }

    [Theory]
    [InlineData("<think>a<think>b</think>c</think>Hello", "Hello")]
    [InlineData("<think>a</think>Hello</think>", "Hello")]
    [InlineData("<think>never closed", "")]
    [InlineData("<|channel|>analysis<|message|>never closed", "")]
    public void What_is_left_of_reasoning_is_not_said(string answer, string said) => Check(answer, said, isBegun: null);

    [Fact]
    public void A_call_in_a_channel_is_told_apart()
    {
        var parts = new List<(string, PartKind)>();
        var splitter = new ReasoningSplitter();
        const string Answer = "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>commentary to=functions.add <|constrain|>json<|message|>{\"x\":1}<|call|>";
        foreach (var c in Answer)
            splitter.Read([c], (text, kind) => parts.Add((text, kind)));
        splitter.End(isWhole: true, (text, kind) => parts.Add((text, kind)));
        Assert.Equal([("x", PartKind.Reasoning), ("add{\"x\":1}", PartKind.Call)], parts);
    }

    private static void Check(string answer, string said, bool? isBegun, bool begun = false)
    {
        Assert.Equal((answer, said), (answer, Said(answer, answer.Length, begun, isBegun)));
        for (var cut = 1; cut < answer.Length; cut++)
            Assert.Equal((answer, cut, said), (answer, cut, Said(answer, cut, begun, isBegun)));
        Assert.Equal((answer, said), (answer, Said(answer, 0, begun, isBegun)));
    }

    /// <param name="answer">The answer.</param>
    /// <param name="cut">Where it is cut; 0: everywhere.</param>
    /// <param name="begun">Whether the prompt is known to open the reasoning.</param>
    /// <param name="isBegun">What the splitter has to find out about that; null: whatever it does.</param>
    private static string Said(string answer, int cut, bool begun, bool? isBegun)
    {
        var said = new StringBuilder();
        var splitter = new ReasoningSplitter(begun);
        var mistaken = false;
        if (cut == 0)
            foreach (var c in answer)
                Read(c.ToString());
        else
            Read(answer[..cut]);
        if (cut > 0)
            Read(answer[cut..]);
        Take(give => splitter.End(isWhole: true, give));
        if (isBegun is { } expected)
            Assert.Equal(expected, splitter.IsBegun);
        return said.ToString().TrimEnd();

        void Read(string piece) => Take(give => splitter.Read(piece, give));

        void Take(Action<Action<string, PartKind>> read)
        {
            var parts = new List<(string Text, PartKind Kind)>();
            read((text, kind) => parts.Add((text, kind)));
            if (splitter.HasMistaken && !mistaken)
                said.Clear();
            mistaken = splitter.HasMistaken;
            foreach (var (text, kind) in parts)
                if (kind == PartKind.Said)
                    said.Append(text);
        }
    }
}
