namespace Vellarys.Accounts.Users;

/// <summary>How a change to somebody ended.</summary>
internal enum UserChange
{
    Done,
    Nobody,
    LastAdmin,
    NoRoom,
}
