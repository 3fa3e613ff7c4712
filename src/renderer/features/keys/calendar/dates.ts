/** Days and months of the calendar, in the computer's own time zone. */

/** A month by its year and number, January being 0. */
export interface Month {
  readonly year: number;
  readonly month: number;
}

export const monthOf = (time: Date | number): Month => {
  const date = new Date(time);
  return { year: date.getFullYear(), month: date.getMonth() };
};

export const monthsLater = ({ year, month }: Month, count: number): Month => monthOf(new Date(year, month + count, 1));

export const isSameMonth = (a: Month, b: Month): boolean => a.year === b.year && a.month === b.month;

export const startOf = ({ year, month }: Month): number => new Date(year, month, 1).getTime();
export const endOf = (month: Month): number => startOf(monthsLater(month, 1));

/** A day as a text that sorts: `2026-03-09`. */
export function dayOf(time: Date | number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The noon of a day: no change of the clocks makes another day of it. */
export function noonOf(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, 12);
}

export function daysLater(day: string, count: number): string {
  const noon = noonOf(day);
  return dayOf(new Date(noon.getFullYear(), noon.getMonth(), noon.getDate() + count, 12));
}

/** The weeks of a month from Monday to Sunday, with the days of its neighbours that fill them. */
export function weeksOf(month: Month): string[][] {
  const first = dayOf(startOf(month));
  const monday = daysLater(first, -((noonOf(first).getDay() + 6) % 7));
  const weeks: string[][] = [];
  for (let start = monday; noonOf(start).getTime() < endOf(month); start = daysLater(start, 7))
    weeks.push(Array.from({ length: 7 }, (_, index) => daysLater(start, index)));
  return weeks;
}
