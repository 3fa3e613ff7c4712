import { useEffect, useState } from 'react';
import { LongWork } from '../../components/LongWork.tsx';
import { formatNumber, plural } from '../../lib/format.ts';
import { endLook, type Look, useLooks } from './looks.ts';

/** What is over sooner shows no progress: it would only make the screen jump. */
const PATIENCE_MS = 300;

const titles: Readonly<Record<Look['step'], string>> = {
  finding: 'Finding what was dropped',
  looking: 'Looking at the files',
};

/** What is being looked at before anything happens to it. */
export function Looks() {
  const looks = useLooks((state) => state.looks);
  return looks.map((each) => <LookRow key={each.id} look={each} />);
}

function LookRow({ look: { id, step, seen, total, files } }: { look: Look }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  const inFolders = files > 0 ? `, ${plural(files, 'file')} in folders so far` : '';
  return (
    <LongWork
      title={titles[step]}
      // Each of the two steps is followed by something that can be ended, too.
      share={Math.min(seen / Math.max(1, total), 0.999)}
      words={`${formatNumber(seen)} of ${formatNumber(total)}${inFolders}`}
      onCancel={() => endLook(id)}
    />
  );
}
