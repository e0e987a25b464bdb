using System.Text.Json.Serialization;

namespace Kotodama.Server.Access;

/// <summary>
/// What a token lets its holder do: viewer &lt; talker &lt; publisher &lt; voice and companion &lt; admin. Each may do what the ones before
/// it may, but a voice is no companion.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<AccessRole>))]
public enum AccessRole
{
    /// <summary>Sees and hears what is published.</summary>
    [JsonStringEnumMemberName("viewer")]
    Viewer,

    /// <summary>Also talks with the character, as a user in front of a page.</summary>
    [JsonStringEnumMemberName("talker")]
    Talker,

    /// <summary>Also publishes, as a backend.</summary>
    [JsonStringEnumMemberName("publisher")]
    Publisher,

    /// <summary>Also speaks the replies.</summary>
    [JsonStringEnumMemberName("voice")]
    Voice,

    /// <summary>Also answers the users, and so learns what they say.</summary>
    [JsonStringEnumMemberName("companion")]
    Companion,

    /// <summary>May do everything: conversations, models, settings, the state of the hub.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,
}
