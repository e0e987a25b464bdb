using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kotodama.Protocol;
using Kotodama.Tests.Fuzz;

namespace Kotodama.Tests.Protocol;

public sealed class MessageCodecProperties
{
    private static readonly Config Config = Properties.Of(2_000);

    private static readonly byte[][] Seeds =
        [.. Directory.EnumerateFiles(
            Repository.PathOf("docs", "protocol", "examples"),
            "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    [Fact]
    public void Any_reply_that_is_valid_survives_the_wire()
    {
        Prop.ForAll<NonEmptyString, double, bool>((content, duration, speak) =>
        {
            var reply = new LlmResponseMessage { Content = content.Get, Duration = duration, Speak = speak };
            var result = MessageCodec.Read(Write(reply));
            return reply.Validate(ProtocolLimits.Default) is null && !HasLoneSurrogate(content.Get)
                ? reply.Equals(result.Message)
                : result.Error is not null || HasLoneSurrogate(content.Get);
        }).Check(Config);
    }

    [Fact]
    public void No_bytes_make_the_codec_throw()
    {
        Prop.ForAll<byte[]>(bytes =>
        {
            var (message, error) = MessageCodec.Read(bytes);
            return (message is null) != (error is null);
        }).Check(Config);
    }

    [Fact]
    public void No_change_of_a_good_message_makes_the_codec_throw()
    {
        Prop.ForAll<(int Which, int Where, byte Value, int Kind)>(change =>
        {
            var (which, where, value, kind) = change;
            var bytes = (byte[])Seeds[Index(which, Seeds.Length)].Clone();
            var at = Index(where, bytes.Length);
            byte[] changed = Index(kind, 4) switch
            {
                0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                1 => bytes[..at],
                2 => [.. bytes[..at], .. bytes[at..], .. bytes[..at]],
                _ => [.. bytes[..at], value, .. bytes[at..]],
            };
            var (message, error) = MessageCodec.Read(changed);
            return (message is null) != (error is null) && (message is null || MessageCodec.Write(message).Length > 0);
        }).Check(Properties.Of(20_000));
    }

    private static int Index(int any, int count) => (int)((uint)any % (uint)count);

    private static byte[] Write(LlmResponseMessage reply) =>
        double.IsFinite(reply.Duration)
            ? MessageCodec.Write(reply)
            : Encoding.UTF8.GetBytes("""{"type":"llm_response","content":"x","duration":1e999}""");

    private static bool HasLoneSurrogate(string text) =>
        text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) || text.Contains('\0', StringComparison.Ordinal);
}
