namespace Kotodama.Tests.Server.Access;

/// <summary>Ways that lead out of a folder, as attackers write them in addresses and in the names of files.</summary>
internal static class Traversals
{
    /// <summary>A step up in an address: plain, escaped once, twice and wrongly, with other slashes, with what some programs strip.</summary>
    public static readonly string[] Steps =
    [
        "../", "..\\", "..//", "..%2f", "..%2F", "..%5c", "..%5C", "%2e%2e/", "%2E%2E/", "%2e%2e%2f", "%2e%2e%5c", "%2e./", ".%2e/", ".%2e%2f", "..%252f", "..%255c", "%252e%252e/", "%252e%252e%252f",
        "%25%32%65%25%32%65%25%32%66", "..%25%32%66", "..%c0%af", "..%c1%9c", "%c0%ae%c0%ae/", "%c0%2e%c0%2e/", "%e0%80%ae%e0%80%ae%e0%80%af", "%f0%80%80%ae%f0%80%80%ae/", "..%ef%bc%8f", "..%ef%bc%bc",
        "%ef%bc%8e%ef%bc%8e/", "..%e2%88%95", "..%e2%81%84", "%u002e%u002e%u002f", "..%u2215", "....//", "....\\\\", "....%2f%2f", "...//", "..;/", "..;%2f", "..%3b/", "..%00/", "..%00%2f", "%00../", ".%00./", "..%0d%0a/",
        "..%20/", "..%09/", "..%7f/", "..%e2%80%8b/", "%e2%80%ae../", "./../", ".//..//", "a/../../", "a%2f..%2f..%2f", "..%2f.%2f", "..%2e/", "~/../", "..?/", "..#/", "..&/", "..%26/", "..%23/", "..%3f/", "..*/", "..%2a/", "..+/",
    ];

    /// <summary>What is looked for above, as seen from a model's folder and from the data folder.</summary>
    public static readonly string[] Goals = ["secret.json", "secret.png", "messages.db", "hub.lock", "outside/secret.png", "etc/passwd", "proc/self/environ"];

    /// <summary>Whole ways that need no step up.</summary>
    public static readonly string[] Absolute =
    [
        "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "%2f%2fetc/passwd", "file:///etc/passwd", "file:%2f%2f%2fetc%2fpasswd", "C:/Windows/win.ini", "C:%5cWindows%5cwin.ini", "c:\\Windows\\win.ini", "%5c%5chost%5cshare%5cx.png",
        "\\\\host\\share\\x.png", "%5c%5c%3f%5cC:%5cx.png", "%5c%5c.%5cPhysicalDrive0", "/proc/self/environ", "/proc/self/cmdline", "/proc/self/fd/0", "/dev/zero", "/dev/stdin", "NUL", "CON", "COM1", "aux.png", "a.moc3::$DATA", "a.moc3%3a%3a%24DATA",
        "a.moc3%00.png", "a.moc3%00", "a.moc3%0a", "a.moc3.", "a.moc3%20", "a.moc3/", "a.moc3/.", "a.moc3/..", "A.MOC3", ".", "..", "...", "%2e", "%2e%2e", "%2e%2e%2e", "~", "~root/.ssh/id_rsa", "$HOME/secret.png", "%24%7bHOME%7d/secret.png", "*", "%3f",
        ".git/config", ".env", ".htaccess", "web.config", "appsettings.json", "wwwroot/../appsettings.json", "bin/Kotodama.dll", "Kotodama.Server.dll", "link.png", "linked/secret.png", "[id].png", "%", "%2", "%zz", "%ff", "%c3%28", "%ed%a0%80",
    ];

    /// <summary>A step up in the name of a file within a zip file or a form.</summary>
    private static readonly string[] NameSteps =
    [
        "../", "..\\", "..//", "./../", ".\\..\\", "a/../../", "a\\..\\..\\", "a/b/../../../", "a/./../../", "a/..//../", "/../", "\\..\\", "//", "/", "\\", "\\\\host\\share\\", "\\\\?\\C:\\", "\\\\.\\", "C:/", "C:\\", "C:", "c:../", "file:///", "~/", "~/../",
        ".../", "..../", "....//", "...\\", ".. /", "..\t/", ". ./", "..\u00a0/", "..\u200b/", "\u200b../", "\u202e../", "\uff0e\uff0e/", "..\uff0f", "..\uff3c", "..\u2215", "..\u2044", "..\u29f8", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", "..%252f", "%c0%ae%c0%ae/",
        "..\0/", "\0../", "..\n/", "..\r\n/", "..\u0001/", "..;/", "..:/", "..::$DATA/", "NUL/", "CON/", "aux/../../", "$HOME/", "${HOME}/", "%HOME%/", "`id`/", "$(id)/", "|id/", ";id/", "&id/", "--/", "-rf/", "models/../../", "_core/../../", ".adding-x/", "__MACOSX/../",
    ];

    private static readonly string[] NameGoals = ["secret.json", "secret.png", "outside/secret.png", "messages.db", "x.moc3", "x.model3.json", "etc/passwd", "x"];

    /// <summary>Names of files that lead out of a folder, or would on some system.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. from step in NameSteps from goal in NameGoals select step + goal,
        .. from step in NameSteps from depth in new[] { 3, 9 } select string.Concat(Enumerable.Repeat(step, depth)) + "secret.png",
        .. NameSteps,
    ];

    /// <summary>Ways out for an address: each step some times over, to each of the goals.</summary>
    public static IReadOnlyList<string> Ways { get; } =
    [
        .. from step in Steps
           from depth in new[] { 1, 2, 3, 9 }
           select string.Concat(Enumerable.Repeat(step, depth)) + Goals[(Array.IndexOf(Steps, step) + depth) % Goals.Length],
        .. from step in Steps from goal in Goals.Take(2) select step + step + goal,
        .. Absolute,
    ];
}
