using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Conformance;

/// <summary>A hub's log while its disk works.</summary>
public sealed class FallbackMessageLogTests : FallbackSuite
{
    internal override IMessageLog Open(LogBounds bounds) => Over(new ModelStore(bounds), bounds);
}

/// <summary>A hub's log while its disk cannot be written.</summary>
public sealed class DegradedMessageLogTests : FallbackSuite
{
    internal override IMessageLog Open(LogBounds bounds) => Over(new FailingStore(new ModelStore(bounds)) { Writes = FailingStore.Full }, bounds);
}

/// <summary>A hub's log while its disk can be neither written nor read.</summary>
public sealed class BlindMessageLogTests : FallbackSuite
{
    internal override IMessageLog Open(LogBounds bounds) =>
        Over(new FailingStore(new ModelStore(bounds)) { Writes = FailingStore.Broken, Reads = FailingStore.Broken }, bounds);
}

/// <summary>The store of the simulation is one, too.</summary>
public sealed class ModelStoreTests : MessageLogSuite
{
    internal override IMessageLog Open(LogBounds bounds) => new ModelStore(bounds);
}

public abstract class FallbackSuite : MessageLogSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-log-").FullName;

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal FallbackMessageLog Over(IMessageStore store, LogBounds bounds) =>
        new(store, new DiskReserve(Path.Combine(_folder, "reserve"), 1 << 16), bounds, NullLogger.Instance);
}
