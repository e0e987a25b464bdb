using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Kotodama.Voice.Telemetry;

namespace Kotodama.Tests.Support;

/// <summary>Hears what the voice measures from here on in this test, and in no other that runs beside it.</summary>
internal sealed class TelemetryListener : IDisposable
{
    private static readonly AsyncLocal<TelemetryListener?> Here = new();

    private readonly MeterListener _meter = new();
    private readonly ActivityListener _activities;

    public TelemetryListener()
    {
        Here.Value = this;
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == VoiceTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<double>((instrument, value, _, _) => Note($"{instrument.Name} {value.ToString(CultureInfo.InvariantCulture)} {instrument.Unit}"));
        _meter.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}"));
        _meter.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == VoiceTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Here.Value == this ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (Here.Value == this)
                    Activities.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>Values with their units, and counts with their tags, without the common beginning of their names.</summary>
    public ConcurrentQueue<string> Measured { get; } = [];

    /// <summary>What has ended, in that order.</summary>
    public ConcurrentQueue<Activity> Activities { get; } = [];

    public void Dispose()
    {
        _meter.Dispose();
        _activities.Dispose();
    }

    private void Note(string what)
    {
        if (Here.Value == this)
            Measured.Enqueue(what["kotodama.".Length..]);
    }
}
