import { Text } from '@mantine/core';
import { CardFrame, WholeJson } from './CardFrame.tsx';
import classes from './policy.module.css';
import { type Piece, type SentenceFacts, sentenceOf } from './sentence.ts';
import { effect, isObject, sid, unshown } from './statement.ts';

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map(({ as, text }, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a sentence's pieces have no identity
    if (as === 'strong') return <strong key={index}>{text}</strong>;
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    return as === 'code' ? <code key={index}>{text}</code> : text;
  });
}

/** One statement, to read: in words, and what has none as it stands. */
export function StatementView({
  statement,
  index,
  facts,
  lit,
}: {
  statement: unknown;
  index: number;
  facts: SentenceFacts;
  lit: boolean;
}) {
  const sentence = isObject(statement) ? sentenceOf(statement, facts) : null;
  const name = isObject(statement) ? sid.get(statement) : null;
  return (
    <CardFrame label={`Statement ${index + 1}`} effect={isObject(statement) ? effect.get(statement) : null} lit={lit}>
      <Text size="xs" c="dimmed" className={classes.say}>
        {index + 1}
        {name ? ` · ${name}` : ''}
      </Text>
      {sentence ? (
        <p className={classes.sentence}>
          <Pieces pieces={sentence.main} />
        </p>
      ) : null}
      {sentence && sentence.conditions.length > 0 ? (
        <ul className={classes.when}>
          {sentence.conditions.map((pieces, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity
            <li key={at}>
              <Pieces pieces={pieces} />
            </li>
          ))}
        </ul>
      ) : null}
      <WholeJson value={sentence && isObject(statement) ? unshown(statement) : statement} />
    </CardFrame>
  );
}
