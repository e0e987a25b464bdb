using System.Security.Cryptography;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Tests.Fuzz;

namespace Kotodama.Tests.Protocol;

/// <summary>What is sealed, opened and refused, as all languages agree: docs/protocol/encryption.json.</summary>
public sealed class MessageKeyTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);

    private static readonly MessageKey Key = MessageKey.Parse(SealedVectors.All[0].Key);

    private static readonly string[] Covered =
        [MessageType.LlmResponse, MessageType.LlmDelta, MessageType.Status, MessageType.Expression, MessageType.Motion];

    public static TheoryData<string> Vectors => [.. SealedVectors.All.Select(v => v.Name)];

    public static TheoryData<string> Refused => [.. SealedVectors.Refused.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_vector_opens_to_its_message_with_the_place_that_the_hub_gave(string name)
    {
        var vector = SealedVectors.All.Single(v => v.Name == name);
        var key = MessageKey.Parse(vector.Key);
        var message = vector.Message with { Epoch = "e", Seq = 7, Ts = 9 };
        Assert.Equal(vector.Message.Kid, key.Id);
        Assert.Equal($"kotodama-enc-v1|{message.Channel}|{message.Id}|{message.Until}", vector.Aad);
        Assert.True(key.TryOpen(message, out var opened));
        var inner = (Publication)MessageCodec.Read(Encoding.UTF8.GetBytes(vector.Plaintext)).Message!;
        Assert.Equal(inner with { Id = inner.Id ?? message.Id, Channel = message.Channel, Epoch = "e", Seq = 7, Ts = 9 }, opened);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_was_changed_does_not_open(string name)
    {
        var (_, key, message) = SealedVectors.Refused.Single(v => v.Name == name);
        Assert.False(MessageKey.Parse(key).TryOpen(message, out var opened));
        Assert.Null(opened);
    }

    [Fact]
    public void What_is_sealed_is_what_the_vectors_say()
    {
        var message = Key.Seal(new StatusMessage { Id = "m1", Content = "你好", Ttl = 5_000, Receipt = ReceiptLevel.Displayed }, "left", Now);
        Assert.Equal(("m1", "left", 5_000, ReceiptLevel.Displayed), (message.Id, message.Channel, message.Ttl, message.Receipt));
        Assert.Equal(Now.ToUnixTimeMilliseconds() + 5_000, message.Until);
        Assert.Null(message.Validate(ProtocolLimits.Default));
        var text = Convert.FromBase64String(Padded(message.Ct));
        var plain = new byte[text.Length - 16];
        using var aes = new AesGcm(Convert.FromBase64String(Padded(Key.Reveal())), 16);
        var bound = Encoding.UTF8.GetBytes($"kotodama-enc-v1|left|m1|{message.Until}");
        aes.Decrypt(Convert.FromBase64String(Padded(message.Iv)), text[..^16], text[^16..], plain, bound);
        Assert.Equal("""{"type":"status","content":"你好"}""", Encoding.UTF8.GetString(plain));
    }

    [Theory]
    [InlineData(MessageType.LlmResponse, 60_000)]
    [InlineData(MessageType.Status, 10_000)]
    [InlineData(MessageType.LlmDelta, 0)]
    public void A_message_that_names_no_time_to_live_gets_that_of_its_type_which_the_hub_cannot_see(string type, double ttl)
    {
        var message = (Publication)RandomMessages.Makers[type](new RandomMessages(new Random(1))) with { Ttl = null };
        if (message is LlmResponseMessage reply)
            message = reply with { AudioStream = null };
        var enc = Key.Seal(message, "c", Now);
        Assert.Equal((ttl, Now.ToUnixTimeMilliseconds() + (long)ttl), (enc.Ttl, enc.Until));
    }

    [Fact]
    public void The_pieces_of_a_reply_have_ids_of_their_own_and_the_id_of_the_reply_inside()
    {
        var piece = new LlmDeltaMessage { Id = "r1", Part = 0, Content = "a" };
        var (one, two) = (Key.Seal(piece, "c", Now), Key.Seal(piece, "c", Now));
        Assert.Equal(3, new HashSet<string?>(StringComparer.Ordinal) { one.Id, two.Id, "r1" }.Count);
        Assert.True(Key.TryOpen(one, out var opened));
        Assert.Equal("r1", opened.Id);
    }

    [Fact]
    public Task Any_message_opens_as_it_was_sealed_and_no_changed_bit_passes() => Inputs.RunAsync(
        Inputs.Share(500),
        random => (Seed: random.Next(), Message: Random(random)),
        input => MessageCodec.Write(input.Message),
        Inputs.Longest,
        input =>
        {
            var random = new Random(input.Seed);
            var key = MessageKey.Create();
            var enc = key.Seal(input.Message, "left", Now);
            Assert.Null(enc.Validate(new ProtocolLimits { Frame = int.MaxValue }));
            Assert.True(key.TryOpen(enc, out var opened));
            var inner = input.Message with { Ttl = null, Receipt = null, Epoch = null, Seq = null, Ts = null };
            inner = inner with { Id = inner.Id ?? enc.Id, Channel = inner.Channel ?? "left" };
            Assert.Equal(MessageCodec.Write(inner), MessageCodec.Write(opened));
            Assert.False(key.TryOpen(enc with { Ct = Flip(enc.Ct, random) }, out _));
            Assert.False(key.TryOpen(enc with { Iv = Flip(enc.Iv, random) }, out _));
            Assert.False(key.TryOpen(enc with { Until = enc.Until + 1 }, out _));
            Assert.False(key.TryOpen(enc with { Channel = enc.Channel + "a" }, out _));
            Assert.False(MessageKey.Create().TryOpen(enc with { Kid = enc.Kid }, out _));
            return Task.CompletedTask;
        });

    [Fact]
    public Task Nothing_that_is_received_makes_it_throw() => Inputs.RunAsync(
        Inputs.Share(20),
        random => new EncMessage
        {
            Id = random.Next(4) == 0 ? null : Noise(random, 20),
            Channel = random.Next(4) == 0 ? null : Noise(random, 20),
            Kid = random.Next(2) == 0 ? Key.Id : Noise(random, 9),
            Iv = random.Next(2) == 0 ? new string('A', 16) : Noise(random, 30),
            Until = random.NextInt64(long.MinValue, long.MaxValue),
            Ct = Noise(random, 200),
        },
        MessageCodec.Write,
        Inputs.Longest,
        message =>
        {
            Assert.False(Key.TryOpen(message, out _));
            return Task.CompletedTask;
        });

    [Fact]
    public void A_key_is_random_and_read_as_it_was_written()
    {
        var key = MessageKey.Create();
        Assert.Equal(key.Id, MessageKey.Parse($" {key.Reveal()}\n").Id);
        Assert.NotEqual(key.Reveal(), MessageKey.Create().Reveal());
        Assert.DoesNotContain(key.Reveal(), $"{key}", StringComparison.Ordinal);
        Assert.Equal(8, key.Id.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh８")]
    public void What_is_no_key_is_refused_without_being_repeated(string text)
    {
        var e = Assert.Throws<FormatException>(() => MessageKey.Parse(text));
        Assert.True(text.Length == 0 || !e.Message.Contains(text, StringComparison.Ordinal), e.Message);
        Assert.Contains("43 characters", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_hub_acts_on_is_not_sealed()
    {
        Assert.Throws<ArgumentException>(() => Key.Seal(new StopMessage(), "c", Now));
        Assert.Throws<ArgumentException>(() => Key.Seal(new AvatarMessage { Name = "koto" }, "c", Now));
        Assert.Throws<ArgumentException>(() => Key.Seal(new LlmResponseMessage { Content = "x", AudioStream = 1 }, "c", Now));
    }

    private static Publication Random(Random random)
    {
        var message = (Publication)RandomMessages.Makers[Covered[random.Next(Covered.Length)]](new RandomMessages(random));
        return message is LlmResponseMessage reply ? reply with { AudioStream = null } : message;
    }

    private static string Flip(string text, Random random)
    {
        var bytes = Convert.FromBase64String(Padded(text));
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static string Noise(Random random, int most) =>
        new([.. Enumerable.Range(0, random.Next(most)).Select(_ => "AQxyz019-_=+/ é\0"[random.Next(16)])]);

    private static string Padded(string text) => text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
}
