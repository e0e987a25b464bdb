using System.Text;

namespace Kotodama.Protocol;

/// <summary>
/// Where a program makes the character speak and move: the hub in this process (from dependency injection) or, as
/// <c>KotodamaClient</c>, a hub elsewhere. All members may be called from any thread; messages of one caller arrive in the order of the
/// calls it awaited.
/// </summary>
public abstract class Stage
{
    /// <summary>
    /// The hub and the pages give a reply up whose next piece does not come. They are told so often that it still does that one of two such
    /// messages may be late.
    /// </summary>
    private static readonly TimeSpan KeepAliveAfter = TimeSpan.FromSeconds(4);

    /// <summary>A source that is silent for so long is taken for dead: a reply that waits for it keeps others from being spoken.</summary>
    private static readonly TimeSpan SilentAtMost = TimeSpan.FromMinutes(2);

    /// <summary>What no caller waits for is sent within this, or not at all.</summary>
    private static readonly TimeSpan TryWithin = TimeSpan.FromSeconds(1);

    /// <summary>The clock of its waits. The system's, unless a class says otherwise.</summary>
    protected virtual TimeProvider Time => TimeProvider.System;

    /// <summary>
    /// Sends one message to every page of its channel, and waits until it has come as far as <see cref="Publication.Receipt"/> says
    /// (null: until the hub has it).
    /// </summary>
    /// <param name="message">The message. With an id of its own it may be sent again and is shown once.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <returns>
    /// The first receipt, with the status and counts of the last one when more than storing was waited for:
    /// <see cref="ReceiptStatus.Done"/>, or <see cref="ReceiptStatus.Expired"/>, <see cref="ReceiptStatus.Dropped"/> and, with
    /// <see cref="ReceiptLevel.Spoken"/>,
    /// <see cref="ReceiptStatus.Stopped"/> when it never came that far.
    /// </returns>
    /// <exception cref="KotodamaException">The hub refused the message, or cannot be reached.</exception>
    public abstract Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken = default);

    /// <summary>Shows a reply in the bubble and lets the character say it.</summary>
    /// <param name="content">The text.</param>
    /// <param name="duration">The least time the bubble stays. Null: eight seconds.</param>
    /// <param name="emotion">An emotion to show with it, for example <c>joy</c>.</param>
    /// <param name="motion">A motion to play with it, for example <c>wave</c>.</param>
    /// <param name="channel">The channel. Null: the default one.</param>
    /// <param name="until">How far the message has to come before the call returns. Null: until the hub has it.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="PublishAsync" path="/returns|/exception"/>
    public Task<ReceiptMessage> SendLlmResponseAsync(
        string content, TimeSpan? duration = null, string? emotion = null, string? motion = null, string? channel = null,
        ReceiptLevel? until = null, CancellationToken cancellationToken = default) =>
        PublishAsync(Reply(content, duration, emotion, motion, channel) with { Receipt = until }, cancellationToken);

    /// <summary>Shows what the program is doing, beside the bubble. Empty: takes the line away.</summary>
    /// <param name="content">The text.</param>
    /// <param name="channel">The channel. Null: the default one.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="PublishAsync" path="/returns|/exception"/>
    public Task<ReceiptMessage> SendStatusAsync(string content, string? channel = null, CancellationToken cancellationToken = default) =>
        PublishAsync(new StatusMessage { Content = content, Channel = channel }, cancellationToken);

    /// <summary>Changes the character's face.</summary>
    /// <param name="name">An emotion or an expression of the model; <c>neutral</c> for none.</param>
    /// <param name="duration">How long. Null: until the next change.</param>
    /// <param name="weight">How strongly, 0 to 1.</param>
    /// <param name="channel">The channel. Null: the default one.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="PublishAsync" path="/returns|/exception"/>
    public Task<ReceiptMessage> ExpressAsync(
        string name, TimeSpan? duration = null, double weight = 1, string? channel = null, CancellationToken cancellationToken = default) =>
        PublishAsync(
            new ExpressionMessage { Name = name, Duration = duration?.TotalMilliseconds, Weight = weight, Channel = channel },
            cancellationToken);

    /// <summary>Plays a motion once.</summary>
    /// <param name="name">The motion, for example <c>wave</c>, <c>nod</c> or <c>shake</c>.</param>
    /// <param name="priority">What happens when another motion is playing.</param>
    /// <param name="channel">The channel. Null: the default one.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="PublishAsync" path="/returns|/exception"/>
    public Task<ReceiptMessage> MoveAsync(
        string name,
        MotionPriority priority = MotionPriority.Normal,
        string? channel = null,
        CancellationToken cancellationToken = default) =>
        PublishAsync(new MotionMessage { Name = name, Priority = priority, Channel = channel }, cancellationToken);

    /// <summary>Chooses the avatar that a channel shows. The hub keeps the choice, and pages that open later show it, too.</summary>
    /// <param name="name">
    /// A Live2D model or a drawn character (<c>koto</c>, <c>kitsu</c>, <c>nagi</c>) by its name; null: as the character says.
    /// </param>
    /// <param name="channel">The channel. Null: the default one.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="PublishAsync" path="/returns|/exception"/>
    public Task<ReceiptMessage> ChooseAvatarAsync(string? name, string? channel = null, CancellationToken cancellationToken = default) =>
        PublishAsync(new AvatarMessage { Name = name, Channel = channel }, cancellationToken);

    /// <summary>Silences the character, or clears the stage.</summary>
    /// <param name="what">What ends.</param>
    /// <param name="channel">The channel. Null: the default one.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="PublishAsync" path="/returns|/exception"/>
    public Task<ReceiptMessage> StopAsync(
        StopTarget what = StopTarget.All,
        string? channel = null,
        CancellationToken cancellationToken = default) =>
        PublishAsync(new StopMessage { What = what, Channel = channel }, cancellationToken);

    /// <summary>
    /// Shows a reply while it is being written: each piece grows the bubble, and the end closes it with the whole text. When the source
    /// fails or is cancelled, the bubble is closed with what it has before the exception goes on. A text that is too long for one reply
    /// becomes several, one after the other.
    /// </summary>
    /// <param name="pieces">
    /// The pieces of the text, for example from a language model. They may be two minutes apart: the hub is told meanwhile that more
    /// comes.
    /// </param>
    /// <param name="duration">The least time the bubble stays after the last piece. Null: eight seconds.</param>
    /// <param name="emotion">An emotion to show with the whole reply.</param>
    /// <param name="channel">The channel. Null: the default one.</param>
    /// <param name="cancellationToken">Ends the reply early.</param>
    /// <returns>What became of the closing message, or null when the source had no text.</returns>
    /// <exception cref="KotodamaException">The hub refused a piece, or cannot be reached.</exception>
    public async Task<ReceiptMessage?> SayAsync(
        IAsyncEnumerable<string> pieces, TimeSpan? duration = null, string? emotion = null, string? channel = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var id = Guid.NewGuid().ToString("N");
        var text = new StringBuilder();
        try
        {
            var part = 0;
            var source = pieces.GetAsyncEnumerator(cancellationToken);
            await using var end = source.ConfigureAwait(false);
            while (await NextAsync(source, () => text.Length > 0 ? Piece("") : null).ConfigureAwait(false))
            {
                if (source.Current is not { Length: > 0 } piece)
                    continue;
                if (text.Length > 0 && text.Length + piece.Length > ProtocolLimits.Default.Content)
                {
                    await PublishAsync(
                        Reply(text.ToString(), duration, emotion, null, channel) with { Id = id },
                        cancellationToken).ConfigureAwait(false);
                    (id, part) = (Guid.NewGuid().ToString("N"), 0);
                    text.Clear();
                }

                text.Append(piece);
                await PublishAsync(Piece(piece), cancellationToken).ConfigureAwait(false);
            }

            LlmDeltaMessage Piece(string content) =>
                new() { Id = id, Part = part++, Content = content, Channel = channel, Receipt = ReceiptLevel.None };
        }
        catch (Exception) when (text.Length > 0)
        {
            // The caller gets the exception that ended the reply; the page ends a silent stream by itself.
            await TryPublishAsync(Reply(text.ToString(), duration, emotion, null, channel) with { Id = id }).ConfigureAwait(false);
            throw;
        }

        return text.Length == 0
            ? null
            : await PublishAsync(
                Reply(text.ToString(), duration, emotion, null, channel) with { Id = id },
                cancellationToken).ConfigureAwait(false);
    }

    private static LlmResponseMessage Reply(string content, TimeSpan? duration, string? emotion, string? motion, string? channel) => new()
    {
        Content = content,
        Duration = duration?.TotalMilliseconds ?? LlmResponseMessage.DefaultDuration,
        Emotion = emotion,
        Motion = motion,
        Channel = channel,
        StatedMode = null,
    };

    /// <summary>Moves to the next piece, however long it takes, and tells the hub meanwhile that it comes.</summary>
    private async Task<bool> NextAsync(IAsyncEnumerator<string> source, Func<LlmDeltaMessage?> keepAlive)
    {
        var next = source.MoveNextAsync().AsTask();
        for (var silent = KeepAliveAfter; ; silent += KeepAliveAfter)
        {
            try
            {
                return await next.WaitAsync(KeepAliveAfter, Time).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!next.IsFaulted)
            {
                // It may have come in the same moment; then the next turn of the loop has it.
                if (silent <= SilentAtMost && keepAlive() is { } piece)
                    await TryPublishAsync(piece).ConfigureAwait(false);
            }
        }
    }

    private async Task TryPublishAsync(Publication message)
    {
        using var limit = new CancellationTokenSource(TryWithin, Time);
        try
        {
            await PublishAsync(message, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KotodamaException or OperationCanceledException or ObjectDisposedException)
        {
            // What is published next fails, too, and says so.
        }
    }
}
