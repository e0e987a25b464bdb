using System.Text;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Chat.OpenAi;
using Kotodama.Tests.Fuzz;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat.OpenAi;

public sealed class ChatFuzzTests
{
    private static readonly byte[][] Corpus = [.. OpenAiChatClientTests.Answers.Select(row => Encoding.UTF8.GetBytes(row.Data.Item2)), .. OpenAiChatFailureTests.Rubbish.Select(row => Encoding.UTF8.GetBytes(row.Data.Item2)), Encoding.UTF8.GetBytes(ChatRig.Text("你好，世界。こんにちは😀") + ChatRig.Finish())];

    [Fact]
    public async Task Every_cut_of_the_bytes_gives_the_same_updates()
    {
        foreach (var bytes in Corpus)
        {
            var whole = await ReadAsync(new ChunkedStream(bytes, int.MaxValue));
            for (var chunk = 1; chunk <= 64; chunk = chunk < 9 ? chunk + 1 : chunk * 2)
                Assert.Equal(whole, await ReadAsync(new ChunkedStream(bytes, chunk)));
        }
    }

    [Fact]
    public Task No_bytes_make_the_reader_of_answers_throw_anything_but_a_failure_or_depend_on_how_the_network_cuts_them() =>
        Inputs.RunAsync(Inputs.Share(20), random => (Bytes: Mutated(random), Chunk: 1 + random.Next(40)), input => input.Bytes, Inputs.Longest, async input =>
        {
            var whole = await ReadAsync(new ChunkedStream(input.Bytes, int.MaxValue));
            Assert.Equal(whole, await ReadAsync(new ChunkedStream(input.Bytes, input.Bytes.Length < 4_000 ? input.Chunk : input.Chunk * 100)));
        });

    private static byte[] Mutated(Random random)
    {
        var mutator = new Mutator(random);
        var bytes = Corpus[random.Next(Corpus.Length)];
        for (var i = random.Next(6); i > 0; i--)
            bytes = random.Next(4) == 0 ? [.. bytes, .. Corpus[random.Next(Corpus.Length)]] : mutator.ChangeBytes(bytes);
        return bytes;
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        var told = new List<string>();
        var reader = new ChatAnswerReader();
        var isTold = false;
        try
        {
            await foreach (var item in ChatEvents.ReadAsync(new AnswerStream(stream), TestContext.Current.CancellationToken))
            {
                foreach (var piece in item.Pieces)
                    if (reader.Read(piece) is { } update)
                        told.Add(ChatRig.Told([update]));
                isTold = item.IsEnd;
                if (isTold)
                    break;
            }

            told.Add(ChatRig.Told([reader.End(isTold)]));
        }
        catch (LlmException e)
        {
            Assert.DoesNotContain(Mutator.Secret, e.ToString(), StringComparison.Ordinal);
            told.Add(e.Message);
        }

        return told;
    }
}
