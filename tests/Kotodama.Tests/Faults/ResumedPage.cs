using Kotodama.Protocol;

namespace Kotodama.Tests.Faults;

/// <summary>A page of one channel that comes, or comes back, with a position.</summary>
internal sealed record ResumedPage(TestSocket Socket, ChannelWelcome Welcome) : IDisposable
{
    public static async Task<ResumedPage> OpenAsync(TestHub hub, string channel, ChannelPosition? had = null)
    {
        var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync(new HelloMessage
        {
            Role = PeerRole.Viewer,
            Channels = [channel],
            Caps = [HelloMessage.DisplayCapability],
            Resume = had is null ? null : new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { [channel] = had },
        });
        return new ResumedPage(socket, (await socket.WelcomeAsync()).Channels[channel]);
    }

    /// <summary>The next messages: numbers, and gaps as <c>FROM-TO REASON</c>.</summary>
    public async Task<List<string>> TakeAsync(int count)
    {
        var got = new List<string>();
        while (got.Count < count)
        {
            got.Add(await Socket.ReceiveAsync() switch
            {
                GapMessage gap => $"{gap.From}-{gap.To} {gap.Reason}",
                Publication publication => $"{publication.Seq}",
                var other => $"{other}",
            });
        }

        return got;
    }

    public void Dispose() => Socket.Dispose();
}
