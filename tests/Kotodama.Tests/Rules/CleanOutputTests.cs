using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Kotodama.Client;
using Kotodama.Companion.Channels;
using Kotodama.Hosting;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Voice.Speaking;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Rules;

/// <summary>
/// What others wrote is cleaned before a log or a terminal shows it: a name with an escape sequence or a line of its own must not look like
/// what the hub says itself.
/// </summary>
public sealed partial class CleanOutputTests
{
    /// <summary>Types that hold no text of others. Exceptions are bugs; <c>CleanFormatter</c> cleans what the program writes of them.</summary>
    private static readonly Type[] Harmless =
        [typeof(ILogger), typeof(PlainText), typeof(Exception), typeof(IPAddress), typeof(DateTimeOffset), typeof(TimeSpan), typeof(decimal)];

    private static readonly Type[] Anchors =
        [typeof(Message), typeof(KotodamaClient), typeof(KotodamaServerOptions), typeof(Speaker), typeof(CompanionPeer), typeof(CompanionHost), typeof(Kotodama.Cli.Terminal)];

    [Fact]
    public void A_log_message_takes_texts_as_PlainText_alone()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var methods = Anchors.Select(a => a.Assembly).Distinct().SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods(All))
            .Where(m => m.GetCustomAttribute<LoggerMessageAttribute>() is not null).ToArray();
        Assert.Equal(Sources().Sum(s => LogMessage().Count(s.Text)), methods.Length);
        var bare = from method in methods
                   from parameter in method.GetParameters()
                   let type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType
                   where !type.IsPrimitive && !type.IsEnum && !Harmless.Contains(type)
                   select $"{method.DeclaringType!.Name}.{method.Name} takes {parameter.Name} as {type.Name}; take it as PlainText";
        Assert.Empty(bare);
    }

    [Fact]
    public void Nothing_logs_but_by_a_message_with_a_number() =>
        Assert.DoesNotContain(Sources(), s => OwnLog().IsMatch(s.Text));

    [Fact]
    public void Nothing_but_Terminal_writes_to_the_console_or_paints() =>
        Assert.Equal(["Terminal.cs"], Sources().Where(s => Writes().IsMatch(s.Text)).Select(s => Path.GetFileName(s.File)));

    /// <summary>All files of the product without their comments.</summary>
    private static IEnumerable<(string File, string Text)> Sources() =>
        Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories).Select(f => (f, Comment().Replace(File.ReadAllText(f), "")));

    [GeneratedRegex(@"\[LoggerMessage\(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogMessage();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnLog();

    [GeneratedRegex(@"\bConsole\s*\.\s*(Out|Error|Write|WriteLine|OpenStandardOutput|OpenStandardError|SetOut|SetError)\b|\\e\[|\\u001b|\\x1b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Writes();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
