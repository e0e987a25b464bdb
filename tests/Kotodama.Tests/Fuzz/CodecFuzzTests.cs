using System.Text;
using Kotodama.Protocol;

namespace Kotodama.Tests.Fuzz;

public sealed class CodecFuzzTests
{
    [Fact]
    public Task Nothing_that_is_nearly_a_message_makes_the_codec_throw_hang_or_repeat_what_was_said() =>
        Inputs.RunAsync(Inputs.Share(1), random => new Mutator(random).Next(), bytes => bytes, Inputs.Longest, CheckAsync);

    /// <summary>Inputs that once did.</summary>
    [Theory]
    [InlineData("a pause without end was a message that could not be written", "eyJ0eXBlIjoiYnllIiwicmV0cnlBZnRlciI6MWU5OTl9")]
    [InlineData("a question with half a surrogate pair inside was a message that could not be written", "eyJ0eXBlIjoiYXNrIiwiY2hhbm5lbCI6IjgueXl4LmJ5LSIsImlkIjoiQTpiX2MuZC1lIiwibmFtZSI6Ilx1RDgzRFx1REUwQSIsInZhbHVlIjpbIlx1REJGRlx1REZGRlx1RDgzRGV1REUwQVx1RDgzRFx1REUwQSIsIjwvc2NyaXB0PjxiPiYnPC9zY3JpcHQ+PGI+JiciXSwicGFnZSI6IkE6Yl9jLmQtZSJ9")]
    public Task Inputs_that_once_failed(string what, string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        return Inputs.CheckAsync(bytes, bytes, Inputs.Longest, CheckAsync, what);
    }

    private static Task CheckAsync(byte[] bytes)
    {
        var (message, error) = MessageCodec.Read(bytes);
        Assert.True((message is null) != (error is null), "neither a message nor an error, or both");
        if (error is not null)
        {
            Assert.NotEmpty(error.Code);
            Assert.NotEmpty(error.Message);
            Assert.DoesNotContain(Mutator.Secret, error.Message + error.Hint, StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            // What was read may be sent on, and is the same at the other end.
            var written = MessageCodec.Write(message!);
            var (again, wrong) = MessageCodec.Read(written);
            Assert.True(wrong is null, $"written and read again it is refused: {wrong?.Message}");
            Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(MessageCodec.Write(again!)));
        }

        return Task.CompletedTask;
    }
}
