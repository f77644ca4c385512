using Bcrypt = BCrypt.Net.BCrypt;

namespace Vellarys.Accounts.Sessions;

/// <summary>
/// Hashes passwords by bcrypt. A check takes the same time whether there is such an account or not, and no more run at
/// once than half the processors, so that a storm of sign-ins leaves something for the rest.
/// </summary>
internal sealed class Passwords(int cost = Passwords.Cost) : IDisposable
{
    /// <summary>No setting: a production host cannot go under it.</summary>
    public const int Cost = 12;

    // Of nobody's password: has the form that a check works through.
    private readonly string _nobodys =
        $"$2a${cost:00}$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde";

    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount / 2));

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        InPlaceAsync(() => Bcrypt.HashPassword(password, cost), cancellationToken);

    /// <summary>False, after the same work, where there is no hash.</summary>
    public async Task<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken)
    {
        bool isRight = await InPlaceAsync(() => Bcrypt.Verify(password, hash ?? _nobodys), cancellationToken);
        return isRight && hash is not null;
    }

    public void Dispose() => _places.Dispose();

    private async Task<T> InPlaceAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }
}
