[assembly: AssemblyFixture(typeof(Kotodama.Tests.Support.SecretFixture))]

namespace Kotodama.Tests.Support;

/// <summary>Made before the first test and disposed after the last one: the run fails when any line of it showed a secret.</summary>
public sealed class SecretFixture : IDisposable
{
    public void Dispose()
    {
        var found = SecretWatch.OfThisRun.Found;
        Assert.True(found.Count == 0, $"{found.Count} lines of this run show secrets:\n{string.Join('\n', found.Take(20))}");
    }
}
