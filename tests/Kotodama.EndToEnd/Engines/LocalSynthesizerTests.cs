using Kotodama.Voice.Engines.Browser;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Synthesis;

namespace Kotodama.EndToEnd.Engines;

public sealed class EspeakContractTests : SpeechSynthesizerSuite
{
    public EspeakContractTests() => Assert.SkipUnless(EspeakLibrary.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "The library of espeak-ng is not installed.");

    protected override Task<SpeechRig> StartAsync() => Task.FromResult(new SpeechRig(new EspeakSynthesizer(new EspeakOptions(), TimeProvider.System)));
}

public sealed class CommandLineContractTests : SpeechSynthesizerSuite
{
    public CommandLineContractTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is written for sh.");

    protected override Task<SpeechRig> StartAsync() => Task.FromResult(new SpeechRig(new CommandLineSynthesizer(
        new CommandLineOptions { Program = "/bin/sh", Arguments = ["-c", "cat; printf 'some more sound'"], RawRate = 16_000 }, TimeProvider.System)));
}

public sealed class BrowserContractTests : SpeechSynthesizerSuite
{
    protected override Task<SpeechRig> StartAsync() => Task.FromResult(new SpeechRig(new BrowserSynthesizer()));
}

public sealed class SilentContractTests : SpeechSynthesizerSuite
{
    protected override Task<SpeechRig> StartAsync() => Task.FromResult(new SpeechRig(new SilentSynthesizer()));
}
