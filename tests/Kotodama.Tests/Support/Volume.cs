using System.Globalization;

namespace Kotodama.Tests.Support;

/// <summary>How much the tests of faults and of properties do: little by default, more where an environment variable says so.</summary>
internal static class Volume
{
    public static int Of(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
