/**
 * Working days in France: Monday to Friday but for the eleven public holidays of the Code du travail, article L3133-1.
 * Days are written `2026-03-02`.
 */

const msPerDay = 86_400_000;

const atNoon = (day: string) => Date.parse(`${day}T12:00:00Z`);
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher. */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1, 12);
}

const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
/** Days after Easter Sunday: Easter Monday, Ascension Day, Whit Monday. */
const movable = [1, 39, 50];

function isWorkingDay(day: string): boolean {
  const moment = atNoon(day);
  const weekday = new Date(moment).getUTCDay();
  if (weekday === 0 || weekday === 6 || fixed.includes(day.slice(5))) return false;
  const sunday = easter(Number(day.slice(0, 4)));
  return !movable.some((after) => dayOf(sunday + after * msPerDay) === day);
}

/** The day that is so many working days after another. */
export function workingDaysAfter(day: string, count: number): string {
  let moment = atNoon(day);
  for (let left = count; left > 0; ) {
    moment += msPerDay;
    if (isWorkingDay(dayOf(moment))) left -= 1;
  }
  return dayOf(moment);
}
