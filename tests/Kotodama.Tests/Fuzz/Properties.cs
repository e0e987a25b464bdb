using FsCheck;
using FsCheck.Fluent;

namespace Kotodama.Tests.Fuzz;

/// <summary>
/// How properties are checked: on the same inputs in every run, so that a run says something about the change alone. KOTODAMA_SEED checks them
/// on others, KOTODAMA_INPUTS on more.
/// </summary>
internal static class Properties
{
    public static Config Of(int inputs) =>
        Config.QuickThrowOnFailure.WithMaxTest(Volume.Of("KOTODAMA_INPUTS", inputs)).WithReplay((ulong)Volume.Of("KOTODAMA_SEED", 1), 1);
}
