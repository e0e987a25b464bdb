using System.Runtime.InteropServices;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>What a page sent of one utterance: the events, each with the sound that was sent before it, and the sound.</summary>
internal sealed record Utterance(long Number, IReadOnlyList<(VadEvent Event, int Samples)> Events, short[] Samples)
{
    /// <summary>Samples a second.</summary>
    public const int Rate = 16_000;

    public string Course => string.Join(' ', Events.Select(e => e.Event.ToString().ToLowerInvariant()));

    public double Milliseconds => Ms(Samples.Length);

    /// <summary>When the first sound was that is louder than noise, in milliseconds of the utterance.</summary>
    public double Onset => Ms(Array.FindIndex(Samples, IsLoud));

    /// <summary>When the last one was.</summary>
    public double Offset => Ms(Array.FindLastIndex(Samples, IsLoud));

    /// <summary>How much of the utterance had been sent when something happened, in milliseconds.</summary>
    public double At(VadEvent what) => Ms(Events.Single(e => e.Event == what).Samples);

    /// <summary>All that was sent, and proof that nothing of it is missing or out of order.</summary>
    public static IReadOnlyList<Utterance> Of(FakeHub hub)
    {
        var all = new List<Utterance>();
        var (events, sound, number, open) = (new List<(VadEvent, int)>(), new List<short>(), 0L, false);
        foreach (var message in hub.Said)
            switch (message)
            {
                case VadMessage vad:
                    Assert.Equal("default", vad.Channel);
                    if (vad.Event == VadEvent.Start)
                        (events, sound, number, open) = ([], [], vad.Utterance, true);
                    Assert.True(open && vad.Utterance == number);
                    events.Add((vad.Event, sound.Count));
                    if (vad.Event is VadEvent.End or VadEvent.Misfire)
                    {
                        all.Add(new Utterance(number, events, [.. sound]));
                        open = false;
                    }

                    break;
                case AudioMessage audio:
                    Assert.True(open);
                    Assert.Equal((AudioKind.Microphone, (uint)number, (ushort)0, (uint)sound.Count), (audio.Kind, audio.Stream, audio.Clause, audio.Offset));
                    Assert.Equal(512, audio.Data.Length / 2);
                    Assert.Equal((uint)(sound.Count / 512), audio.Number);
                    sound.AddRange(MemoryMarshal.Cast<byte, short>(audio.Data.Span));
                    break;
            }

        return all;
    }

    private static bool IsLoud(short sample) => Math.Abs((int)sample) > 600;

    private static double Ms(int samples) => samples * 1_000.0 / Rate;
}
