using System.Security.Cryptography;

namespace Kotodama.Server.Log;

/// <summary>Makes epochs: random, so that numbers of different lives never mix.</summary>
internal static class Epochs
{
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, 8);
}
