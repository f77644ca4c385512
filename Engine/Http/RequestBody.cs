using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Vellarys.Http;

/// <summary>
/// A request's body, read once into a pooled buffer. The buffer grows with what arrives, never with what the length
/// header promises, and every byte of it comes out of the <see cref="BodyBudget"/>.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 4 * 1_024;
    private readonly BodyBudget _budget;
    private byte[] _buffer = [];
    private int _length;
    private long _charged;

    private RequestBody(BodyBudget budget) => _budget = budget;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the whole body, or says why not.</summary>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public static async ValueTask<BodyRead> ReadAsync(
        HttpRequest request, long maxBytes, BodyBudget budget, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes) return new BodyRead(null, BodyFault.TooLarge);
        var body = new RequestBody(budget);
        BodyFault fault = BodyFault.CutShort;
        try
        {
            fault = await body.FillAsync(request.BodyReader, maxBytes, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            fault = e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => BodyFault.TooLarge,
                StatusCodes.Status408RequestTimeout => BodyFault.TooSlow,
                _ => BodyFault.CutShort,
            };
        }
        finally
        {
            if (fault != BodyFault.None) body.Dispose();
        }

        return fault == BodyFault.None ? new BodyRead(body, fault) : new BodyRead(null, fault);
    }

    /// <summary>
    /// Takes room for what will be made of the body; given back with it. False when there is none.
    /// </summary>
    public bool TryCharge(long bytes)
    {
        if (!_budget.TryTake(bytes, bytes > BodyBudget.Small)) return false;
        _charged += bytes;
        return true;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        (_buffer, _length) = ([], 0);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        _budget.Return(Interlocked.Exchange(ref _charged, 0));
    }

    private async ValueTask<BodyFault> FillAsync(PipeReader reader, long maxBytes, CancellationToken cancellationToken)
    {
        CancellationTokenSource? timer = null, limit = null;
        try
        {
            while (true)
            {
                // Mostly all of it is here already: then no clock needs to be started.
                if (!reader.TryRead(out ReadResult read))
                {
                    timer ??= new CancellationTokenSource(_budget.Patience, _budget.Time);
                    limit ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
                    read = await reader.ReadAsync(limit.Token);
                }

                BodyFault fault = Take(read.Buffer, maxBytes);
                reader.AdvanceTo(read.Buffer.End);
                if (fault != BodyFault.None || read.IsCompleted) return fault;
                if (timer is { IsCancellationRequested: true }) return BodyFault.TooSlow;
            }
        }
        catch (OperationCanceledException)
            when (timer is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            return BodyFault.TooSlow;
        }
        finally
        {
            limit?.Dispose();
            timer?.Dispose();
        }
    }

    private BodyFault Take(ReadOnlySequence<byte> arrived, long maxBytes)
    {
        if (_length + arrived.Length > maxBytes) return BodyFault.TooLarge;
        if (!TryReserve((int)arrived.Length)) return BodyFault.NoRoom;
        arrived.CopyTo(_buffer.AsSpan(_length));
        _length += (int)arrived.Length;
        return BodyFault.None;
    }

    private bool TryReserve(int more)
    {
        if (_buffer.Length - _length >= more) return true;
        int capacity = Math.Max(FirstBuffer, Math.Max(_length + more, 2 * _buffer.Length));
        if (!TryCharge(capacity - _buffer.Length)) return false;
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        Bytes.CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return true;
    }
}

/// <summary>A body, to be disposed of, or why there is none.</summary>
internal readonly record struct BodyRead(RequestBody? Body, BodyFault Fault);

/// <summary>Why a body was not read.</summary>
internal enum BodyFault
{
    None,

    /// <summary>More bytes than the endpoint takes.</summary>
    TooLarge,

    /// <summary>It did not arrive within <see cref="ApiOptions.BodyTimeout"/>, or far too slowly.</summary>
    TooSlow,

    /// <summary>The bodies in flight take all the memory that they may.</summary>
    NoRoom,

    /// <summary>It ended before its declared length, or is badly framed.</summary>
    CutShort,
}
