import { expect, it } from 'vitest';
import { visibleName } from '../../../src/renderer/features/files/visible-name.ts';

it('shows what cannot be seen in a name', () => {
  expect(visibleName('a\nb')).toBe('a⏎b');
  expect(visibleName('a\tb\u0000')).toBe('a�b�');
  // What turns the end of a name round, so that a program looks like a text.
  expect(visibleName('invoice\u202etxt.exe')).toBe('invoice�txt.exe');
  expect(visibleName('in\u00advoice\ufeff')).toBe('in�voice�');
  // Two names that look the same are not the same.
  expect(visibleName('pay\u200cpal')).toBe('pay�pal');
  expect(visibleName('pay\u200dpal')).toBe('pay�pal');
});

it('leaves the joiners that a writing or a picture needs', () => {
  expect(visibleName('👨‍👩‍👧 2026.jpg')).toBe('👨‍👩‍👧 2026.jpg');
  expect(visibleName('👁️‍🗨️.png')).toBe('👁️‍🗨️.png');
  expect(visibleName('क्‍ष.txt')).toBe('क्‍ष.txt');
  expect(visibleName('می‌خواهم.txt')).toContain('می‌خواهم.txt');
});

it('keeps a name that is written from the right apart from the words round it', () => {
  expect(visibleName('דוח.txt')).toBe('\u2066דוח.txt\u2069');
  expect(visibleName('تقرير 2026.pdf')).toBe('\u2066تقرير 2026.pdf\u2069');
  expect(visibleName('report.txt')).toBe('report.txt');
});
