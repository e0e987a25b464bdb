using System.Diagnostics;

namespace Kotodama.Bench.Beside;

/// <summary>A server that is measured: the product, or something to compare it with.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Command">The program and its arguments, with PORT and DATA in the places of the port and of a folder.</param>
internal sealed record Rival(string Name, IReadOnlyList<string> Command)
{
    /// <summary>What the publisher says first; null: nothing.</summary>
    public string? Hello { get; init; }

    /// <summary>More of the program's environment.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    /// <summary>Where it is started, when that matters.</summary>
    public string? Folder { get; init; }

    /// <summary>The product as users have it, but for what keeps a load like this one out.</summary>
    /// <param name="name">What the tables call it.</param>
    /// <param name="folder">The published build.</param>
    public static Rival Kotodama(string name, string folder) => new(
        name,
        [
            Path.Combine(folder, "kotodama"), "--port", "PORT", "--page-port", "0", "--open", "never", "--data", "DATA",
            "--voice", "off", "--llm", "off",
        ])
    {
        Hello = """{"type":"hello","role":"publisher"}""",
        Settings =
        [
            ("Kotodama__Limits__PublishRate", "0"), ("Kotodama__Limits__FrameRate", "0"), ("Kotodama__Limits__Content", "32768"),
            ("Kotodama__MaxConnections", "20000"),
        ],
    };

    /// <summary>The references that this machine can run, and why it cannot run the others.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="deflate">Whether those that can compress do.</param>
    public static IEnumerable<(Rival? Rival, string? Missing)> References(string root, bool deflate)
    {
        var sources = Path.Combine(root, "bench", "references");
        var work = Directory.CreateDirectory(Path.Combine(root, "artifacts", "bench-references")).FullName;
        var epoll = Path.Combine(work, "epoll");
        yield return Succeeds("cc", "-O2", "-o", epoll, Path.Combine(sources, "epoll.c"))
            ? (new Rival("C epoll", [epoll, "PORT"]), null)
            : (null, "C epoll: there is no C compiler (cc)");
        var isThere = File.Exists(Path.Combine(work, "node_modules", "ws", "package.json"))
            || Succeeds("npm", "install", "--prefix", work, "--no-save", "--silent", "ws@8");
        string[] node = ["node", Path.Combine(sources, "ws.mjs"), "PORT", deflate ? "deflate" : "plain"];
        yield return isThere ? (new Rival("Node ws", node) { Folder = work }, null) : (null, "Node ws: npm does not install it");
        yield return Succeeds("/usr/bin/python3", "-c", "import websockets")
            ? (new Rival("Python, founding manner", ["/usr/bin/python3", Path.Combine(sources, "founding.py"), "PORT"]), null)
            : (null, "Python, founding manner: there is no python3 with the package websockets");
        yield return (new Rival("Kestrel, SendAsync for each", [Environment.ProcessPath!, "reference", "PORT"]), null);
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
