using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Kotodama.Server.Sockets;

/// <summary>
/// The socket under a connection of Kestrel, for sending past Kestrel's pipe: the pipe copies each frame, and wakes another thread that
/// sends it. Only Linux tells whether what the pipe took has left it, so elsewhere, and over TLS, there is none. One caller at a time.
/// </summary>
internal sealed partial class DirectSocket
{
    private const int TcpLevel = 6, TcpInformation = 11;

    // Of the structure tcp_info in linux/tcp.h: segments that are not acknowledged, bytes that are, and bytes that were not sent yet.
    private const int UnacknowledgedAt = 24, AcknowledgedAt = 120, UnsentAt = 144, InformationSize = 148;

    /// <summary>The head of the answer to a handshake has at least so many bytes, its accept value alone has 28.</summary>
    private const int ShortestHead = 96;

    private const int DontWait = 0x40, NoSignal = 0x4000;

    private static readonly bool HasSend = FindSend();

    private readonly Socket _socket;
    private readonly SafeSocketHandle _handle;
    private readonly long _before;

    private DirectSocket(Socket socket, long before) => (_socket, _handle, _before) = (socket, socket.SafeHandle, before);

    /// <summary>Finds the socket of a request before its handshake is answered.</summary>
    /// <param name="features">The features of the request.</param>
    /// <returns>Null: this connection has to be written to as a stream.</returns>
    public static DirectSocket? Find(IFeatureCollection features)
    {
        if (!OperatingSystem.IsLinux() || features.Get<ITlsHandshakeFeature>() is not null)
            return null;
        if (features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return null;
        try
        {
            return Acknowledged(socket) is { } before ? new DirectSocket(socket, before) : null;
        }
        catch (ObjectDisposedException)
        {
            // The client is gone, and who writes to the stream finds that out.
            return null;
        }
    }

    /// <summary>
    /// Whether the client has got the answer to its handshake, so that frames may follow it past the pipe; nothing may have been written
    /// to the stream after it. Once true, the socket never makes a sender wait.
    /// </summary>
    public bool TryOpen()
    {
        try
        {
            if (Acknowledged(_socket) is not { } now || now - _before < ShortestHead)
                return false;
            _socket.Blocking = false;
            return true;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // As above.
            return false;
        }
    }

    /// <summary>Sends what the system takes at once.</summary>
    /// <returns>How many bytes it took, perhaps 0; -1: the connection is gone.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (HasSend && SendNow(bytes) is >= 0 and var sent)
                return (int)sent;

            // It says why.
            var taken = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => taken,
                SocketError.WouldBlock => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    /// <summary>Sends some of the bytes, as soon as the system takes any.</summary>
    /// <exception cref="SocketException">The connection is gone.</exception>
    /// <exception cref="ObjectDisposedException">As above.</exception>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes, SocketFlags.None);

    /// <summary>
    /// The bytes that the client has acknowledged; null when some are still on their way, or the system does not tell.
    /// </summary>
    private static long? Acknowledged(Socket socket)
    {
        Span<byte> told = stackalloc byte[InformationSize];
        try
        {
            if (socket.GetRawSocketOption(TcpLevel, TcpInformation, told) < InformationSize)
                return null;
        }
        catch (SocketException)
        {
            // No TCP, or a system that does not tell.
            return null;
        }

        var isQuiet = (MemoryMarshal.Read<uint>(told[UnacknowledgedAt..]) | MemoryMarshal.Read<uint>(told[UnsentAt..])) == 0;
        return isQuiet ? MemoryMarshal.Read<long>(told[AcknowledgedAt..]) : null;
    }

    /// <summary>The system's own send; for a small frame what the framework does around it counts.</summary>
    private unsafe nint SendNow(ReadOnlySpan<byte> bytes)
    {
        var isHeld = false;
        try
        {
            // While it is held its number is not given to another connection.
            _handle.DangerousAddRef(ref isHeld);
            fixed (byte* start = bytes)
                return SystemSend((int)_handle.DangerousGetHandle(), start, (nuint)bytes.Length, DontWait | NoSignal);
        }
        finally
        {
            if (isHeld)
                _handle.DangerousRelease();
        }
    }

    private static unsafe bool FindSend()
    {
        try
        {
            _ = SystemSend(-1, null, 0, 0);
            return true;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // The framework's does it, too.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "send")]
    private static unsafe partial nint SystemSend(int socket, byte* bytes, nuint length, int flags);
}
