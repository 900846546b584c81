/**
 * Plain scalars that a reader of YAML 1.1 and one of YAML 1.2 understand differently, by the type definitions of
 * YAML 1.1 (yaml.org/type) and the core schema of YAML 1.2 (§10.3.2).
 */

const boolean11 = /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/;
const octal11 = /^[-+]?0[0-7_]+$/;
const octal12 = /^0o[0-7]+$/;
const leadingZero = /^[-+]?0[0-9]+$/;
const binary11 = /^[-+]?0b[01_]+$/;
const underscored = /^[-+]?(?:0x[0-9a-fA-F_]*_[0-9a-fA-F_]*|[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?)$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const exponent12 = /^[-+]?[0-9]+(?:[eE][-+]?[0-9]+)$/;
const timestamp = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/;

/** What a reader of YAML 1.1 makes of it. */
export type Misreading = 'boolean' | 'number' | 'time' | 'date';

/** How a plain scalar is misread; undefined when all readers agree. */
export function misreadingOf(plain: string): Misreading | undefined {
  if (boolean11.test(plain)) return 'boolean';
  if (sexagesimal.test(plain)) return 'time';
  if (timestamp.test(plain)) return 'date';
  if (
    octal11.test(plain) ||
    octal12.test(plain) ||
    leadingZero.test(plain) ||
    binary11.test(plain) ||
    underscored.test(plain) ||
    exponent12.test(plain)
  )
    return 'number';
  return undefined;
}
