using System.Buffers.Binary;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>
/// The sound of a request as a file, which is what the voice takes: bare samples get the header of a WAV file, and what is no sound at all
/// is refused while the publisher can be told so.
/// </summary>
internal static class SoundBody
{
    private const int HeadLength = 44, FormatLength = 16;
    private const short Integer = 1, Floating = 3, ALaw = 6, MuLaw = 7;

    /// <summary>Makes a file of the body. An error says why there is none.</summary>
    public static ErrorMessage? Read(HttpRequest request, ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> file)
    {
        file = body;
        var signature = SoundSignature.Of(body.Span[..Math.Min(body.Length, SoundSignature.TextLength)]);
        if (signature.Kind is SoundKind.Text or SoundKind.Other)
        {
            return Error(
                ErrorCode.UnsupportedMediaType,
                $"the body is {signature.Name}, not sound",
                "Send the sound file itself as the body, for example curl --data-binary @hello.wav.");
        }

        if (signature.Kind != SoundKind.Unknown)
            return null;
        var samples = SampleFormat.Read(request.ContentType, request.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString())));
        if (samples.Rate is { } rate)
        {
            file = Wav(samples, rate, body.Span);
            return null;
        }

        return samples.IsNamed
            ? Error(
                ErrorCode.UnsupportedMediaType,
                "the body is declared as samples without their rate, 8000 to 48000",
                "Name it in the header, for example Content-Type: audio/pcm;rate=16000, or send a WAV file.")
            : null;
    }

    private static byte[] Wav(SampleFormat samples, int rate, ReadOnlySpan<byte> body)
    {
        var file = new byte[HeadLength + (body.Length / samples.FrameBytes * samples.FrameBytes)];
        var head = file.AsSpan(0, HeadLength);
        var sound = file.AsSpan(HeadLength);
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(head[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], FormatLength);
        BinaryPrimitives.WriteInt16LittleEndian(head[20..], samples.Kind switch
        {
            SampleKind.FloatingPoint => Floating,
            SampleKind.ALaw => ALaw,
            SampleKind.MuLaw => MuLaw,
            _ => Integer,
        });
        BinaryPrimitives.WriteInt16LittleEndian(head[22..], (short)samples.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(head[28..], rate * samples.FrameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(head[32..], (short)samples.FrameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(head[34..], (short)samples.Bits);
        "data"u8.CopyTo(head[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(head[40..], sound.Length);
        body[..sound.Length].CopyTo(sound);
        var width = samples.Bits / 8;
        if (samples.IsBigEndian ?? samples.LooksBigEndian(sound))
        {
            for (var at = 0; at < sound.Length; at += width)
                sound.Slice(at, width).Reverse();
        }

        // In WAV files 8 bits have no sign.
        if (samples is { Kind: SampleKind.Whole, Bits: 8 })
        {
            foreach (ref var value in sound)
                value ^= 0x80;
        }

        return file;
    }
}
