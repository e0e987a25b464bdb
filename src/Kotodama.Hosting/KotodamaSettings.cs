using Kotodama.Companion;
using Kotodama.Companion.Characters;
using Kotodama.Voice;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kotodama.Hosting;

/// <summary>
/// Reads the settings of a voice and a companion, those of their engines included, for a program that is no app with a hub.
/// </summary>
public static class KotodamaSettings
{
    /// <summary>Reads the section <c>Kotodama:Voice</c>.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="engines">The engines that there are. Null: the built-in ones.</param>
    /// <exception cref="OptionsValidationException">A setting makes no sense; the message is one sentence that names it.</exception>
    public static VoiceOptions ReadVoice(IConfiguration configuration, SpeechEngines? engines = null)
    {
        engines ??= SpeechEngines.BuiltIn;
        var options = new VoiceOptions();
        Bind(configuration, options, engines);
        return engines.Validate(options) is { } problem ? throw Wrong<VoiceOptions>(problem) : options;
    }

    /// <summary>
    /// Reads the sections <c>Kotodama:Llm</c>, <c>Kotodama:Hearing</c> and <c>Kotodama:Conversation</c>, and the keys beside them.
    /// </summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="recognizers">The engines that there are. Null: the built-in ones.</param>
    /// <exception cref="OptionsValidationException">A setting makes no sense; the message is one sentence that names it.</exception>
    public static CompanionOptions ReadCompanion(IConfiguration configuration, RecognizerEngines? recognizers = null)
    {
        recognizers ??= RecognizerEngines.BuiltIn;
        var options = new CompanionOptions();
        Bind(configuration, options, recognizers);
        return options.Validate(recognizers) is { } problem ? throw Wrong<CompanionOptions>(problem) : options;
    }

    internal static void Bind(IConfiguration configuration, VoiceOptions options, SpeechEngines engines)
    {
        configuration.BindKotodama(VoiceOptions.Section, options);
        foreach (var kind in engines.Kinds)
            if (kind.SettingsOf(options) is { } settings)
                configuration.BindKotodama(kind.Section, settings);
    }

    internal static void Bind(IConfiguration configuration, CompanionOptions options, RecognizerEngines recognizers)
    {
        configuration.BindKotodama(CompanionOptions.Section, options);
        foreach (var kind in recognizers.Kinds)
            if (kind.SettingsOf(options.Hearing) is { } settings)
                configuration.BindKotodama(kind.Section, settings);
    }

    /// <summary>
    /// Sentences about the chosen character when it is not there, and about files of the folder that cannot be read; none when it is there.
    /// </summary>
    /// <param name="options">Settings that make sense.</param>
    public static IEnumerable<string> MissingCharacter(CompanionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Llm.IsOff)
            return [];
        var characters = new CharacterFolder(options.CharactersFolder).Read();
        if (characters.Find(options.Character) is not null)
            return [];
        var known = string.Join(", ", characters.Characters.Select(character => character.Id));
        var missing = $"There is no character {options.Character}; there are {known}. kotodama characters says more.";
        return [.. characters.Problems.Select(problem => problem.ToString()), missing];
    }

    private static OptionsValidationException Wrong<T>(string problem) => new(Options.DefaultName, typeof(T), [problem]);
}
