using Kotodama.Protocol;

namespace Kotodama.Client;

/// <content>The hub's end for a voice, a companion or a page of this process.</content>
public sealed partial class KotodamaClient
{
    /// <summary>Whether this is a voice or a companion, which hears what is said as it comes and asks for nothing again.</summary>
    private bool Serves => _options.Role is PeerRole.Voice or PeerRole.Companion;

    /// <summary>
    /// Says something, in the order of the calls, and does not wait for an answer. What is said while there is no connection is lost, as sound and
    /// states are worth nothing later; but a publication that asks for a receipt, as it does by default, is kept and sent again after a reconnection until
    /// the hub's last word about it, as long as its time to live and <see cref="KotodamaClientOptions.SendTimeout"/> allow. One that the hub refuses
    /// comes back as an <see cref="ErrorMessage"/> in <see cref="Incoming"/>.
    /// </summary>
    /// <param name="message">What to say.</param>
    /// <param name="cancellationToken">Ends the wait for room: <see cref="KotodamaClientOptions.OutboxCapacity"/> bounds what is under way.</param>
    /// <exception cref="ArgumentException">A publication with the same id is under way.</exception>
    public async ValueTask SendAsync(Message message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is not Publication publication || publication is LlmDeltaMessage or { Receipt: ReceiptLevel.None })
        {
            if (message is AudioMessage sound)
                await _outbox.PostAsync(sound.ToBytes(), isBinary: true, cancellationToken).ConfigureAwait(false);
            else
                await _outbox.PostAsync(MessageCodec.Write(message), isBinary: false, cancellationToken).ConfigureAwait(false);
            return;
        }

        publication = publication with { Id = publication.Id ?? Guid.NewGuid().ToString("N") };
        try
        {
            _ = AttendAsync(publication, await _outbox.AddAsync(publication, cancellationToken).ConfigureAwait(false));
        }
        catch (KotodamaException)
        {
            // The client is closed: what is said after the end is lost.
        }
    }

    /// <summary>Keeps a publication until the hub's last word. Ends with the outbox at the latest, which fails what is in it.</summary>
    private async Task AttendAsync(Publication message, Delivery delivery)
    {
        var limit = _options.SendTimeout == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : LifeOf(message) + _options.SendTimeout;
        try
        {
            var stored = await delivery.Stored.Task.WaitAsync(limit, _options.Time, CancellationToken.None).ConfigureAwait(false);
            if (message.Receipt > ReceiptLevel.Stored && stored.Seq is not null && !Outbox.IsLast(stored))
                await LastWordAsync(message, delivery, stored, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nobody is there to hear it any more.
        }
        catch (KotodamaException e)
        {
            _incoming.Writer.TryWrite(new ErrorMessage { Code = e.Code, Message = e.Message, Hint = e.Hint, Id = message.Id });
        }
        finally
        {
            _outbox.Remove(delivery);
        }
    }
}
