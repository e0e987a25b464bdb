namespace Kotodama.Companion.Chat;

/// <summary>
/// Settings of the language model that answers. Without any of them a server on this machine is looked for; configuration section
/// <c>Kotodama:Llm</c>.
/// </summary>
public sealed class LlmOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama:Llm";

    /// <summary>The value of <see cref="Server"/> that looks for a server on this machine.</summary>
    public const string Auto = "auto";

    /// <summary>The value of <see cref="Server"/> that answers nothing.</summary>
    public const string Off = "off";

    /// <summary>The value of <see cref="Server"/> that answers with the built-in demo.</summary>
    public const string Demo = "demo";

    /// <summary>
    /// Who answers: <c>auto</c>, a server found on this machine or else the demo; <c>off</c>; <c>demo</c>; or the address of a server that
    /// speaks as OpenAI's does, for example <c>http://127.0.0.1:11434/v1</c>. An address without a path means <c>/v1</c>.
    /// </summary>
    public string Server { get; set; } = Auto;

    /// <summary>The model by the server's name for it. Null: the first one of the server that is made for talking.</summary>
    public string? Model { get; set; }

    /// <summary>The key for <see cref="Server"/>. Better in the environment, as <c>KOTODAMA_LLM_KEY</c>, than in a file.</summary>
    public string? Key { get; set; }

    /// <summary>How freely the model chooses its words, 0 to 2. Null: as the server likes.</summary>
    public float? Temperature { get; set; }

    /// <summary>How many tokens the model can hold: system prompt, history and answer.</summary>
    public int ContextTokens { get; set; } = 8192;

    /// <summary>How many rounds of the conversation the model is told, 1 to 1000. A round is what the person said and the answer.</summary>
    public int Rounds { get; set; } = 10;

    /// <summary>Whether a model that can reason before it answers does so. It takes seconds in which nothing is heard.</summary>
    public bool Think { get; set; }

    /// <summary>How long the connection may take.</summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the model may take to give its first word. Reasoning counts as words.</summary>
    public TimeSpan FirstToken { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the model may pause between two words.</summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Servers that are asked, in this order, when the chosen one fails before it has said anything.</summary>
    public IList<LlmFallback> Fallbacks { get; } = [];

    /// <summary>Whether questions are not answered.</summary>
    public bool IsOff => Is(Off);

    /// <summary>Whether a server is looked for.</summary>
    public bool IsAuto => Is(Auto);

    /// <summary>The address of <see cref="Server"/>; null when it is a word.</summary>
    internal Uri? Address => IsAuto || IsOff || Is(Demo) ? null : LlmAddress.Parse(Server);

    /// <summary>One sentence about the first setting that makes no sense; null when all do.</summary>
    public string? Validate()
    {
        if (!IsAuto && !IsOff && !Is(Demo) && LlmAddress.Parse(Server) is null)
            return Bad(nameof(Server), "auto, off, demo or " + LlmAddress.Rule);
        if (Model is not null && string.IsNullOrWhiteSpace(Model))
            return Bad(nameof(Model), "a name");
        if (!LlmKeys.IsUsable(Key))
            return Bad(nameof(Key), LlmKeys.Rule);
        if (Temperature is not (null or (>= 0 and <= 2)))
            return Bad(nameof(Temperature), "0 to 2", Temperature);
        if (ContextTokens is < 512 or > 10_000_000)
            return Bad(nameof(ContextTokens), "512 to 10000000", ContextTokens);
        if (Rounds is < 1 or > 1000)
            return Bad(nameof(Rounds), "1 to 1000", Rounds);
        foreach (var (name, value) in new[] { (nameof(Connect), Connect), (nameof(FirstToken), FirstToken), (nameof(Stall), Stall) })
            if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(10))
                return Bad(name, "above zero and at most ten minutes", value);
        for (var i = 0; i < Fallbacks.Count; i++)
        {
            if (LlmAddress.Parse(Fallbacks[i].Server) is null)
                return Bad($"{nameof(Fallbacks)}:{i}:{nameof(LlmFallback.Server)}", LlmAddress.Rule);
            if (string.IsNullOrWhiteSpace(Fallbacks[i].Model))
                return Bad($"{nameof(Fallbacks)}:{i}:{nameof(LlmFallback.Model)}", "a name");
            if (!LlmKeys.IsUsable(Fallbacks[i].Key))
                return Bad($"{nameof(Fallbacks)}:{i}:{nameof(LlmFallback.Key)}", LlmKeys.Rule);
        }

        return null;
    }

    // A wrong address or key is not repeated: it may hold a password.
    private static string Bad(string setting, string range, object? got = null) =>
        $"The setting {Section}:{setting} must be {range}{(got is null ? "" : $", got {got}")}.";

    private bool Is(string word) => word.Equals(Server, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A server that is asked when the chosen one fails; an element of <c>Kotodama:Llm:Fallbacks</c>.</summary>
public sealed class LlmFallback
{
    /// <summary>Its address, for example <c>https://api.openai.com/v1</c>.</summary>
    public string Server { get; set; } = "";

    /// <summary>The model by the server's name for it.</summary>
    public string Model { get; set; } = "";

    /// <summary>Its key. Null: <c>OPENAI_API_KEY</c> if the server is OpenAI's, else none.</summary>
    public string? Key { get; set; }
}
