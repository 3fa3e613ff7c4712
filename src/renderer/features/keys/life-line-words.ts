import { formatDate, formatDateTime, plural } from '../../lib/format.ts';
import { deedsOf } from './deeds.ts';
import type { LifeLine, Mark, Stretch } from './life-line.ts';
import type { KeyDetail, Material } from './model.ts';

/** What a mark on the line stands for. */
export const markWords: Readonly<Record<Mark['kind'], string>> = {
  created: 'Created',
  now: 'Now',
  rotation: 'Next rotation',
  expiry: 'Material expires',
  deletion: 'Deletion',
};
const kindWords = {
  CREATED: 'made with the key',
  AUTOMATIC: 'by automatic rotation',
  ON_DEMAND: 'by rotation on demand',
} as const;

/** How a material came to be. */
export const cameBy = ({ Kind }: Material, { Origin }: KeyDetail): string =>
  Kind === 'CREATED' && Origin === 'EXTERNAL' ? 'imported' : kindWords[Kind];

/** What a material does, in a sentence. */
export function sentenceOn({ material, until }: Stretch, detail: KeyDetail): string {
  const from = formatDateTime(material.CreationDate);
  if (detail.KeySpec !== 'SYMMETRIC_DEFAULT') return sentenceOnOnly(from, detail);
  const its = material.Current
    ? `what was encrypted since ${from}`
    : `what was encrypted from ${from} to ${until ? formatDateTime(until) : 'now'}`;
  if (detail.DeletionDate)
    return `Opens nothing now. Unless the deletion is cancelled, ${its} is lost after ${formatDate(detail.DeletionDate)}.`;
  if (detail.KeyState !== 'Enabled')
    return material.Current
      ? `Encrypts everything once the key can be used again, and then opens ${its}.`
      : `Opens ${its} once the key can be used again.`;
  return material.Current
    ? `Encrypts everything now, and opens ${its}.`
    : `Encrypts nothing any more, and still opens ${its}.`;
}

/** A key that does not rotate has one material, whose story is the key's. */
function sentenceOnOnly(from: string, detail: KeyDetail): string {
  if (detail.DeletionDate)
    return `Does nothing now. Unless the deletion is cancelled, it is lost after ${formatDate(detail.DeletionDate)}.`;
  const { does } = deedsOf(detail);
  return detail.KeyState === 'Enabled' ? `${does} since ${from}.` : `${does} once the key can be used again.`;
}

/** What is true of all materials together. */
export function allOf(detail: KeyDetail): string {
  const count = plural(detail.Materials.length, 'material');
  if (detail.DeletionDate) return `${count}, kept until the deletion`;
  const all = detail.Materials.length > 1 ? 'all ' : '';
  return detail.KeyState === 'Enabled' && detail.KeySpec === 'SYMMETRIC_DEFAULT'
    ? `${count}, ${all}kept and able to decrypt`
    : `${count}, ${all}kept`;
}

/** The whole picture in a sentence, for those who do not see it. */
export function summary({ stretches, marks }: LifeLine): string {
  const words = marks
    .filter((mark) => mark.kind !== 'now')
    .map((mark) => `${markWords[mark.kind].toLowerCase()} ${formatDate(mark.time)}`);
  const rotations = stretches.length - 1;
  return `The key's life: ${words[0]}, ${plural(rotations, 'rotation')} so far${words[1] ? `, ${words[1]}` : ''}`;
}
