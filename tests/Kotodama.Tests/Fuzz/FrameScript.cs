using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Fuzz;

/// <summary>Makes what a client might send after the handshake: frames that are right, nearly right and wrong.</summary>
internal sealed class FrameScript(Random random)
{
    private readonly Mutator _mutator = new(random);
    private readonly RandomMessages _messages = new(random);

    /// <param name="frames">The most frames.</param>
    public byte[] Next(int frames)
    {
        var bytes = new List<byte>();
        for (var i = random.Next(frames + 1); i > 0; i--)
            bytes.AddRange(Frame());
        var script = bytes.ToArray();
        for (var i = random.Next(8) - 5; i > 0; i--)
            script = _mutator.ChangeBytes(script);
        return script;
    }

    private byte[] Frame()
    {
        switch (random.Next(24))
        {
            case < 9:
                return Wire.Frame(Opcode.Text, Message());
            case < 13:
                return Fragments(Message());
            case 13:
                return Wire.Frame(Opcode.Binary, new byte[random.Next(300)]);
            case 14:
                return Wire.Frame(Opcode.Ping, Noise(125));
            case 15:
                return Wire.Frame(Opcode.Pong, Noise(125));
            case 16:
                return Wire.Close(random.Next(3) == 0 ? random.Next(65_536) : 1000, Noise(20));
            case 17:
                return Wire.Frame(Opcode.Text, Noise(40));
            case 18:
                return Wire.Frame(Opcode.Text, new byte[65_536 + random.Next(10)]);
            case 19:
                return Wire.Frame((byte)random.Next(256), Noise(200));
            case 20:
                return Wire.Frame((byte)(0x80 | random.Next(16)), Noise(130), lengthBytes: random.Next(3) switch { 0 => 2, 1 => 8, _ => null });
            case 21:
                return Wire.Frame(0x81, Message(), mask: random.Next(2) == 0 ? [] : [0, 255, 0, 255]);
            case 22:
                return [0x81, 0xFF, .. Noise(12)];
            default:
                return Noise(30);
        }
    }

    private byte[] Message() => random.Next(3) switch
    {
        0 => MessageCodec.Write(_messages.Next()),
        1 => _mutator.Next(),
        _ => Encoding.UTF8.GetBytes(Usual()),
    };

    /// <summary>What clients really say, so that a script often gets further than its first message.</summary>
    private string Usual() => random.Next(10) switch
    {
        0 => """{"type":"hello","role":"viewer","channels":["default","left"],"caps":["display"],"resume":{"default":{"epoch":"e","seq":3}}}""",
        1 => """{"type":"hello","role":"viewer","viewer":"twin","caps":["display"]}""",
        2 => """{"type":"hello","role":"publisher","channels":["left"]}""",
        3 => $$"""{"type":"llm_response","content":"{{Mutator.Secret}}","receipt":"displayed"}""",
        4 => $$"""{"type":"llm_response","id":"r{{random.Next(3)}}","content":"{{Mutator.Secret}}","ttl":{{random.Next(3) * 1000}}}""",
        5 => $$"""{"type":"llm_delta","id":"r{{random.Next(3)}}","part":{{random.Next(3)}},"content":"{{Mutator.Secret}}"}""",
        6 => """{"type":"ack","channel":"default","epoch":"e","received":5,"displayed":[1,2,3],"spoken":[1],"heard":[{"seq":1,"ms":2.5,"chars":3}],"failed":[{"seq":2}]}""",
        7 => $$"""{"type":"resume","channel":"default","epoch":"e","seq":{{random.Next(5)}}}""",
        8 => """{"type":"stop"}""",
        _ => $$"""{"type":"status","channel":"c{{random.Next(4)}}","content":"{{Mutator.Secret}}"}""",
    };

    private byte[] Fragments(byte[] message)
    {
        var cut = random.Next(message.Length + 1);
        byte[] between = random.Next(2) == 0 ? Wire.Frame(Opcode.Ping, Noise(3)) : [];
        return [.. Wire.Frame(Opcode.Text, message[..cut], final: false), .. between, .. Wire.Frame(Opcode.Continuation, message[cut..], final: random.Next(10) > 0)];
    }

    private byte[] Noise(int most)
    {
        var bytes = new byte[random.Next(most + 1)];
        random.NextBytes(bytes);
        return bytes;
    }
}
