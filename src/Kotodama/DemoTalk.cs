using System.Runtime.InteropServices;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Cli;

/// <summary>Plays the demo's conversation as a page with a microphone does, and prints each step with its time.</summary>
/// <param name="hub">The hub, with the role of a viewer that displays.</param>
/// <param name="folder">A folder for recordings.</param>
/// <param name="speaker">The program that says the questions; null: they are put in as text.</param>
/// <param name="time">The clock.</param>
internal sealed class DemoTalk(KotodamaClient hub, string folder, string? speaker, TimeProvider time)
{
    /// <summary>Samples of a piece of sound: 32 ms.</summary>
    private const int Piece = 512;

    /// <summary>Pieces until it is certain that the user speaks.</summary>
    private const int Certain = 8;

    /// <summary>Silence around the words, in samples.</summary>
    private const int Before = VadMessage.Rate * 3 / 10, After = VadMessage.Rate / 2;

    /// <summary>How long one answer may take, spoken included.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(90);

    private uint _utterance;

    /// <summary>Plays it once. True: every answer was right.</summary>
    public async Task<bool> PlayAsync(CancellationToken cancellationToken)
    {
        var (right, recognized) = (0, 0);
        var sounds = new List<double>();
        var microphone = speaker is null ? MicState.Off : MicState.On;
        await hub.SendAsync(new MicMessage { State = microphone, Mode = MicMode.HandsFree, Lang = "en" }, cancellationToken);
        for (var i = 0; i < DemoScript.Turns.Count; i++)
        {
            var (text, answer) = DemoScript.Turns[i];
            Terminal.Line();
            Terminal.Line($"{Terminal.Bold($"{i + 1}/{DemoScript.Turns.Count}")}  {Terminal.Accent(text)}");
            var question = await AskAsync(text, cancellationToken);
            recognized += question.Heard == text ? 1 : 0;
            if (question.Marks.FirstSound is { } sound)
                sounds.Add(sound);
            var isRight = question.IsAnswered && answer.IsMatch(question.Answer);
            right += isRight ? 1 : 0;
            if (!isRight)
                Terminal.Line($"     {Terminal.Bad("That is not the answer.")}");
        }

        await hub.SendAsync(new MicMessage { State = MicState.Off, Mode = MicMode.HandsFree }, cancellationToken);
        Terminal.Line();
        var isWell = right == DemoScript.Turns.Count;
        var done = isWell ? Terminal.Good("Done") : Terminal.Bad("Done");
        var heard = speaker is null ? "all put in as text" : $"{recognized} recognized from sound";
        var sounded = sounds.Count == 0
            ? "no page was heard."
            : $"from the end of a question to the first sound {Seconds(sounds.Order().ElementAt(sounds.Count / 2))} (median).";
        Terminal.Line($"{done}: {right} of {DemoScript.Turns.Count} questions answered rightly; {heard}; {sounded}");
        return isWell;
    }

    private static string Seconds(double milliseconds) => $"{milliseconds / 1000:0.00} s";

    private async Task<Question> AskAsync(string text, CancellationToken cancellationToken)
    {
        if (speaker is not null && await DemoScript.RecordAsync(speaker, text, folder, cancellationToken) is { } sound)
        {
            await SayAsync(sound, cancellationToken);
            Tell("asked", null, $"{speaker} said it, {(double)sound.Length / VadMessage.Rate:0.0} s");
            var question = await FollowAsync(null, cancellationToken);
            if (question.Heard is not null)
                return question;
            var reason = question.Reason is { } code ? Question.InWords(code) : "nothing was understood";
            Tell("not heard", null, $"{reason}: the question is put in as text");
        }
        else
        {
            Tell("asked", null, "as text");
        }

        await hub.SendAsync(new UserTextMessage { Content = text, Lang = "en" }, cancellationToken);
        return await FollowAsync(text, cancellationToken);
    }

    /// <summary>Sends sound as fast as it is said.</summary>
    private async Task SayAsync(short[] sound, CancellationToken cancellationToken)
    {
        short[] samples = [.. new short[Before], .. sound, .. new short[After]];
        var utterance = _utterance++;
        await hub.SendAsync(new VadMessage { Utterance = utterance, Event = VadEvent.Start }, cancellationToken);
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds((double)Piece / VadMessage.Rate), time);
        for (var number = 0; number * Piece < samples.Length; number++)
        {
            var piece = samples.AsMemory(number * Piece, Math.Min(Piece, samples.Length - (number * Piece)));
            await hub.SendAsync(
                new AudioMessage
                {
                    Kind = AudioKind.Microphone,
                    Stream = utterance,
                    Clause = 0,
                    Number = (uint)number,
                    Offset = (uint)(number * Piece),
                    Data = MemoryMarshal.AsBytes(piece.Span).ToArray(),
                },
                cancellationToken);
            if (number == Certain)
                await hub.SendAsync(new VadMessage { Utterance = utterance, Event = VadEvent.Real }, cancellationToken);
            await beat.WaitForNextTickAsync(cancellationToken);
        }

        await hub.SendAsync(new VadMessage { Utterance = utterance, Event = VadEvent.End }, cancellationToken);
    }

    /// <summary>Follows what becomes of a question until it is over, or for as long as an answer may take.</summary>
    private async Task<Question> FollowAsync(string? written, CancellationToken cancellationToken)
    {
        var question = new Question(ChannelName.Default, written, hub.Welcome?.Session);
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (!question.IsOver)
            {
                var message = await hub.Incoming.ReadAsync(either.Token);
                var (heard, answered, sound) = (question.Heard, question.IsAnswered, question.Marks.FirstSound);
                question.Take(message);
                var passed = time.GetElapsedTime(began).TotalMilliseconds;
                if (heard is null && question.Heard is { } text)
                    Tell("understood", passed, text);
                if (!answered && question.IsAnswered)
                    Tell("answered", passed, question.Answer);
                if (sound is null && question.Marks.FirstSound is { } first)
                    Tell("first sound", first, "on a page");
                if (message is LlmResponseMessage { Seq: { } seq, Epoch: { } epoch } reply && question.IsAnswer(reply))
                    await hub.SendAsync(new AckMessage { Channel = ChannelName.Default, Epoch = epoch, Displayed = [seq] }, either.Token);
            }

            Tell("over", time.GetElapsedTime(began).TotalMilliseconds, EndOf(question));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Tell("given up", AnswerWithin.TotalMilliseconds, "the answer is not over");
            await hub.SendAsync(new CancelMessage(), cancellationToken);
        }

        return question;
    }

    private static string EndOf(Question question)
    {
        if (question.Reason is { } reason)
            return Question.InWords(reason);
        return question.Marks.FirstSound is null ? "no page was heard" : "heard to its end";
    }

    private static void Tell(string step, double? milliseconds, string what) =>
        Terminal.Line($"     {step,-12}{Terminal.Dim($"{(milliseconds is { } ms ? Seconds(ms) : ""),8}")}  {Terminal.Plain(what)}");
}
