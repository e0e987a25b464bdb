using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server.Bounds;

/// <summary>However much a page acknowledges, the log has no more work than there are messages.</summary>
public sealed class AcknowledgementTests
{
    private static readonly string[] Lists = ["displayed", "spoken", "superseded"];

    [Fact]
    public void Each_number_is_marked_once_also_when_its_message_has_expired()
    {
        var bounds = new LogBounds(100, 1_000_000, 600_000);
        var disk = new FailingStore(new ModelStore(bounds));
        using var log = new FallbackMessageLog(disk, new DiskReserve("/dev/null/none", 1 << 20), bounds, NullLogger.Instance);
        var time = new ManualTime();
        var core = new HubCore(log, new HubClock(time, 0), new KotodamaServerOptions(), new Avatars(null, time, NullLogger.Instance));
        var page = new TestViewer(null);
        core.Process([new Work.Join(page, [ChannelName.Default], new HelloMessage { Role = PeerRole.Viewer }, _ => [0, 0])]);
        for (var i = 0; i < 3; i++)
            core.Process([new Work.Publish(new StatusMessage { Content = "x", Ttl = 1 }, ChannelName.Default, null, _ => { })]);
        time.Advance(TimeSpan.FromSeconds(1));
        core.Tick();
        var epoch = core.Position(ChannelName.Default)!.Epoch;
        var flood = new AckMessage
        {
            Channel = ChannelName.Default,
            Epoch = epoch,
            Displayed = [.. Enumerable.Range(0, 1_024).Select(i => (long)(i % 4))],
            Superseded = [.. Enumerable.Repeat(2L, 1_024)],
        };
        for (var i = 0; i < 100; i++)
            core.Process([new Work.Acknowledge(page, flood)]);
        Assert.Equal(3, disk.Marks);
    }

    [Fact]
    public void Numbers_are_remembered_as_far_back_as_messages_are_kept()
    {
        var numbers = new DisplayedNumbers(kept: 100);
        Assert.True(numbers.Add(1, top: 1));
        Assert.False(numbers.Add(1, top: 1));
        Assert.True(numbers.Add(150, top: 150));
        Assert.False(numbers.Add(50, top: 150));
        Assert.True(numbers.Add(51, top: 150));
        Assert.False(numbers.Add(51, top: 150));
        Assert.True(numbers.Add(1_000_000, top: 1_000_000));
        Assert.True(numbers.Add(999_901, top: 1_000_000));
        Assert.False(numbers.Add(999_900, top: 1_000_000));
        for (var seq = 1_000_001L; seq < 1_000_500; seq++)
        {
            Assert.True(numbers.Add(seq, top: seq));
            Assert.False(numbers.Add(seq, top: seq));
            Assert.False(numbers.Add(seq - 50, top: seq) && seq > 1_000_060);
        }
    }

    [Fact]
    public void A_list_that_is_too_long_is_refused_with_its_field_its_limit_and_its_length()
    {
        foreach (var field in Lists)
        {
            Assert.Null(Read($$"""{"type":"ack","channel":"c","epoch":"e","{{field}}":[{{Ones(1_024)}}]}"""));
            Refused($$"""{"type":"ack","channel":"c","epoch":"e","{{field}}":[{{Ones(1_025)}}]}""", field, 1_024, 1_025);
        }

        Refused($$"""{"type":"ack","channel":"c","epoch":"e","heard":[{{Many("""{"seq":1}""", 1_025)}}]}""", "heard", 1_024, 1_025);
        Refused($$"""{"type":"ack","channel":"c","epoch":"e","failed":[{{Many("""{"seq":1}""", 1_025)}}]}""", "failed", 1_024, 1_025);
        Refused($$"""{"type":"hello","caps":[{{Many("\"x\"", 65)}}]}""", "caps", 64, 65);
        var names = string.Join(',', Enumerable.Range(0, 1_025).Select(i => $"\"c{i}\":1"));
        Refused("{\"type\":\"hello\",\"speech\":{" + names + "}}", "speech", 1_024, 1_025);
        var positions = string.Join(',', Enumerable.Range(0, 1_025).Select(i => $"\"c{i}\":{{\"epoch\":\"e\",\"seq\":1}}"));
        Refused("{\"type\":\"hello\",\"resume\":{" + positions + "}}", "resume", 1_024, 1_025);
        Refused($$"""{"type":"marks","channel":"c","turn":1,"clause":0,"words":[{{Ones(16_386)}}]}""", "words", 16_384, 16_386);
    }

    private static string Ones(int count) => Many("1", count);

    private static string Many(string item, int count) => string.Join(',', Enumerable.Repeat(item, count));

    private static ErrorMessage? Read(string json) => MessageCodec.Read(System.Text.Encoding.UTF8.GetBytes(json)).Error;

    private static void Refused(string json, string field, int limit, int got)
    {
        var error = Read(json)!;
        Assert.Equal((ErrorCode.OutOfRange, $"{field} must have at most {limit} entries, got {got}"), (error.Code, error.Message));
    }
}
