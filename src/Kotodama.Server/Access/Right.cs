namespace Kotodama.Server.Access;

/// <summary>What a client may be allowed to do. <see cref="Rights"/> says who may, and what needs which.</summary>
[Flags]
internal enum Right
{
    /// <summary>Nothing that says or changes anything: the files of the page, and whether the hub lives.</summary>
    None = 0,

    /// <summary>Follow channels as a viewer, and load models.</summary>
    See = 1,

    /// <summary>Read what was said before, and the hub's numbers.</summary>
    Look = 2,

    /// <summary>Say something to the character, and hear what others say to it.</summary>
    Talk = 4,

    /// <summary>Publish to channels.</summary>
    Publish = 8,

    /// <summary>Be the voice of channels.</summary>
    Speak = 16,

    /// <summary>Be the companion of channels.</summary>
    Answer = 32,

    /// <summary>Everything else: conversations, characters, language models, engines, avatars, who is connected.</summary>
    Manage = 64,

    /// <summary>Everything.</summary>
    All = See | Look | Talk | Publish | Speak | Answer | Manage,
}
