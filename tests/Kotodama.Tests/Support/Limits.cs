namespace Kotodama.Tests.Support;

/// <summary>How long a test waits for something that must happen: generous, because nothing but a failure ever uses it up.</summary>
internal static class Limits
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    /// <summary>Waits for a task, or fails naming what was waited for.</summary>
    public static async Task<T> InTime<T>(this Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Wait, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited {Wait.TotalSeconds} s for {what}.", e);
        }
    }

    /// <inheritdoc cref="InTime{T}"/>
    public static async Task InTime(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Wait, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited {Wait.TotalSeconds} s for {what}.", e);
        }
    }

    /// <summary>Looks again and again until a condition holds, for states that no event signals.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Wait)
                throw new TimeoutException($"Waited {Wait.TotalSeconds} s for {what}.");
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
