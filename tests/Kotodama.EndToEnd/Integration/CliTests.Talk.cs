using System.Diagnostics;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;

namespace Kotodama.EndToEnd.Integration;

public sealed partial class CliTests
{
    [Fact]
    public async Task Voice_answers_and_speaks_at_a_hub_elsewhere_and_comes_back_with_it()
    {
        var port = Ports.Free();
        var hub = await TestHub.StartAsync(port: port);
        try
        {
            using var voice = Start(["voice", "--hub", $"ws://127.0.0.1:{port}", "--llm", "demo", "--voice", "silent", "--asr", "off", "--data", _data, "--channel", "one", "--channel", "two"]);
            await LineAsync(voice.StandardOutput, "Answers  the built-in demo");
            await TalkAsync(hub, "two", "echo first", "first");
            await hub.DisposeAsync();
            var lost = await LineAsync(voice.StandardError, "has lost the hub");
            Assert.DoesNotContain('\e', lost);
            hub = await TestHub.StartAsync(port: port);
            await TalkAsync(hub, "one", "echo second", "second");
            await TestProcess.SignalAsync(voice.Id, "INT");
            await voice.WaitForExitAsync(Cancel).InTime("the voice to end");
            Assert.Equal(0, voice.ExitCode);
            Assert.Contains("Stopped.", await voice.StandardOutput.ReadToEndAsync(Cancel), StringComparison.Ordinal);
        }
        finally
        {
            await hub.DisposeAsync();
        }
    }

    [Fact]
    public async Task Voice_says_in_a_sentence_why_it_cannot_begin()
    {
        var unreachable = await RunAsync("voice", "--hub", $"ws://127.0.0.1:{Ports.Free()}", "--llm", "demo", "--data", _data);
        Assert.Equal(4, unreachable.Code);
        Assert.Contains("cannot reach a Kotodama hub", unreachable.Error, StringComparison.Ordinal);
        Assert.Single(unreachable.Error.Split("Start it with"), part => part.Contains("dotnet run", StringComparison.Ordinal));
        var elsewhere = await RunAsync("voice", "--hub", "ws://hub.invalid", "--llm", "demo", "--data", _data);
        Assert.DoesNotContain("Start it with", elsewhere.Error, StringComparison.Ordinal);
        Assert.Contains("Is it running there", elsewhere.Error, StringComparison.Ordinal);
        var nothing = await RunAsync("voice", "--voice", "off", "--llm", "off", "--data", _data);
        Assert.Equal((2, "There is nothing to do with both --voice off and --llm off."), (nothing.Code, nothing.Error.Trim()));
        Assert.Contains("--hub must be an address", (await RunAsync("voice", "--hub", "ftp://x")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_answers_a_question_or_each_line_and_says_who_answers()
    {
        await using var server = await ServeAsync("--llm", "demo");
        var one = await RunAsync("chat", "echo good evening", "--data", _data);
        Assert.Equal((0, "good evening\n"), (one.Code, one.Out));
        Assert.Contains("the built-in demo, no language model is connected", one.Error, StringComparison.Ordinal);
        var lines = await RunAsync(["chat", "--data", _data], "echo one\n\ncount to three\n");
        Assert.Equal((0, "one\n1, 2, 3.\n"), (lines.Code, lines.Out));
        Assert.DoesNotContain('\e', lines.Error);

        // What was said is one conversation, which the user did not interrupt.
        Assert.DoesNotContain("interrupted", (await RunAsync("conversations", "search", "evening", "--data", _data)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_says_when_there_is_no_companion_and_when_there_is_no_hub()
    {
        Assert.Equal(4, (await RunAsync("chat", "hello", "--url", $"http://127.0.0.1:{Ports.Free()}")).Code);
        await using var server = await ServeAsync("--llm", "off");
        var unanswered = await RunAsync("chat", "hello", "--data", _data);
        Assert.Equal((1, ""), (unanswered.Code, unanswered.Out));
        Assert.Contains("No companion answers on the channel default", unanswered.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_says_in_words_what_the_companion_does_and_what_went_wrong()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        using var chat = Start(["chat", "--url", $"{hub.Url}"]);
        await IntroduceAsync(companion);
        Assert.Contains("Koto answers with small.", await LineAsync(chat.StandardError, "answers"), StringComparison.Ordinal);
        await chat.StandardInput.WriteLineAsync("What time is it?");
        await chat.StandardInput.FlushAsync(Cancel);
        Assert.Equal("What time is it?", (await UntilAsync<UserTextMessage>(companion)).Content);
        await companion.SendAsync(Turn(1, TurnState.Thinking) with { Tool = "clock" }, Cancel);
        await LineAsync(chat.StandardError, "uses clock…");
        await companion.SendAsync(new LlmDeltaMessage { Id = "a", Part = 0, Content = "It \e[31mis" }, Cancel);
        await companion.SendAsync(new LlmResponseMessage { Id = "a", Content = "It \e[31mis noon." }, Cancel);
        await companion.SendAsync(Turn(1, TurnState.Idle), Cancel);
        Assert.Equal("It ·[31mis noon.", await LineAsync(chat.StandardOutput, "noon"));
        await chat.StandardInput.WriteLineAsync("And now?");
        await chat.StandardInput.FlushAsync(Cancel);
        await UntilAsync<UserTextMessage>(companion);
        await companion.SendAsync(Turn(2, TurnState.Thinking), Cancel);
        await companion.SendAsync(Turn(2, TurnState.Idle) with { Reason = "llm_unreachable" }, Cancel);
        await LineAsync(chat.StandardError, "(the language model cannot be reached; is its server running?)");
        await chat.StandardInput.WriteLineAsync("Now?");
        await chat.StandardInput.FlushAsync(Cancel);
        await UntilAsync<UserTextMessage>(companion);
        await companion.SendAsync(Turn(3, TurnState.Thinking), Cancel);
        await companion.SendAsync(Turn(3, TurnState.Idle) with { Reason = "llm_model" }, Cancel);
        await LineAsync(chat.StandardError, "(the language model is not there: choose another one");

        // The simplest companion says replies and nothing else.
        chat.StandardInput.Close();
        await chat.WaitForExitAsync(Cancel).InTime("the chat to end");
        Assert.Equal(1, chat.ExitCode);
    }

    [Fact]
    public async Task In_a_chat_the_first_signal_ends_the_answer_and_the_next_the_chat()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        using var chat = Start(["chat", "--url", $"{hub.Url}"]);
        await IntroduceAsync(companion);
        await chat.StandardInput.WriteLineAsync("Tell me a long story.");
        await chat.StandardInput.FlushAsync(Cancel);
        await UntilAsync<UserTextMessage>(companion);
        await companion.SendAsync(Turn(1, TurnState.Thinking), Cancel);
        await TestProcess.SignalAsync(chat.Id, "INT");
        await UntilAsync<CancelMessage>(companion);
        await companion.SendAsync(Turn(1, TurnState.Idle) with { Reason = "cancelled" }, Cancel);
        await LineAsync(chat.StandardError, "(cancelled)");
        await chat.StandardInput.WriteLineAsync("Another.");
        await chat.StandardInput.FlushAsync(Cancel);
        await UntilAsync<UserTextMessage>(companion);
        await TestProcess.SignalAsync(chat.Id, "INT");
        await UntilAsync<CancelMessage>(companion);
        Assert.False(chat.HasExited);

        // What was said until then is whole before the reason is known. A reply without a turn before it would end the question at once.
        await companion.SendAsync(Turn(2, TurnState.Thinking), Cancel);
        await companion.SendAsync(new LlmResponseMessage { Id = "a", Content = "Once" }, Cancel);
        await companion.SendAsync(Turn(2, TurnState.Idle) with { Reason = "cancelled" }, Cancel);
        await LineAsync(chat.StandardError, "(cancelled)");
        await chat.StandardInput.WriteLineAsync("A third.");
        await chat.StandardInput.FlushAsync(Cancel);
        await UntilAsync<UserTextMessage>(companion);
        await TestProcess.SignalAsync(chat.Id, "INT");
        await UntilAsync<CancelMessage>(companion);
        await TestProcess.SignalAsync(chat.Id, "INT");
        await chat.WaitForExitAsync(Cancel).InTime("the chat to end");
        Assert.Equal(1, chat.ExitCode);
    }

    [Fact]
    public async Task In_a_terminal_what_was_printed_is_remembered_and_the_shell_has_a_line_of_its_own()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1) that gives a program a terminal.");
        await using var server = await ServeAsync("--llm", "demo", "--voice", "silent");
        using var chat = StartInTerminal("chat", "--data", _data);
        await UntilPrintedAsync(chat, "you> ");
        await chat.StandardInput.WriteAsync("echo good evening\n");
        await chat.StandardInput.FlushAsync(Cancel);
        await UntilPrintedAsync(chat, "Koto: good evening");
        await UntilPrintedAsync(chat, "you> ");
        await chat.StandardInput.WriteAsync('\u0003');
        await chat.StandardInput.FlushAsync(Cancel);
        var rest = await chat.StandardOutput.ReadToEndAsync(Cancel).InTime("the end");
        Assert.EndsWith("\n", rest, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', rest);
        await TestProcess.SignalAsync(server.ProcessId, "INT");
        await server.ExitedAsync();
        var id = (await RunAsync("conversations", "--data", _data)).Out.Split(' ')[0];
        Assert.Contains("koto     good evening\n", (await RunAsync("conversations", "show", id, "--data", _data)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_plays_its_conversation_to_the_end_and_all_answers_are_right()
    {
        using var demo = Start(["demo", "--open", "never", "--wait", "60", "--voice", "silent"]);
        var url = (await LineAsync(demo.StandardOutput, "Page ")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        using var page = await TestSocket.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri);
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });

        // Each line has a limit of its own: the demo goes on all the time.
        var lines = new List<string>();
        while (await demo.StandardOutput.ReadLineAsync(Cancel).AsTask().InTime("the next line of the demo") is { } line)
            lines.Add(line);
        await demo.WaitForExitAsync(Cancel).InTime("the demo to end");
        Assert.Equal(0, demo.ExitCode);
        Assert.Equal(7, lines.Count(l => l.Contains(" answered ", StringComparison.Ordinal) && l.StartsWith("     ", StringComparison.Ordinal)));
        Assert.StartsWith("Done: 7 of 7 questions answered rightly", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, l => l.Contains('\e', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Demo_without_a_recognizer_puts_the_questions_in_as_text_and_says_so()
    {
        using var demo = Start(["demo", "--open", "never", "--wait", "0", "--asr", "off", "--voice", "off"]);
        Assert.Contains("put in as text", await LineAsync(demo.StandardOutput, "Hears"), StringComparison.Ordinal);
        Assert.Contains("7 of 7 questions answered rightly; all put in as text; no page was heard.", await LineAsync(demo.StandardOutput, "Done:"), StringComparison.Ordinal);
        await demo.WaitForExitAsync(Cancel).InTime("the demo to end");
        Assert.Equal(0, demo.ExitCode);
    }

    private static TurnMessage Turn(long turn, TurnState state) => new() { Channel = "default", Turn = turn, State = state };

    private static async Task IntroduceAsync(IPeer companion)
    {
        while ((await UntilAsync<AudienceMessage>(companion)).Pages == 0)
        {
        }

        await companion.SendAsync(new CompanionMessage { Channel = "default", On = true, Name = "Koto", Model = "small" }, Cancel);
    }

    private static async Task<T> UntilAsync<T>(IPeer peer)
        where T : Message
    {
        while (true)
        {
            if (await peer.HearAsync() is T message)
                return message;
        }
    }

    /// <summary>Starts the program in a terminal that knows no escape sequences.</summary>
    private static TestProcess StartInTerminal(params string[] arguments)
    {
        var command = string.Join(' ', arguments.Prepend(Repository.Program).Select(argument => $"'{argument}'"));
        var start = new ProcessStartInfo("script", ["-qec", $"dotnet {command}", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["TERM"] = "dumb";
        return TestProcess.Start(start);
    }

    private static async Task UntilPrintedAsync(Process process, string text)
    {
        var (printed, letter) = ("", new char[1]);
        while (!printed.EndsWith(text, StringComparison.Ordinal))
        {
            Assert.NotEqual(0, await process.StandardOutput.ReadAsync(letter, Cancel).AsTask().InTime(text));
            printed += letter[0];
        }
    }

    /// <summary>A page that says something, is answered and sees it spoken.</summary>
    private static async Task TalkAsync(TestHub hub, string channel, string question, string answer)
    {
        await using var page = await hub.ClientAsync(o =>
        {
            (o.Role, o.Channels) = (PeerRole.Viewer, [channel]);
            o.Capabilities.Add(HelloMessage.DisplayCapability);
            o.Capabilities.Add(HelloMessage.SpeakCapability);
        });
        await page.SendAsync(new SoundMessage { State = SoundState.On }, Cancel);
        var (answers, speaks) = (false, false);
        while (!answers || !speaks)
        {
            var message = await page.HearAsync();
            answers = message is CompanionMessage { On: var on } ? on : answers;
            speaks = message is VoiceMessage { On: var speaking } ? speaking : speaks;
        }

        await page.SendAsync(new UserTextMessage { Content = question }, Cancel);
        var (said, spoken) = (false, false);
        while (!said || !spoken)
        {
            var message = await page.HearAsync();
            said |= message is LlmResponseMessage reply && reply.Content.Contains(answer, StringComparison.Ordinal);
            spoken |= message is SpeechStartMessage;
        }
    }
}
