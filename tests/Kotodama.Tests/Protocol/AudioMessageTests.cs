using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Protocol;

public sealed class AudioMessageTests
{
    [Fact]
    public void A_message_is_read_as_it_was_written()
    {
        var message = new AudioMessage { Kind = AudioKind.Speech, Stream = uint.MaxValue - 1, Clause = 40_000, Number = 7, Offset = 1_000_000, Data = new byte[] { 1, 2, 3, 4 } };
        var bytes = message.ToBytes();
        Assert.Equal([0xA7, 1, 0x40, 0x9C, 0xFE, 0xFF, 0xFF, 0xFF, 7, 0, 0, 0, 0x40, 0x42, 0x0F, 0, 1, 2, 3, 4], bytes);
        var read = Assert.IsType<AudioMessage>(AudioMessage.Read(bytes).Message);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(
            (message.Kind, message.Stream, message.Clause, message.Number, message.Offset),
            (read.Kind, read.Stream, read.Clause, read.Number, read.Offset));
    }

    [Fact]
    public void An_empty_message_is_the_end_of_a_sound() =>
        Assert.True(Assert.IsType<AudioMessage>(AudioMessage.Read(new byte[] { 0xA7, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }).Message).Data.IsEmpty);

    [Theory]
    [InlineData(0, 0xA7, 1, ErrorCode.BinaryUnsupported)]
    [InlineData(15, 0xA7, 1, ErrorCode.BinaryUnsupported)]
    [InlineData(16, 0xA6, 1, ErrorCode.BinaryUnsupported)]
    [InlineData(16, 0xA7, 0, ErrorCode.BadValue)]
    [InlineData(16, 0xA7, 4, ErrorCode.BadValue)]
    [InlineData(17, 0xA7, 1, ErrorCode.BadValue)]
    [InlineData(AudioMessage.MaxLength + 1, 0xA7, 3, ErrorCode.TooBig)]
    public void What_is_no_sound_is_told_so(int length, byte magic, byte kind, string code)
    {
        var bytes = new byte[length];
        if (length > 1)
            (bytes[0], bytes[1]) = (magic, kind);
        var (message, error) = AudioMessage.Read(bytes);
        Assert.Null(message);
        Assert.Equal(code, error!.Code);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public async Task What_one_end_says_the_other_hears_in_order()
    {
        var (first, second) = PeerPair.Create(capacity: 2);
        await first.SendAsync(new SoundMessage { State = SoundState.On }, TestContext.Current.CancellationToken);
        await first.SendAsync(new SoundMessage { State = SoundState.Off }, TestContext.Current.CancellationToken);
        var third = first.SendAsync(new SoundMessage { State = SoundState.Blocked }, TestContext.Current.CancellationToken);
        Assert.False(third.IsCompleted);
        Assert.Equal(SoundState.On, Assert.IsType<SoundMessage>(await second.HearAsync()).State);
        await third;
        Assert.Equal(SoundState.Off, Assert.IsType<SoundMessage>(await second.HearAsync()).State);
        await first.DisposeAsync();
        Assert.Equal(SoundState.Blocked, Assert.IsType<SoundMessage>(await second.HearAsync()).State);
        Assert.False(await second.Incoming.WaitToReadAsync(TestContext.Current.CancellationToken));
        await second.SendAsync(new SoundMessage { State = SoundState.On }, TestContext.Current.CancellationToken);
    }
}
