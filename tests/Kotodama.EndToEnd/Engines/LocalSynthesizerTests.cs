using Kotodama.Voice.Engines.Browser;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Synthesis;

namespace Kotodama.EndToEnd.Engines;

public sealed class EspeakContractTests : SpeechSynthesizerSuite
{
    public EspeakContractTests() => Assert.SkipUnless(EspeakLibrary.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "The library of espeak-ng is not installed.");

    private protected override Task<Rig> StartAsync() => Task.FromResult(new Rig(new EspeakSynthesizer(new EspeakOptions(), TimeProvider.System)));
}

public sealed class CommandLineContractTests : SpeechSynthesizerSuite
{
    public CommandLineContractTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is written for sh.");

    private protected override Task<Rig> StartAsync() => Task.FromResult(new Rig(new CommandLineSynthesizer(
        new CommandLineOptions { Program = "/bin/sh", Arguments = ["-c", "cat; printf 'some more sound'"], RawRate = 16_000 }, TimeProvider.System)));
}

public sealed class BrowserContractTests : SpeechSynthesizerSuite
{
    private protected override Task<Rig> StartAsync() => Task.FromResult(new Rig(new BrowserSynthesizer()));
}

public sealed class SilentContractTests : SpeechSynthesizerSuite
{
    private protected override Task<Rig> StartAsync() => Task.FromResult(new Rig(new SilentSynthesizer()));
}
