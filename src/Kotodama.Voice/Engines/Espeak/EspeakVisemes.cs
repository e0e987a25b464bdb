namespace Kotodama.Voice.Engines.Espeak;

/// <summary>What the mouth does for a sound, told by its IPA letters.</summary>
internal static class EspeakVisemes
{
    private const string Stress = "ˈˌː.̩̯";

    /// <summary>The shape of a phoneme. Nothing is a pause; a diphthong is its first vowel, which is the longer one.</summary>
    /// <param name="phoneme">The phoneme in IPA, perhaps with stress and tone, perhaps cut off.</param>
    public static char Of(string phoneme)
    {
        foreach (var c in phoneme)
        {
            if (Stress.Contains(c, StringComparison.Ordinal) || !char.IsLetter(c))
                continue;
            return c switch
            {
                'a' or 'ɑ' or 'æ' or 'ɐ' or 'ʌ' or 'ɶ' => 'A',
                'i' or 'ɪ' or 'y' or 'ʏ' or 'ɨ' or 'j' => 'I',
                'u' or 'ʊ' or 'ɯ' or 'ʉ' or 'w' => 'U',
                'e' or 'ɛ' or 'ə' or 'ɜ' or 'ɚ' or 'ɝ' or 'ø' or 'œ' or 'ɘ' or 'ɵ' => 'E',
                'o' or 'ɔ' or 'ɒ' or 'ɤ' => 'O',
                'm' or 'b' or 'p' or 'ɓ' or 'ɱ' => 'M',
                _ => 'N',
            };
        }

        return '_';
    }
}
