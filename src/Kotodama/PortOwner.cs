using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Kotodama.Cli;

/// <summary>Finds out whether a port is free, and who has it.</summary>
internal static class PortOwner
{
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether both loopback addresses can be bound on a port.</summary>
    public static bool IsFree(IEnumerable<IPAddress> addresses, int port)
    {
        foreach (var address in addresses)
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(address, port));
                socket.Listen(1);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A phrase for people, for example <c>python3 (pid 4711)</c>.</summary>
    public static async Task<string> DescribeAsync(int port, CancellationToken cancellationToken) =>
        await FindKotodamaAsync(port, cancellationToken) is { } pid ? $"another Kotodama (pid {pid})"
        : Process(port) is { } owner ? owner
        : "another program";

    /// <summary>The process that listens, for example <c>python3 (pid 4711)</c>; null: it cannot be known here.</summary>
    public static string? Process(int port) => OperatingSystem.IsLinux() ? FindProcess(port) : null;

    private static async Task<int?> FindKotodamaAsync(int port, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            var address = $"http://127.0.0.1:{port}/api/status";
            var status = await http.GetFromJsonAsync(address, JsonElementContext.Default.JsonElement, cancellationToken);
            var isKotodama = status.ValueKind == JsonValueKind.Object
                && status.TryGetProperty("product", out var product)
                && product.ValueEquals("kotodama");
            return isKotodama ? status.GetProperty("processId").GetInt32() : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException or NotSupportedException)
        {
            // It does not speak our protocol.
            return null;
        }
    }

    /// <summary>Follows the listening socket's inode from /proc/net/tcp to a process. Null when it belongs to another user.</summary>
    private static string? FindProcess(int port)
    {
        var ending = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var inodes = SocketTables.Where(File.Exists).SelectMany(File.ReadLines).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == "0A" && f[1].EndsWith(ending, StringComparison.Ordinal))
            .Select(f => $"socket:[{f[9]}]").ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                if (HasSocket(folder, inodes))
                    return $"{File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (pid {pid})";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's process, or one that has just ended.
            }
        }

        return null;
    }

    private static bool HasSocket(string process, HashSet<string> inodes) =>
        Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd =>
            File.ResolveLinkTarget(fd, false) is { } link && inodes.Contains(Path.GetFileName(link.FullName)));
}
