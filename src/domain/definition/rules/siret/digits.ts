/** The digits of a SIRET and their check (Luhn, and La Poste’s exemption). */

export const siretPointer = '/organization/siret';

const laPoste = '356000000';

/** The sum of Luhn's algorithm (ISO/IEC 7812-1, annex B) is a multiple of ten. Digits only. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = digits.length - 1, double = false; index >= 0; index -= 1, double = !double) {
    const digit = digits.charCodeAt(index) - 48;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/**
 * The check key of a SIRET of 14 digits. The thousands of post offices outnumber what Luhn's key can tell apart:
 * for La Poste, INSEE also gives numbers whose digits add up to a multiple of five.
 */
export function hasSiretKey(siret: string): boolean {
  if (passesLuhn(siret)) return true;
  if (!siret.startsWith(laPoste)) return false;
  let sum = 0;
  for (const digit of siret) sum += Number(digit);
  return sum % 5 === 0;
}

export const fourteenDigits = /^\d{14}$/;
