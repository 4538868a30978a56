using System.Globalization;
using System.Text;

namespace OrleansModules.Core.Json;

/// <summary>The one spelling of a JSON number: equal numbers are equal text, in memory and in every store.</summary>
internal static class JsonNumber
{
    /// <summary>The most significant digits kept.</summary>
    public const int MaxDigits = 100;

    private const int MaxExponent = 308; // the range of a double, which readers of JSON may count on (RFC 8259, section 6)
    private const int MaxPlain = 21;

    /// <summary>Spells a number: plain digits up to 21 places, an exponent beyond; no digits that say nothing.</summary>
    /// <param name="text">A number as JSON writes it.</param>
    /// <param name="canonical">The spelling.</param>
    /// <returns>False where the number has more than <see cref="MaxDigits"/> digits or leaves the range of a double.</returns>
    public static bool TrySpell(ReadOnlySpan<byte> text, out string canonical)
    {
        if (text.Length <= 4 && text[0] is >= (byte)'1' and <= (byte)'9' && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            canonical = Encoding.ASCII.GetString(text); // the usual number
            return true;
        }

        canonical = "0";
        var negative = text[0] == '-';
        var mantissa = negative ? text[1..] : text;
        var power = 0;
        if (mantissa.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var e)
        {
            if (!int.TryParse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power))
            {
                return false;
            }

            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf((byte)'.');
        var digits = Encoding.ASCII.GetString(point < 0 ? mantissa : [.. mantissa[..point], .. mantissa[(point + 1)..]]);
        var places = point < 0 ? mantissa.Length : point; // digits before the point
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        if (digits.Length == 0)
        {
            return true;
        }

        var before = (long)places - leading + power; // 0.digits times ten to this
        if (digits.Length > MaxDigits || before - 1 is < -MaxExponent or > MaxExponent)
        {
            return false;
        }

        canonical = (negative ? "-" : "") + Spell(digits, (int)before);
        return true;
    }

    private static string Spell(string digits, int before) => before switch
    {
        > MaxPlain or < -5 => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(before > 0 ? "+" : "")}{before - 1}",
        <= 0 => "0." + new string('0', -before) + digits,
        _ when digits.Length <= before => digits.PadRight(before, '0'),
        _ => $"{digits[..before]}.{digits[before..]}",
    };
}
