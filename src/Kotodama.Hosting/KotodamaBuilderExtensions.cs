using Kotodama.Companion;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Hearing;
using Kotodama.Hosting;
using Kotodama.Server;
using Kotodama.Voice;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a voice, a companion and engines to an app with a Kotodama hub.</summary>
public static class KotodamaBuilderExtensions
{
    /// <summary>
    /// Lets the hub speak: replies become speech, with the engines of the section <c>Kotodama:Voice</c>. Without any setting espeak-ng
    /// speaks where it is installed, then the browser. A setting that makes no sense stops the app's start with one sentence. Calling it
    /// twice is harmless.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <param name="configure">Changes the settings. Null: configuration and defaults.</param>
    public static KotodamaBuilder AddVoice(this KotodamaBuilder builder, Action<VoiceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.All(service => service.ServiceType != typeof(SpeechEngines)))
        {
            services.AddOptions<VoiceOptions>()
                .Configure<IConfiguration, SpeechEngines>((options, configuration, engines) =>
                    KotodamaSettings.Bind(configuration, options, engines))
                .ValidateOnStart();
        }

        if (configure is not null)
            services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VoiceOptions>, VoiceOptionsValidator>());
        services.TryAddSingleton(provider => SpeechEngines.BuiltIn.With(provider.GetServices<SpeechEngineKind>()));
        services.TryAddSingleton(provider => provider.GetRequiredService<SpeechEngines>().Create(
            provider.GetRequiredService<IOptions<VoiceOptions>>().Value,
            Environment.GetEnvironmentVariable,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Speaker>>()));
        services.TryAddSingleton(provider => new SpeakingEngines(
            provider.GetRequiredService<IOptions<VoiceOptions>>().Value,
            provider.GetRequiredService<SpeechChain>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, VoiceService>());
        return builder;
    }

    /// <summary>
    /// Lets the hub answer the user: speech is recognized, a language model is asked, conversations are kept. Without any setting a
    /// language model on this machine is looked for, and else the built-in demo answers. A setting that makes no sense stops the app's
    /// start with one sentence. Calling it twice is harmless.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <param name="configure">Changes the settings. Null: configuration and defaults.</param>
    public static KotodamaBuilder AddCompanion(this KotodamaBuilder builder, Action<CompanionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.All(service => service.ServiceType != typeof(RecognizerEngines)))
        {
            services.AddOptions<CompanionOptions>()
                .Configure<IConfiguration, RecognizerEngines>((options, configuration, engines) =>
                    KotodamaSettings.Bind(configuration, options, engines))
                .PostConfigure<IOptions<KotodamaServerOptions>>((options, hub) =>
                {
                    options.DataFolder ??= hub.Value.DataFolder;
                    options.CharactersFolder ??= options.DataFolder is { } folder ? Path.Combine(folder, "characters") : null;
                })
                .ValidateOnStart();
        }

        if (configure is not null)
            services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CompanionOptions>, CompanionOptionsValidator>());
        services.TryAddSingleton(provider => RecognizerEngines.BuiltIn.With(provider.GetServices<RecognizerKind>()));
        services.TryAddSingleton(provider => new CompanionHost(
            provider.GetRequiredService<IOptions<CompanionOptions>>().Value,
            provider.GetRequiredService<RecognizerEngines>(),
            provider.GetService<SpeakingEngines>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CompanionPeer>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CompanionService>());
        return builder;
    }

    /// <summary>
    /// Adds an engine that speaks. It may be named in <c>Kotodama:Voice:Engines</c>, and is asked first where that names none and the
    /// engine is one of the default ones.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <param name="kind">What is known of the engine.</param>
    public static KotodamaBuilder AddSpeechEngine(this KotodamaBuilder builder, SpeechEngineKind kind)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(kind);
        return builder;
    }

    /// <summary>
    /// Adds an engine that speaks, whose description gets services of the app in its constructor. See
    /// <see cref="AddSpeechEngine(KotodamaBuilder, SpeechEngineKind)"/>.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <typeparam name="TKind">What is known of the engine.</typeparam>
    public static KotodamaBuilder AddSpeechEngine<TKind>(this KotodamaBuilder builder)
        where TKind : SpeechEngineKind
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<SpeechEngineKind, TKind>();
        return builder;
    }

    /// <summary>
    /// Adds an engine that recognizes speech. It may be named in <c>Kotodama:Hearing:Engines</c>, and is asked first where that names none
    /// and the engine is one of the default ones.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <param name="kind">What is known of the engine.</param>
    public static KotodamaBuilder AddRecognizer(this KotodamaBuilder builder, RecognizerKind kind)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(kind);
        return builder;
    }

    /// <summary>
    /// Adds an engine that recognizes speech, whose description gets services of the app in its constructor. See
    /// <see cref="AddRecognizer(KotodamaBuilder, RecognizerKind)"/>.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <typeparam name="TKind">What is known of the engine.</typeparam>
    public static KotodamaBuilder AddRecognizer<TKind>(this KotodamaBuilder builder)
        where TKind : RecognizerKind
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<RecognizerKind, TKind>();
        return builder;
    }
}
