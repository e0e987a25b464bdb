using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kotodama.Bench.Beside;

/// <summary>
/// Viewers and one publisher of a server, on one thread that never sleeps. It counts whole messages by the heads of their frames and looks
/// at nothing else, so that it costs less than any server.
/// </summary>
internal sealed unsafe class Crowd : IDisposable
{
    private const int HeadSize = 14, Together = 100;

    private readonly Socket[] _sockets;
    private readonly Socket _publisher;
    private readonly int _poller = Kernel.CreatePoller(0);
    private readonly Kernel.Event[] _events = new Kernel.Event[512];
    private readonly byte[] _buffer = new byte[512 * 1024];
    private readonly byte[] _heads;
    private readonly int[] _headLengths;
    private readonly long[] _left;
    private readonly int[] _counts;
    private int[] _missing = [];
    private int _sentCount, _wholeCount;

    /// <param name="port">The server.</param>
    /// <param name="viewers">How many.</param>
    /// <param name="offer">An extension of the handshake; null: none.</param>
    /// <param name="hello">What the publisher says first; null: nothing.</param>
    public Crowd(int port, int viewers, string? offer, string? hello)
    {
        var started = Stopwatch.GetTimestamp();
        _sockets = new Socket[viewers];

        // The last place is the publisher's.
        _heads = new byte[(viewers + 1) * HeadSize];
        (_headLengths, _left, _counts) = (new int[viewers + 1], new long[viewers + 1], new int[viewers]);
        for (var i = 0; i < viewers; i += Together)
        {
            var some = _sockets.AsSpan(i, Math.Min(Together, viewers - i));
            for (var j = 0; j < some.Length; j++)
                some[j] = Begin(port, offer);
            foreach (var socket in some)
                ReadAnswer(socket);
        }

        ConnectTime = Stopwatch.GetElapsedTime(started);
        _publisher = Begin(port, null);
        ReadAnswer(_publisher);
        for (var i = 0; i <= viewers; i++)
        {
            var wanted = new Kernel.Event { Events = Kernel.Readable, Number = i };
            if (Kernel.ChangePoller(_poller, Kernel.Add, (int)Of(i).Handle, ref wanted) != 0)
                throw new InvalidOperationException("epoll does not take another socket.");
        }

        if (hello is not null)
            Say(Frame(hello));
    }

    /// <summary>From the first connection to the last answer.</summary>
    public TimeSpan ConnectTime { get; }

    /// <summary>Publishes messages, with so many on their way at once, until every viewer has all.</summary>
    /// <param name="frame">The publisher's frame.</param>
    /// <param name="messages">How many.</param>
    /// <param name="inFlight">On their way at once.</param>
    /// <returns>How long it took.</returns>
    public TimeSpan Closed(byte[] frame, int messages, int inFlight)
    {
        Begin(messages);
        var started = Stopwatch.GetTimestamp();
        while (_wholeCount < messages)
        {
            for (; _sentCount < messages && _sentCount - _wholeCount < inFlight; _sentCount++)
                Say(frame);
            Read(started);
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Answers the pings that came while others were visited.</summary>
    public void Answer()
    {
        Begin(0);
        while (Read(Stopwatch.GetTimestamp()) > 0)
        {
        }
    }

    /// <summary>A text frame of a client, with a mask that changes nothing.</summary>
    public static byte[] Frame(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        byte[] head = bytes.Length switch
        {
            < 126 => [0x81, (byte)(0x80 | bytes.Length)],
            < 65536 => [0x81, 0x80 | 126, (byte)(bytes.Length >> 8), (byte)bytes.Length],
            _ => throw new ArgumentException("A message has less than 64 KiB.", nameof(text)),
        };
        return [.. head, 0, 0, 0, 0, .. bytes];
    }

    public void Dispose()
    {
        _publisher.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
        using var poller = new Microsoft.Win32.SafeHandles.SafeFileHandle(_poller, ownsHandle: true);
    }

    private Socket Of(int number) => number < _sockets.Length ? _sockets[number] : _publisher;

    private static Socket Begin(int port, string? offer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var extension = offer is null ? "" : $"Sec-WebSocket-Extensions: {offer}\r\n";
        socket.Send(Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extension}\r\n"));
        return socket;
    }

    private static void ReadAnswer(Socket socket)
    {
        Span<byte> one = stackalloc byte[1];
        var last = 0u;
        while (last != 0x0D0A0D0A)
        {
            if (socket.Receive(one) == 0)
                throw new InvalidOperationException("The server refused a connection.");
            last = (last << 8) | one[0];
        }
    }

    private void Begin(int messages)
    {
        Array.Clear(_counts);
        _missing = new int[messages];
        Array.Fill(_missing, _sockets.Length);
        (_sentCount, _wholeCount) = (0, 0);
    }

    private void Say(byte[] frame)
    {
        for (var sent = 0; sent < frame.Length;)
            sent += _publisher.Send(frame.AsSpan(sent));
    }

    /// <returns>How many connections had something.</returns>
    private int Read(long started)
    {
        fixed (Kernel.Event* events = _events)
        fixed (byte* bytes = _buffer)
        {
            var ready = Kernel.Poll(_poller, events, _events.Length, 0);
            for (var i = 0; i < ready; i++)
            {
                var viewer = events[i].Number;
                var got = Kernel.Receive((int)Of(viewer).Handle, bytes, (nuint)_buffer.Length, Kernel.DontWait);
                if (got == 0)
                    throw new InvalidOperationException("The server closed a connection.");
                if (got > 0)
                    Take(viewer, new ReadOnlySpan<byte>(bytes, (int)got));
            }

            if (ready == 0 && Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"After two minutes {_missing.Sum()} deliveries are missing.");
            return ready;
        }
    }

    /// <summary>Goes through frames, of which each may come in any number of pieces.</summary>
    private void Take(int viewer, ReadOnlySpan<byte> bytes)
    {
        var head = _heads.AsSpan(viewer * HeadSize, HeadSize);
        while (bytes.Length > 0)
        {
            if (_left[viewer] > 0)
            {
                var piece = (int)Math.Min(_left[viewer], bytes.Length);
                bytes = bytes[piece..];
                if ((_left[viewer] -= piece) == 0)
                    End(viewer, head);
                continue;
            }

            head[_headLengths[viewer]++] = bytes[0];
            bytes = bytes[1..];
            if (_headLengths[viewer] < 2 || _headLengths[viewer] < (head[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 })
                continue;
            _left[viewer] = (head[1] & 0x7F) switch
            {
                126 => BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
                127 => BinaryPrimitives.ReadInt64BigEndian(head[2..]),
                var small => small,
            };
            if (_left[viewer] == 0)
                End(viewer, head);
        }
    }

    private void End(int viewer, ReadOnlySpan<byte> head)
    {
        _headLengths[viewer] = 0;
        var (isFinal, opcode) = ((head[0] & 0x80) != 0, head[0] & 0xF);
        if (opcode == 9)
            Pong(viewer);
        if (!isFinal || opcode > 2 || viewer == _sockets.Length)
            return;
        var index = _counts[viewer]++;
        if (index >= _missing.Length)
            throw new InvalidOperationException("A viewer got a message twice.");
        if (--_missing[index] == 0)
            _wholeCount++;
    }

    private void Pong(int viewer)
    {
        ReadOnlySpan<byte> pong = [0x8A, 0x80, 0, 0, 0, 0];
        fixed (byte* bytes = pong)
            _ = Kernel.Send((int)Of(viewer).Handle, bytes, (nuint)pong.Length, Kernel.DontWait | Kernel.NoSignal);
    }
}
